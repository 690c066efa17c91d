"""Bodies in every coding that gateways put around them, labelled rightly, wrongly and not at all."""

import gzip
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from overpaint.api.transport.content_coding import PIECE_BYTES, CodingError, ContentDecoder

JSON = b'{"data":[{"b64_json":"' + random.Random(1).randbytes(90_000).hex().encode() + b'"}]}'
PNG = b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(5_000)
PLAIN = "plain"


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    PLAIN: bytes,
    "gzip": gzip.compress,
    "two members": lambda body: gzip.compress(body[:999]) + gzip.compress(body[999:]),
    "zlib": zlib.compress,
    "bare deflate": bare_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "zstd frames": lambda body: b"".join(
        zstandard.ZstdCompressor().compress(part) for part in (body[:99], body[99:])
    ),
    "br in gzip": lambda body: gzip.compress(brotli.compress(body)),
}
LABELS = {
    PLAIN: ("", "identity", "utf-8", "none", "gzip", "br", "deflate", "zstd", "aws-chunked", "gzip, br"),
    "gzip": ("gzip", "x-gzip", "GZIP", "gzip, identity", "", "utf-8", "deflate", "br"),
    "two members": ("gzip", ""),
    "zlib": ("deflate", "gzip"),
    "bare deflate": ("deflate",),
    "br": ("br", "br, identity"),
    "zstd": ("zstd", "", "gzip"),
    "zstd frames": ("zstd",),
    "br in gzip": ("br, gzip", " br ,gzip"),
}


def unpacked(label: str, packed: bytes, step: int) -> bytes:
    decoder = ContentDecoder(label)
    pieces = [piece for at in range(0, len(packed), step) for piece in decoder.feed(packed[at : at + step])]
    pieces += decoder.close()
    assert all(len(piece) <= PIECE_BYTES for piece in pieces)
    return b"".join(pieces)


@pytest.mark.parametrize("body", [JSON, PNG, b"{}"], ids=["JSON", "PNG", "tiny"])
@pytest.mark.parametrize(("packer", "label"), [(one, label) for one in LABELS for label in LABELS[one]])
def test_a_body_when_packed_and_labelled_like_that_then_comes_out(
    packer: str, label: str, body: bytes
) -> None:
    packed = PACKERS[packer](body)

    for step in (1, 3, 4096, len(packed)):
        assert unpacked(label, packed, step) == body


@given(st.binary(max_size=300), st.integers(1, 50))
def test_a_body_of_any_bytes_when_nothing_is_said_then_comes_as_it_is(body: bytes, step: int) -> None:
    if not body.startswith((b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")):
        assert unpacked("", body, step) == body


def test_first_bytes_when_they_are_text_then_are_not_held_back() -> None:
    assert list(ContentDecoder().feed(b"d")) == [b"d"]


@pytest.mark.parametrize("packer", ["gzip", "zlib"])
def test_a_body_when_broken_behind_its_beginning_then_gives_what_came_before(packer: str) -> None:
    packed = bytearray(PACKERS[packer](JSON))
    packed[len(packed) // 2 :] = random.Random(3).randbytes(len(packed) // 2)
    pieces = ContentDecoder(packer if packer == "gzip" else "deflate").feed(bytes(packed))
    first = next(pieces)

    with pytest.raises(CodingError):
        list(pieces)

    assert len(first) > 10_000
    assert JSON.startswith(first)


@pytest.mark.parametrize("packer", ["gzip", "br", "zstd"])
def test_a_bomb_then_comes_in_small_pieces(packer: str) -> None:
    bomb = PACKERS[packer](b"[]" * 20_000_000)
    decoder = ContentDecoder(packer)

    lengths = [len(piece) for piece in (*decoder.feed(bomb), *decoder.close())]

    assert sum(lengths) == 40_000_000
    assert max(lengths) <= PIECE_BYTES
