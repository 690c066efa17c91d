"""What an action declares of itself, and the scopes in which keys are heard."""

from collections.abc import Callable

import msgspec

from overpaint.ui.actions.context import ActionContext


class Action(msgspec.Struct, frozen=True):
    """Something that the user can do: its words, its keys, its place in the menus, and what it calls.

    One without ``run`` is done by the room that asks the keymap for its id. ``hold`` is called with True when
    a key of it goes down and with False when that key goes up.
    """

    id: str
    title: str
    run: Callable[[], object] | None = None
    keys: tuple[str, ...] = ()
    """As Qt spells them; the first one is shown."""
    scope: str = "window"
    menu: str = ""
    """Empty for one that is in no menu; ``Mask/Saved mask`` is a menu within one."""
    group: str = ""
    """Menus draw a line between two groups; ``menu_layout`` has their order."""
    tip: str = ""
    """What stands after title and key in the tool tip; ``{id}`` in it is the key of another action."""
    icon: str = ""
    short: str = ""
    """The words of a button, where the title is too long for it."""
    enabled: Callable[[ActionContext], bool] | None = None
    checked: Callable[[ActionContext], bool] | None = None
    """Given by those that carry a mark."""
    title_now: Callable[[ActionContext], str] | None = None
    """Given by those whose title depends on what they would do."""
    short_now: Callable[[ActionContext], str] | None = None
    """The same for those words."""
    hold: Callable[[bool], object] | None = None
    repeats: bool = True
    """Whether it is done again and again while its keys are held."""
    family: str = ""
    """The words of several that differ by a number alone: lists of keys show them in one line."""


class Scope(msgspec.Struct, frozen=True):
    """Where keys are heard. One that ``wins`` takes its keys before the scope that it lies in."""

    within: str = ""
    wins: bool = False


SCOPES = {
    "window": Scope(),
    "text": Scope("window", wins=True),
    "prompt": Scope("text", wins=True),
    "elsewhere": Scope("window"),
    "elsewhere results": Scope("elsewhere"),
    "canvas": Scope("elsewhere results"),
    "canvas gesture": Scope("canvas", wins=True),
    "canvas draft": Scope("canvas", wins=True),
    "canvas cursor": Scope("canvas", wins=True),
    "canvas rotated": Scope("canvas", wins=True),
    "runs": Scope("elsewhere results", wins=True),
    "navigator": Scope("window"),
    "tile": Scope("window"),
    "tray": Scope("tile"),
    "tray drag": Scope("tray", wins=True),
    "masks": Scope("window", wins=True),
    "popup": Scope(),
    "prompts": Scope("popup"),
    "presets": Scope(),
}
"""By name. ``elsewhere`` is wherever no text is edited. Popups and dialogs are windows of their own, which
hear nothing of the window's keys."""


def overlap(one: str, other: str) -> bool:
    """Whether a key of both scopes could mean two things at once."""
    return _hears(one, other) or _hears(other, one)


def _hears(inner: str, outer: str) -> bool:
    """Whether keys of ``outer`` are heard in ``inner`` with no scope between that takes its own first."""
    while inner != outer:
        scope = SCOPES[inner]
        if scope.wins or not scope.within:
            return False
        inner = scope.within
    return True
