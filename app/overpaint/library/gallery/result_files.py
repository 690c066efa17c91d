"""The files of one result by their names: the picture as it came, and what is kept or made beside it."""

import re
from pathlib import Path

from overpaint.core.request.picture_formats import result_suffixes
from overpaint.library.gallery.sidecar import SIDECAR_ENDING

MASK_ENDING = ".mask.png"
"""The mask as it was sent."""

PAINTED_ENDING = ".painted.png"
"""What was painted before the edit was sent, in grey: where the result shows in the kept picture at first."""

KEPT_ENDING = ".kept.png"
"""The picture with nothing changed but what was painted: made of the others, and made again if it is gone."""

_SHARE = re.compile(r"\.keep-[1-9]\d{0,3}\.png$", re.IGNORECASE)


COMPANIONS = (MASK_ENDING, PAINTED_ENDING, KEPT_ENDING, SIDECAR_ENDING)
"""The ends of names beside a result's own that nothing else may have."""


def is_result(name: str) -> bool:
    """Whether a file of that name is a picture that came, and not one of the files beside it."""
    lowered = name.lower()
    if not lowered.endswith(result_suffixes()) or lowered.startswith("."):
        return False
    return not lowered.endswith((MASK_ENDING, PAINTED_ENDING, KEPT_ENDING)) and not _SHARE.search(lowered)


def result_of(file: Path) -> Path | None:
    """The result that a file is, or whose kept picture it is; None for a file without a sidecar. Blocks."""
    stem = file.name.removesuffix(KEPT_ENDING)
    if not file.with_name(f"{stem if stem != file.name else file.stem}{SIDECAR_ENDING}").exists():
        return None
    if stem == file.name:
        return file
    beside = (file.with_name(stem + suffix) for suffix in result_suffixes())
    return next((one for one in beside if one.exists()), None)
