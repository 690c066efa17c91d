"""Sidecars: everything comes back, strange ones are taken as far as they go, broken ones are named."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.errors import StorageError
from overpaint.core.request.params import EditParams
from overpaint.core.results.prices import Estimate
from overpaint.core.results.usage import Usage
from overpaint.library.gallery import sidecar
from overpaint.library.gallery.sidecar import Result, Sidecar, Source

FULL = Sidecar(
    app_version="0.1.0",
    created=datetime(2026, 11, 22, 14, 2, 31, tzinfo=UTC),
    params=EditParams(prompt="Remove the spoon", size="1536x1024", quality="high", n=2, user="me"),
    endpoint="OpenAI",
    host="api.example.com",
    request_id="req_1",
    usage=Usage(20, 1024, 4160),
    cost=0.165,
    estimate=Estimate(0.1, 0.2, known=True),
    sources=(Source("cat.png", "/pictures/cat.png", "ab" * 32, 1234, "451x300"),),
    parents=("before.png",),
    mask="result.mask.png",
    result=Result("result.png", "cd" * 32, "png", 99, "1536x1024", 1),
    facts={"revised_prompt": "A table without a spoon"},
)

texts = st.text()


def test_read_when_written_then_everything_comes_back(tmp_path: Path):
    path = tmp_path / "x.overpaint.json"
    path.write_bytes(sidecar.encode(FULL))

    assert sidecar.read(path) == FULL


@given(prompt=texts, facts=st.dictionaries(texts, texts, max_size=4), cost=st.none() | st.floats(0, 1e6))
def test_read_when_written_with_any_text_then_everything_comes_back(
    tmp_path_factory: pytest.TempPathFactory, prompt: str, facts: dict[str, str], cost: float | None
):
    path = tmp_path_factory.getbasetemp() / "any.overpaint.json"
    written = Sidecar(params=EditParams(prompt=prompt), facts=facts, cost=cost)
    path.write_bytes(sidecar.encode(written))

    assert sidecar.read(path) == written


def test_encode_when_text_holds_half_a_surrogate_pair_then_it_is_a_question_mark():
    encoded = sidecar.encode(Sidecar(facts={"revised_prompt": "a\ud800b"}))

    assert msgspec.json.decode(encoded)["facts"] == {"revised_prompt": "a?b"}


def test_encode_when_read_by_others_then_iptc_term_has_its_own_name():
    raw = msgspec.json.decode(sidecar.encode(FULL))

    assert raw["Iptc4xmpExt:DigitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert raw["created"] == "2026-11-22T14:02:31Z"
    assert raw["version"] == 1


def test_read_when_fields_are_unknown_then_they_are_passed_over(tmp_path: Path):
    raw = msgspec.json.decode(sidecar.encode(FULL))
    raw |= {"version": 2, "stars": 5, "params": {**raw["params"], "seed": 7}}
    path = tmp_path / "newer.overpaint.json"
    path.write_bytes(msgspec.json.encode(raw))

    found = sidecar.read(path)

    assert found.version == 2
    assert found.params == FULL.params


def test_read_when_fields_are_missing_then_they_have_defaults(tmp_path: Path):
    path = tmp_path / "older.overpaint.json"
    path.write_bytes(b'{"params": {"prompt": "Remove the spoon"}, "cost": "0.5"}')

    found = sidecar.read(path)

    assert (found.params.prompt, found.version, found.cost) == ("Remove the spoon", 1, 0.5)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"params": 7}', b"[" * 5000, b'{"created": "x"}'],
)
def test_read_when_broken_then_error_names_the_file(tmp_path: Path, data: bytes):
    path = tmp_path / "broken.overpaint.json"
    path.write_bytes(data)

    with pytest.raises(StorageError, match=r"broken\.overpaint\.json"):
        sidecar.read(path)


def test_read_when_missing_then_error_names_the_file(tmp_path: Path):
    with pytest.raises(StorageError, match=r"gone\.overpaint\.json"):
        sidecar.read(tmp_path / "gone.overpaint.json")


def test_read_when_far_too_long_then_it_is_refused(tmp_path: Path):
    path = tmp_path / "huge.overpaint.json"
    path.write_bytes(b" " * 8_000_001)

    with pytest.raises(StorageError, match="too long"):
        sidecar.read(path)
