"""How a change of a mask is kept: the bits that flipped, tile by tile, plain while fresh and packed later."""

import zlib
from collections.abc import Iterator, Sequence
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import Rect

_BYTES_PER_TILE = 200  # what the objects around a tile's pixels take, roughly
_TILES_PER_STREAM = 64


class MaskTile(msgspec.Struct, frozen=True):
    """The bits of one tile that flipped; ``rect`` is its place in the mask."""

    rect: Rect
    bits: NDArray[np.uint8]


class PlainTiles(msgspec.Struct, frozen=True):
    """Tiles as they are: quick to flip, for the newest change."""

    tiles: tuple[MaskTile, ...]

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(_BYTES_PER_TILE + tile.bits.nbytes for tile in self.tiles)

    def rects(self) -> Iterator[Rect]:
        """The place of every tile."""
        return (tile.rect for tile in self.tiles)

    def unpacked(self) -> Iterator[MaskTile]:
        """Every tile with its bits."""
        return iter(self.tiles)


class PackedTiles(msgspec.Struct, frozen=True):
    """Tiles that flip the same bits in every pixel as such, the others deflated, many to a stream."""

    even: tuple[MaskTile, ...]
    streams: tuple[tuple[tuple[Rect, ...], bytes], ...]

    @classmethod
    def of(cls, tiles: Sequence[MaskTile]) -> Self:
        """The same tiles, packed: some hundred times smaller for hard strokes, five times for soft ones."""
        even = [tile for tile in tiles if tile.bits.min() == tile.bits.max()]
        mixed = [tile for tile in tiles if tile.bits.min() != tile.bits.max()]
        groups = [
            mixed[start : start + _TILES_PER_STREAM] for start in range(0, len(mixed), _TILES_PER_STREAM)
        ]
        return cls(
            tuple(MaskTile(tile.rect, tile.bits[:1, :1].copy()) for tile in even),
            tuple((tuple(tile.rect for tile in group), _deflated(group)) for group in groups),
        )

    @property
    def size(self) -> int:
        """Bytes held."""
        tiles = sum(1 for _ in self.rects())
        return _BYTES_PER_TILE * tiles + sum(len(payload) for _, payload in self.streams)

    def rects(self) -> Iterator[Rect]:
        """The place of every tile."""
        yield from (tile.rect for tile in self.even)
        for rects, _ in self.streams:
            yield from rects

    def fit(self, area: Rect) -> bool:
        """Whether these can be flipped in a mask of ``area``: no tile is empty or leaves it, and every stream
        holds its pixels, neither more nor less."""
        if any(rect.empty or not area.contains(rect) for rect in self.rects()):
            return False
        return all(_holds(payload, sum(rect.area for rect in rects)) for rects, payload in self.streams)

    def unpacked(self) -> Iterator[MaskTile]:
        """Every tile with its bits, uint8 of the tile's shape or of a shape that spreads over it."""
        yield from self.even
        for rects, payload in self.streams:
            bits = np.frombuffer(zlib.decompress(payload, -zlib.MAX_WBITS), np.uint8)
            start = 0
            for rect in rects:
                yield MaskTile(rect, bits[start : start + rect.area].reshape(rect.height, rect.width))
                start += rect.area


def _deflated(tiles: Sequence[MaskTile]) -> bytes:
    # One raw stream for many tiles: setting one up costs as much as several tiles do.
    deflate = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b"".join([*(deflate.compress(tile.bits.data) for tile in tiles), deflate.flush()])


def _holds(payload: bytes, pixels: int) -> bool:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return len(inflate.decompress(payload, pixels + 1)) == pixels and inflate.eof
    except zlib.error:
        return False
