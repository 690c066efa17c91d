"""Nothing of a file but its pixels is ever sent, wherever it stands; and the pixels stay the very same."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.imaging.metadata.planted import PLACES, SECRET, pixels, sources

from overpaint.core.errors import PictureError
from overpaint.imaging.reading.prepare import make_uploadable

SUFFIX = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}
EVERY = [(kind, place) for kind, places in PLACES.items() for place in places]


def sent(data: bytes, folder: Path) -> tuple[bytes, str]:
    """The file that leaves for one that was given, and what is said about it."""
    file = folder / "given"
    file.write_bytes(data)
    made = make_uploadable(file, folder / "copies")
    return made.picture.path.read_bytes(), made.change


@pytest.mark.parametrize(("kind", "place"), EVERY)
def test_secret_in_any_place_of_a_file_stays_at_home(tmp_path: Path, kind: str, place: str):
    for plain in sources(kind):
        planted = PLACES[kind][place](plain, SECRET)
        assert SECRET[:5] in planted

        data, _ = sent(planted, tmp_path)

        assert SECRET[:5] not in data
        if place not in ("behind the values of tRNS",):
            assert np.array_equal(pixels(data), pixels(plain))


@given(
    kind=st.sampled_from(sorted(PLACES)),
    picks=st.lists(st.randoms(use_true_random=False), min_size=1, max_size=4),
    secret=st.binary(min_size=16, max_size=40),
    at=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_several_secrets_in_one_file_stay_at_home(tmp_path: Path, kind, picks, secret, at):
    secret = b"<" + secret.replace(b"\0", b"o").replace(b"\xff", b"x") + b">"
    data = sources(kind)[at % len(sources(kind))]
    for pick in picks:
        data = PLACES[kind][pick.choice(sorted(PLACES[kind]))](data, secret)

    with contextlib.suppress(PictureError):  # two heads are one too many: such a file isn't sent at all
        assert secret not in sent(data, tmp_path)[0]


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_file_of_nothing_but_pixels_goes_byte_for_byte(tmp_path: Path, kind: str):
    for plain in sources(kind):
        assert sent(plain, tmp_path) == (plain, "")


@pytest.mark.parametrize(
    ("kind", "place", "words"),
    [
        ("PNG", "EXIF", "place, camera, text"),
        ("PNG", "tIME before IEND", "date"),
        ("PNG", "behind IEND", "data behind the picture"),
        ("PNG", "fdAT of any length", "further frames"),
        ("JPEG", "EXIF", "place, camera, text"),
        ("JPEG", "JFIF thumbnail", "thumbnail"),
        ("JPEG", "FE", "text"),
        ("JPEG", "second picture", "second picture"),
        ("JPEG", "video", "video"),
        ("WEBP", "XMP  of an extended file", "text"),
        ("WEBP", "abcd at the end", "other data"),
    ],
)
def test_what_is_left_out_is_named(tmp_path: Path, kind: str, place: str, words: str):
    planted = PLACES[kind][place](sources(kind)[0], SECRET)

    assert sent(planted, tmp_path)[1] == f"Left out: {words}"
