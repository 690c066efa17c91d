"""Looks a mask over before it is sent: what is probably not meant, in words, each with a way to mend it."""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Fault = Literal["faint", "everything", "specks", "pinholes", "soft"]

_SMALL_SHARE = 2e-5
_LEAST_SMALL = 16
_SOFT_FROM = 0.5


class MaskWarning(msgspec.Struct, frozen=True):
    """Something doubtful about a mask: ``words`` for the user, ``mend`` what the link that mends it says."""

    fault: Fault
    words: str
    mend: str


def check_mask(coverage: NDArray[np.uint8]) -> tuple[MaskWarning, ...]:
    """What is doubtful about a mask, uint8 (h, w); nothing for one that is empty. Takes some 10 ms for
    8 megapixels and belongs on a worker thread."""
    from overpaint.imaging.masks import mask_ops  # OpenCV loads here, on a worker thread

    if not coverage.any():
        return ()
    sent = coverage >= 128
    if not sent.any():
        return (MaskWarning("faint", "The mask is too faint: nothing would be edited.", "Make it firm"),)
    if sent.all():
        return (
            MaskWarning("everything", "Everything is masked: the whole picture will change.", "Clear it"),
        )
    small = small_area(coverage.shape)
    found = []
    if specks := mask_ops.specks(coverage, small):
        found.append(
            MaskWarning("specks", f"{_counted(specks, 'speck')} outside the painted area.", "Remove")
        )
    if holes := mask_ops.pinholes(coverage, small):
        found.append(
            MaskWarning("pinholes", f"{_counted(holes, 'pinhole')} inside the painted area.", "Fill")
        )
    if mask_ops.soft_share(coverage) > _SOFT_FROM:
        found.append(MaskWarning("soft", "Soft edges will be sent hard.", "Harden"))
    return tuple(found)


def fix(coverage: NDArray[np.uint8], fault: Fault) -> NDArray[np.uint8]:
    """The mask with one fault put right; belongs on a worker thread."""
    from overpaint.imaging.masks import mask_ops  # OpenCV loads here, on a worker thread

    small = small_area(coverage.shape)
    match fault:
        case "faint":
            return np.where(coverage > 0, np.uint8(255), np.uint8(0))
        case "everything":
            return np.zeros_like(coverage)
        case "specks":
            return mask_ops.remove_specks(coverage, small)
        case "pinholes":
            return mask_ops.fill_holes(coverage, small)
        case "soft":
            return mask_ops.harden(coverage)


def small_area(shape: tuple[int, ...]) -> int:
    """Up to how many pixels a spot counts as a slip of the hand, in a picture of that shape."""
    return max(_LEAST_SMALL, round(shape[0] * shape[1] * _SMALL_SHARE))


def _counted(number: int, what: str) -> str:
    return f"One {what}" if number == 1 else f"{number:,} {what}s"
