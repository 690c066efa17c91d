"""What a model takes at an endpoint that takes less than the model."""

import pytest

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.request_rules import problems, wire_fields
from overpaint.core.request.sizes import Size
from overpaint.core.results.prices import estimate
from overpaint.studio.document.effective_spec import effective_spec

STREAMS = EditParams(prompt="Make it warmer", stream=True, partial_images=3)


@pytest.fixture
def spec() -> ModelSpec:
    return ModelTable.load().find("gpt-image-2")


def test_model_at_an_endpoint_that_takes_everything_is_as_the_table_says(spec: ModelSpec) -> None:
    assert effective_spec(spec, EndpointProfile("A server", "https://api.example.com/v1")) is spec


def test_several_pictures_at_an_endpoint_that_does_not_stream_are_no_problem(spec: ModelSpec) -> None:
    several = STREAMS.replace(n=4)

    narrowed = effective_spec(spec, EndpointProfile("A server", "https://api.example.com/v1", streams="no"))

    assert problems(several, spec) != ()
    assert problems(several, narrowed) == ()


def test_partials_at_an_endpoint_that_does_not_stream_are_neither_sent_nor_priced(spec: ModelSpec) -> None:
    narrowed = effective_spec(spec, EndpointProfile("A server", "https://api.example.com/v1", streams="no"))

    names = [name for name, _ in wire_fields(STREAMS, narrowed)]

    assert "stream" not in names
    assert "partial_images" not in names
    assert estimate(STREAMS, spec, (Size(512, 512),)).partials > 0
    assert estimate(STREAMS, narrowed, (Size(512, 512),)).partials == 0


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("quality", {"quality": "high"}),
        ("n", {"n": 3}),
        ("moderation", {"moderation": "low"}),
        ("output_format", {"output_format": "webp"}),
        ("partial_images", {"partial_images": 3, "n": 1}),
    ],
)
def test_field_that_an_endpoint_drops_is_refused_in_its_name_or_held_to_one(
    spec: ModelSpec, field: str, asked: dict[str, object]
) -> None:
    narrowed = effective_spec(
        spec, EndpointProfile("A server", "https://api.example.com/v1", drop_fields=(field,))
    )

    params = EditParams(prompt="Make it warmer", stream=False).replace(**asked)

    if field == "n":
        assert [problem.suggestion for problem in problems(params, narrowed)] == ["1"]
    else:
        assert narrowed.refusal(field).startswith("api.example.com doesn't take")
        assert field not in dict(wire_fields(params, narrowed))


def test_field_that_is_unknown_to_the_table_narrows_nothing(spec: ModelSpec) -> None:
    narrowed = effective_spec(
        spec, EndpointProfile("A server", "https://api.example.com/v1", drop_fields=("seed",))
    )

    assert problems(STREAMS, narrowed) == problems(STREAMS, spec)
