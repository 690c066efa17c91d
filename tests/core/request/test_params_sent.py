"""How many requests parameters make, and what of them stays behind with a reason."""

import pytest

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.request_rules import omitted_fields, requests, wire_fields

TABLE = ModelTable.load()


@pytest.mark.parametrize(("stream", "n", "count"), [(True, 4, 4), (True, 1, 1), (False, 4, 1), (True, 0, 1)])
def test_pictures_that_stream_are_requests_of_their_own(stream, n, count):
    params = EditParams(prompt="x", stream=stream, n=n)

    assert requests(params, TABLE.find("gpt-image-2")) == count


def test_field_that_is_left_off_has_a_reason_and_every_field_is_either_sent_or_left_off():
    params = EditParams(prompt="x", stream=False, output_compression=40)
    for model in ("gpt-image-2", "gpt-image-2-plus", "gpt-image-1", "some-model"):
        spec = TABLE.find(model)

        left = dict(omitted_fields(params.replace(model=model), spec))
        sent = dict(wire_fields(params.replace(model=model), spec))

        assert set(left) | set(sent) == set(EditParams.__struct_fields__)
        assert not set(left) & set(sent)
        assert all(left.values())
        assert left["output_compression"] == "Only with JPEG and WebP"
