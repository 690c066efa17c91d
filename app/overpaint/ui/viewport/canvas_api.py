"""What a tool is given by the canvas and gives back: pointer, context and gesture."""

from abc import ABC, abstractmethod
from typing import Protocol

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.ui.viewport.brush_cursor import BrushCursor
from overpaint.ui.viewport.outline import Outline
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.selection_request import SelectionRequest
from overpaint.ui.viewport.view_transform import ViewTransform


class Pointer(msgspec.Struct, frozen=True):
    """A mouse or pen at one moment: its place in widget pixels, what is held, how hard a pen presses.

    ``twice`` marks the second press of a double click.
    """

    x: float
    y: float
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0
    eraser: bool = False
    twice: bool = False

    def holds(self, modifier: Qt.KeyboardModifier) -> bool:
        """True while that modifier key is down."""
        return bool(self.modifiers & modifier)


class CanvasContext(Protocol):
    """The canvas as tools and gestures see it, and what they may do to it."""

    @property
    def view(self) -> ViewTransform: ...
    @property
    def mask_on_canvas(self) -> Mask | None: ...
    @property
    def picture_size(self) -> tuple[int, int] | None: ...
    @property
    def middle(self) -> tuple[float, float]: ...
    def look(self, view: ViewTransform) -> None: ...
    def try_brush(self, brush: Brush) -> None: ...
    def ask_for_tool(self, tool: str) -> None: ...
    def set_hovered(self, pixel: tuple[int, int] | None) -> None: ...
    def set_working(self, working: bool) -> None: ...
    def back_to_picture(self) -> None: ...
    def show_ring(self, ring: BrushCursor | None) -> None: ...
    @property
    def picture(self) -> PicturePyramid | None: ...
    @property
    def sampled(self) -> PicturePyramid | None: ...
    @property
    def selection_pending(self) -> bool: ...
    def request_selection(self, request: SelectionRequest) -> None: ...
    def show_outline(self, outline: Outline | None) -> None: ...
    def show_cursor(self, shape: Qt.CursorShape | QCursor) -> None: ...


class Gesture(ABC):
    """Begun by a press; ``move`` follows the pointer, then either ``end`` or ``abort`` comes exactly once."""

    abortable = True
    """Whether Escape takes it back; if not, ``abort`` is ``end``."""
    edits = True
    """Whether it paints or selects; moving the view doesn't count."""
    ring = False
    """Whether the brush's ring stands for the pointer."""
    anchor: Pointer | None = None
    """Where the ring stays, with its core shown, while the pointer moves on; None: it goes along."""

    @property
    def cursor(self) -> Qt.CursorShape | QCursor:
        """The pointer's shape, unless there is a ring."""
        return Qt.CursorShape.CrossCursor

    @abstractmethod
    def move(self, pointer: Pointer) -> None:
        """The pointer moved, with the button held."""

    @abstractmethod
    def end(self) -> None:
        """The button was released."""

    @abstractmethod
    def abort(self) -> None:
        """Takes back whatever was done since the press."""
