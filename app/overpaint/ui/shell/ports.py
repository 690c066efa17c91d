"""What the rooms may ask of the window around them, and no more: a place for dialogs, and for notices."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from overpaint.core.masks.mask import Mask
    from overpaint.ui.theme.window_theme import Tokens
    from overpaint.ui.viewport.pyramids import PicturePyramid


class Notices(Protocol):
    """Where something is told in one line."""

    def notify(
        self, words: str, *, bad: bool = False, act: str = "", todo: Callable[[], object] | None = None
    ) -> None:
        """Shows ``words``, with a link called ``act`` that calls ``todo``; bad news stays until the next."""


class DialogParent(Protocol):
    """What dialogs open over, and what they remember and wear."""

    @property
    def widget(self) -> "QWidget":
        """The parent of every dialog."""

    @property
    def memory(self) -> "QSettings":
        """Keeps the last folder between two starts."""

    @property
    def tokens(self) -> "Tokens":
        """The colours that are worn now."""


class CanvasPort(Protocol):
    """What those who work on a mask need to know of the canvas."""

    @property
    def picture(self) -> "PicturePyramid | None":
        """The picture that is worked on."""

    @property
    def mask_on_canvas(self) -> "Mask | None":
        """The mask that is painted on."""

    def finish_stroke(self) -> None:
        """Ends a stroke as if the button had been released."""

    def setFocus(self) -> None:
        """Gives the canvas the keys."""
