"""Pictures and masks as images that Qt draws straight from numpy's memory, with their half-size copies."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColorSpace, QImage, QImageReader

from overpaint.core.errors import PictureError
from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import SENT_FROM, Mask
from overpaint.core.masks.pyramid import half_sizes, halve_into
from overpaint.ui.viewport.standing_out import standing_out

_FULL = 255
_WORD = 8


class PicturePyramid:
    """A picture and its half-size copies, ready to be drawn; made off the GUI thread by ``build``.

    Level k has sides of ⌈side / 2^k⌉ pixels. The images share their memory with ``arrays``, which nobody
    may change; ``opaque`` says that no pixel lets anything through, ``mask_colour`` which colour of a mask
    stands out against it, as ``#rrggbb``.
    """

    __slots__ = ("__weakref__", "_arrays", "height", "images", "mask_colour", "opaque", "width")

    def __init__(self, arrays: Sequence[NDArray[np.uint8]], *, opaque: bool) -> None:
        kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
        self._arrays = tuple(arrays)
        self.images = tuple(image_over(array, kind) for array in arrays)
        self.opaque = opaque
        self.mask_colour = standing_out(self._arrays)
        self.height, self.width = arrays[0].shape[:2]

    @classmethod
    def build(cls, bgra: NDArray[np.uint8]) -> "PicturePyramid":
        """Makes the levels of ``bgra``, uint8 of shape (height, width, 4), premultiplied BGRA.

        8.3 megapixels take some 20 ms, most of it without the interpreter's lock. Raises ValueError for an
        array of another kind.
        """
        if bgra.ndim != 3 or bgra.shape[2] != 4 or bgra.dtype != np.uint8:
            raise ValueError(
                "A picture for the screen has four bytes a pixel, in an array of height x width x 4."
            )
        base = np.ascontiguousarray(bgra)
        return cls(half_sizes(base), opaque=bool(base[..., 3].min() == _FULL))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def words(self) -> NDArray[np.uint32]:
        """The pixels at full size, shape (height, width), four bytes in one."""
        return self._arrays[0].view(np.uint32)[..., 0]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The same as bytes, shape (height, width, 4), premultiplied BGRA."""
        return self._arrays[0]

    @property
    def halves(self) -> tuple[NDArray[np.uint8], ...]:
        """The half-size copies, each of the one before, as bytes in the same way."""
        return self._arrays[1:]

    def level_for(self, scale: float) -> int:
        """The level to draw at ``scale`` screen pixels per picture pixel: the smallest not enlarged by it."""
        return _level_for(scale, len(self.images))


def decode_levels(data: bytes) -> PicturePyramid:
    """Decodes an encoded picture (png, jpeg, webp) and makes its levels, in the thread that calls.

    Meant for results as they stream in: Qt decodes them without holding the interpreter's lock. Turned
    upright by EXIF, converted to sRGB. Raises PictureError when the bytes are no complete picture.
    """
    payload = QByteArray(data)
    buffer = QBuffer(payload)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    image = reader.read()
    fault = reader.errorString() if image.isNull() else ""
    del reader  # it must go before the buffer it reads from
    buffer.close()
    if image.isNull():
        raise PictureError(
            "The picture that arrived can't be shown.",
            cause=fault,
            next_step="It was kept as it came; start the run again if the file is broken.",
        )
    return PicturePyramid.build(_bgra(image))


