"""What is asked of a classical edit, as plain values: importing this loads no picture library."""

import msgspec

from overpaint.core.request import sizes
from overpaint.core.request.sizes import Size, SizeRules
from overpaint.imaging.offline_edit.grammar import Action, Operation, parse

_LARGEST_EDGE = 3840


class EditOrder(msgspec.Struct, frozen=True):
    """What is asked of an edit: the API's fields as far as they touch pixels.

    ``rules`` are the model's sizes, for ``size`` ``auto``; ``alpha`` is whether the result may keep
    transparency; ``n`` results are made, each after ``partials`` (0-3) coarser versions.
    """

    prompt: str
    size: str = "auto"
    rules: SizeRules = SizeRules()
    quality: str = "medium"
    background: str = "auto"
    alpha: bool = False
    n: int = 1
    partials: int = 0


def target_size(order: EditOrder, first: Size, *, masked: bool = False) -> Size:
    """The size of the result: as asked, or for ``auto`` the model's nearest to the first picture's.

    Without a mask a quarter turn turns the whole picture, and so its size.
    """
    asked = sizes.parse(order.size)
    if asked is not None:
        return asked
    if not masked and any(is_quarter_turn(one) and one.amount % 180 for one in parse(order.prompt)):
        first = Size(first.height, first.width)
    near = sizes.nearest(first, order.rules).get("ratio")
    if near is not None:
        return near
    scale = min(1.0, _LARGEST_EDGE / max(first.width, first.height))
    return Size(max(1, round(first.width * scale)), max(1, round(first.height * scale)))


def is_quarter_turn(operation: Operation) -> bool:
    """Whether an operation turns a picture by exact quarters, which loses nothing."""
    return operation.action is Action.ROTATE and operation.amount % 90 == 0
