"""A selection that takes longer than a gesture may."""

from collections.abc import Callable

import msgspec

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine, MaskPatch


class SelectionRequest(msgspec.Struct, frozen=True):
    """``find`` works out what is selected, on any thread; an empty patch when that is nothing.

    The patch is combined with ``mask`` as ``how`` says, as one entry of the history called ``name``.
    """

    name: str
    mask: Mask
    how: Combine
    find: Callable[[], MaskPatch]
