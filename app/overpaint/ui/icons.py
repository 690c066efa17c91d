"""Icons by what they mean, drawn from one icon font in the colours of the theme."""

import qtawesome
from PySide6.QtGui import QIcon

from overpaint.ui.theme import Tokens

_GLYPHS = {
    "add": "mdi6.plus",
    "back": "mdi6.arrow-u-left-top",
    "brush": "mdi6.brush",
    "cancel": "mdi6.close",
    "check": "mdi6.check",
    "chevron-down": "mdi6.chevron-down",
    "chevron-right": "mdi6.chevron-right",
    "copy": "mdi6.content-copy",
    "cross": "mdi6.close",
    "eraser": "mdi6.eraser",
    "error": "mdi6.alert-circle-outline",
    "folder": "mdi6.folder-open-outline",
    "generate": "mdi6.creation",
    "hand": "mdi6.hand-back-right-outline",
    "hint": "mdi6.information-outline",
    "link": "mdi6.link-variant",
    "minus": "mdi6.minus",
    "overlay": "mdi6.eye-outline",
    "overlay-off": "mdi6.eye-off-outline",
    "redo": "mdi6.redo",
    "remove": "mdi6.trash-can-outline",
    "retry": "mdi6.refresh",
    "settings": "mdi6.cog-outline",
    "swap": "mdi6.swap-horizontal",
    "undo": "mdi6.undo",
    "unlink": "mdi6.link-variant-off",
    "use": "mdi6.tray-arrow-up",
    "zoom": "mdi6.magnify",
}


def icon(name: str, tokens: Tokens, *, colour: str = "") -> QIcon:
    """An icon by its meaning, dim by default, in the accent where it is switched on."""
    drawn: QIcon = qtawesome.icon(
        _GLYPHS[name],
        color=colour or tokens.dim,
        color_on=colour or tokens.accent,
        color_disabled=tokens.disabled,
    )
    return drawn
