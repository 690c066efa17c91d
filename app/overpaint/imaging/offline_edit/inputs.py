"""The pictures and the mask of an edit, decoded and held against the service's rules for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import PictureError
from overpaint.core.request.sizes import Size
from overpaint.imaging.reading.decode import load_image
from overpaint.imaging.reading.opening import WIDE_COLOUR, examine, opened

MASK = -1
"""The mask's place where pictures are counted from 0."""

_REFERENCE_EDGE = 256


@dataclass(frozen=True, slots=True)
class Inputs:
    """Decoded pictures: ``first`` (h, w, 4) uint8 RGBA straight; ``hole`` (h, w) bool, true where the mask
    says to edit, or None; ``references`` (h, w, 3) uint8 RGB of any sizes."""

    first: NDArray[np.uint8]
    hole: NDArray[np.bool_] | None = None
    references: list[NDArray[np.uint8]] = field(default_factory=list)


class InputError(Exception):
    """A picture (``picture`` from 0) or the mask (:data:`MASK`) can't be used, and why."""

    def __init__(
        self, picture: int, kind: Literal["unreadable", "no alpha", "size"], cause: str = ""
    ) -> None:
        super().__init__(f"picture {picture}: {kind} {cause}".rstrip())
        self.picture = picture
        self.kind = kind


def read_inputs(pictures: Sequence[bytes], mask: bytes = b"") -> tuple[Inputs, list[Size]]:
    """Decodes encoded pictures (one at least) and the mask of the first; also the pictures' sizes.

    Only the first is kept at its full size, the others are small references for colour. Raises
    :class:`InputError` for what the service would refuse: damaged files, CMYK, palettes, 16 bits, several
    pictures in one file, a mask without alpha or of another size.
    """
    sizes = [_size(index, data) for index, data in enumerate(pictures)]
    hole = _hole(mask, sizes[0]) if mask else None  # decoding 16 pictures may take a quarter of a minute
    references: list[NDArray[np.uint8]] = []
    first = np.empty((0, 0, 4), dtype=np.uint8)
    for index, data in enumerate(pictures):
        try:
            image, _ = load_image(data, max_edge=_REFERENCE_EDGE if index else None)
        except PictureError as fault:
            raise InputError(index, "unreadable", fault.message) from fault
        if index:
            references.append(np.array(image.convert("RGB")))
        else:
            first = np.array(image.convert("RGBA"))
    return Inputs(first, hole, references), sizes


def _size(index: int, data: bytes) -> Size:
    """A picture's size by its head alone."""
    try:
        header = examine(data)
    except PictureError as fault:
        raise InputError(index, "unreadable", fault.message) from fault
    if header.conversion not in ("", WIDE_COLOUR):
        raise InputError(index, "unreadable", header.conversion)
    return header.size


def _hole(mask: bytes, size: Size) -> NDArray[np.bool_]:
    try:
        with opened(mask) as (image, header):
            if header.format != "png":
                raise InputError(MASK, "unreadable", header.format)
            if header.size != size:
                raise InputError(MASK, "size", f"{header.size} for {size}")
            if "A" not in image.getbands() and "transparency" not in image.info:
                raise InputError(MASK, "no alpha")
            alpha = np.asarray(image.convert("RGBA").getchannel("A"))
    except PictureError as fault:
        raise InputError(MASK, "unreadable", fault.message) from fault
    hole: NDArray[np.bool_] = alpha == 0
    return hole
