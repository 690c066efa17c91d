"""How changed tiles are packed, and which of them may be flipped in a mask."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask_tiles import MaskTile, PackedTiles

AREA = Rect(0, 0, 300, 200)


def tile(seed: int, x: int = 0, y: int = 0, side: int = 64) -> MaskTile:
    bits = np.random.default_rng(seed).integers(0, 256, (side, side), np.uint8)
    return MaskTile(Rect(x, y, side, side), bits)


def deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(data) + deflate.flush()


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=70))
def test_packed_tiles_always_hold_the_same_bits(seeds: list[tuple[int, bool]]) -> None:
    tiles = [
        MaskTile(Rect(at, at, 8, 8), np.full((8, 8), seed, np.uint8)) if even else tile(seed, at, at, 8)
        for at, (seed, even) in enumerate(seeds)
    ]

    packed = PackedTiles.of(tiles)

    found = {one.rect: np.broadcast_to(one.bits, (8, 8)) for one in packed.unpacked()}
    assert packed.fit(AREA)
    assert all(np.array_equal(found[one.rect], one.bits) for one in tiles)


@pytest.mark.parametrize("at", [(-1, 0), (0, -1), (299, 0), (0, 199), (10**9, 10**9)])
def test_tiles_that_leave_the_mask_do_not_fit(at: tuple[int, int]) -> None:
    assert not PackedTiles.of([tile(1, *at)]).fit(AREA)
    assert not PackedTiles((MaskTile(Rect(*at, 64, 64), np.ones((1, 1), np.uint8)),), ()).fit(AREA)


@pytest.mark.parametrize(
    "payload",
    [b"", b"\0\xff garbage", deflated(bytes(63)), deflated(bytes(65)), deflated(bytes(64))[:-1]],
    ids=["nothing", "garbage", "too short", "too long", "torn"],
)
def test_streams_that_hold_other_than_their_pixels_do_not_fit(payload: bytes) -> None:
    assert not PackedTiles((), (((Rect(0, 0, 8, 8),), payload),)).fit(AREA)


def test_stream_that_would_fill_the_memory_does_not_fit() -> None:
    bomb = deflated(bytes(200_000_000))

    assert not PackedTiles((), (((Rect(0, 0, 8, 8),), bomb),)).fit(AREA)


@pytest.mark.parametrize("rect", [Rect(5, 5, 0, 8), Rect(5, 5, 8, -8)])
def test_tiles_without_a_pixel_do_not_fit(rect: Rect) -> None:
    assert not PackedTiles((), (((rect,), deflated(b"")),)).fit(AREA)