class MaskPyramid:
    """A mask and its half-size copies, renewed only when they are drawn and only where the mask changed.

    It remembers what was drawn, and so knows which pixels look different: a brush that goes over painted
    ground costs nothing. ``hardened`` levels are of the mask as the service sees it: each pixel is all or
    nothing before they are halved, so that a speck stays a speck however small it is drawn.
    """

    def __init__(self, mask: Mask, *, hardened: bool = False) -> None:
        self.mask = mask
        self.hardened = hardened
        base = np.zeros_like(mask.coverage) if hardened else mask.coverage
        self._arrays = [base]
        self._images = [image_over(base, QImage.Format.Format_Alpha8)]
        self._told = False
        self._stale = [self._maybe_painted]
        self._soft = self._maybe_painted if hardened else EMPTY
        self._drawn: NDArray[np.uint8] | None = None

    def changed(self, rect: Rect) -> None:
        """Takes note that the mask changed inside ``rect``."""
        self._told = True
        self._stale = [stale.united(rect) for stale in self._stale]
        if self.hardened:
            self._soft = self._soft.united(rect)

    def level_for(self, scale: float) -> int:
        """As ``PicturePyramid.level_for``."""
        return _level_for(scale, min(self.mask.width, self.mask.height).bit_length())

    def renew(self, level: int, cells: Callable[[Rect], int]) -> list[Rect]:
        """Brings a level up to date; returns the pixels of that level that differ from what was drawn.

        What may have changed is cut into a grid, of so many rows and columns as ``cells`` says, and only
        the cells in which a pixel differs are returned, joined along rows; with 1 it is all returned.
        """
        while len(self._arrays) <= level:
            self._add_level()
        if level:
            self._harden()
        for depth in range(1, level):
            self._halve(depth)
        rect = _coarser(self._stale[level], level)
        if rect.empty:
            return []
        before = self._before(level, rect)
        if level:
            self._halve(level)
        else:
            self._harden()
            self._stale[0] = EMPTY
        now = self._arrays[level][rect.slices]
        count = cells(rect)
        found = [rect] if count <= 1 else _differing(before, now, rect, count)
        if not level and not self.hardened:
            before[...] = now
        return found

    def image(self, level: int) -> QImage:
        """The image of a level that ``renew`` brought up to date: one byte a pixel, as alpha."""
        return self._images[level]

    def array(self, level: int) -> NDArray[np.uint8]:
        """The same as an array of shape (height, width)."""
        return self._arrays[level]

    def _before(self, level: int, rect: Rect) -> NDArray[np.uint8]:
        if level or self.hardened:
            return self._arrays[level][rect.slices].copy()
        if self._drawn is None:
            self._drawn = np.zeros_like(self.mask.coverage)
        return self._drawn[rect.slices]

    def _harden(self) -> None:
        soft, self._soft = self._soft, EMPTY
        if not soft.empty:
            sent = self.mask.coverage[soft.slices] >= SENT_FROM
            np.multiply(sent, np.uint8(_FULL), out=self._arrays[0][soft.slices])

    def _halve(self, level: int) -> None:
        stale, self._stale[level] = self._stale[level], EMPTY
        if not stale.empty:
            halve_into(self._arrays[level - 1], self._arrays[level], _coarser(stale, level - 1))

    def _add_level(self) -> None:
        height, width = self._arrays[-1].shape
        array = np.zeros((-(-height // 2), -(-width // 2)), np.uint8)
        self._arrays.append(array)
        self._images.append(image_over(array, QImage.Format.Format_Alpha8))
        self._stale.append(self._maybe_painted)

    @property
    def _maybe_painted(self) -> Rect:
        """Where the mask may be other than zero: copies of one that was never painted are right as they are
        made, and looking through 50 megapixels for nothing would be felt."""
        return self.mask.rect if self.mask.revision or self._told else EMPTY


def _differing(before: NDArray[np.uint8], now: NDArray[np.uint8], rect: Rect, cells: int) -> list[Rect]:
    """Where in ``rect`` the arrays of its size differ: runs of cells of a grid of so many rows and columns.

    Bytes are compared eight at a time, so the runs are up to seven columns wider than they need be.
    """
    words = -(-rect.width // _WORD)
    bits = np.zeros((rect.height, _WORD * words), np.uint8)
    np.bitwise_xor(before, now, out=bits[:, : rect.width])
    tops = np.arange(min(cells, rect.height)) * rect.height // min(cells, rect.height)
    lefts = np.arange(min(cells, words)) * words // min(cells, words)
    by_row = np.bitwise_or.reduceat(bits.view(np.uint64), tops, axis=0)
    changed = np.zeros((len(tops), len(lefts) + 2), np.int8)
    changed[:, 1:-1] = np.bitwise_or.reduceat(by_row, lefts, axis=1) != 0
    steps = changed[:, 1:] - changed[:, :-1]
    xs = [*(_WORD * lefts).tolist(), rect.width]
    ys = [*tops.tolist(), rect.height]
    starts, stops = (steps == 1).nonzero(), (steps == -1).nonzero()[1]
    return [
        Rect.spanning(rect.x + xs[start], rect.y + ys[row], rect.x + xs[stop], rect.y + ys[row + 1])
        for row, start, stop in zip(*(at.tolist() for at in (*starts, stops)), strict=True)
    ]


def image_over(array: NDArray[np.generic], kind: QImage.Format) -> QImage:
    """An image over the memory of ``array``, C-contiguous: whoever holds the image holds the array too."""
    return QImage(array.view(np.uint8).data, array.shape[1], array.shape[0], array.strides[0], kind)


def _level_for(scale: float, levels: int) -> int:
    level = 0
    while level + 1 < levels and scale * 2 ** (level + 1) <= 1.0:
        level += 1
    return level


def _coarser(rect: Rect, level: int) -> Rect:
    step = 2**level
    return Rect.around(rect.x / step, rect.y / step, rect.right / step, rect.bottom / step)


def _bgra(image: QImage) -> NDArray[np.uint8]:
    """The pixels as premultiplied BGRA; numpy does the work, since Qt's conversions hold the lock."""
    space = image.colorSpace()
    if space.isValid() and space != QColorSpace(QColorSpace.NamedColorSpace.SRgb):
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    kinds = QImage.Format
    if image.format() not in (kinds.Format_RGB32, kinds.Format_ARGB32, kinds.Format_ARGB32_Premultiplied):
        image = image.convertToFormat(kinds.Format_ARGB32)
    bits = np.frombuffer(image.constBits(), np.uint8)
    pixels = bits.reshape(image.height(), image.width(), 4).copy()
    if image.format() == kinds.Format_RGB32:
        pixels[..., 3] = _FULL
    elif image.format() == kinds.Format_ARGB32:
        _premultiply(pixels)
    return pixels


def _premultiply(bgra: NDArray[np.uint8]) -> None:
    if bgra[..., 3].min() == _FULL:
        return
    for row in range(0, bgra.shape[0], 64):
        band = bgra[row : row + 64]
        alpha = band[..., 3:].astype(np.uint16)
        band[..., :3] = (band[..., :3] * alpha + 127) // _FULL
