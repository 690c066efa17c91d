"""A result laid back into its original."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter


def paste_inside(
    original: NDArray[np.uint8],
    result: NDArray[np.uint8],
    coverage: NDArray[np.uint8],
    feather_px: float = 0.0,
) -> NDArray[np.uint8]:
    """The original with the result where the coverage says so; every other pixel stays identical.

    ``original`` and ``result`` are (h, w, C) uint8 of one shape, ``coverage`` (h, w) uint8, 0 keeps the
    original and 255 takes the result. ``feather_px`` softens the edge over that many pixels, inwards, so
    that nothing outside the coverage ever changes. Raises ValueError when the shapes differ.
    """
    _check_shapes(original, result, coverage)
    output = original.copy()
    box = _box(coverage)
    if box is None:
        return output
    share = _feathered(coverage, box, feather_px).astype(np.uint16)[..., None]
    before, after = original[box].astype(np.uint16), result[box].astype(np.uint16)
    output[box] = ((before * (255 - share) + after * share + 127) // 255).astype(np.uint8)
    return output


def _check_shapes(
    original: NDArray[np.uint8], result: NDArray[np.uint8], coverage: NDArray[np.uint8]
) -> None:
    if original.shape != result.shape or original.shape[:2] != coverage.shape:
        shapes = f"{original.shape}, {result.shape} and {coverage.shape}"
        raise ValueError(f"original, result and coverage must be of one size, not {shapes}")


def _box(coverage: NDArray[np.uint8]) -> tuple[slice, slice] | None:
    rows, columns = np.flatnonzero(coverage.any(axis=1)), np.flatnonzero(coverage.any(axis=0))
    if not len(rows):
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _feathered(coverage: NDArray[np.uint8], box: tuple[slice, slice], feather_px: float) -> NDArray[np.uint8]:
    """The coverage within its box, falling to 0 toward its edge over ``feather_px`` pixels inside it.

    Blurred coverage is about half at the edge: only its upper half is kept, spread over the whole range,
    and never more than the coverage itself. The picture's own border is no edge.
    """
    inside = coverage[box]
    if feather_px <= 0:
        return inside
    margin = int(feather_px) + 1
    surrounded = _padded(coverage, box, margin)
    soft = np.asarray(Image.fromarray(surrounded).filter(ImageFilter.BoxBlur(feather_px)))
    soft = soft[margin : margin + inside.shape[0], margin : margin + inside.shape[1]].astype(np.int16)
    return np.asarray(np.minimum(inside, np.clip(2 * soft - 255, 0, 255)), dtype=np.uint8)


def _padded(coverage: NDArray[np.uint8], box: tuple[slice, slice], margin: int) -> NDArray[np.uint8]:
    height, width = coverage.shape
    rows = np.clip(np.arange(box[0].start - margin, box[0].stop + margin), 0, height - 1)
    columns = np.clip(np.arange(box[1].start - margin, box[1].stop + margin), 0, width - 1)
    return np.ascontiguousarray(coverage[np.ix_(rows, columns)])
