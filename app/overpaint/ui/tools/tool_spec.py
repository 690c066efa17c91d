"""What a tool declares of itself, and what it works with on a canvas."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.studio.document.session import Session
from overpaint.ui.tools.commit.selection_commit import SelectionCommitter
from overpaint.ui.tools.commit.serial_worker import SerialWorker
from overpaint.ui.tools.options.brush_settings import BrushName, BrushOption
from overpaint.ui.tools.options.selection_options import SelectionOption, SelectionOptions
from overpaint.ui.tools.strokes.stroke_controller import StrokeController
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer
from overpaint.ui.viewport.outline import Outline
from overpaint.ui.viewport.pyramids import PicturePyramid

_FIRST_BRUSH = Brush(64.0, 0.8)


class ToolContext:
    """What every tool of one canvas works with: the canvas, strokes, selections and a worker thread.

    ``brush`` is the brush of the active tool. ``by_keys`` is true while keys move the pointer.
    """

    def __init__(self, canvas: CanvasContext, session: Session) -> None:
        self.canvas = canvas
        self.strokes = StrokeController(session)
        self.selections = SelectionCommitter(session, canvas)
        self.worker = SerialWorker()
        self.brush = _FIRST_BRUSH
        self.by_keys = False

    @property
    def options(self) -> SelectionOptions:
        """What the selecting tools are set to."""
        return self.selections.options

    @property
    def sampled(self) -> PicturePyramid | None:
        """The picture, or the result of it, in which wand and quick select look."""
        result = self.canvas.sampled if self.options.sample == "result" else None
        return result or self.canvas.picture

    def place(self, pointer: Pointer) -> tuple[float, float]:
        """Where a pointer is, in picture coordinates."""
        return self.canvas.view.to_picture(pointer.x, pointer.y)

    def mask_to_edit(self) -> Mask | None:
        """The mask on the canvas, whose picture takes the place of a result; None where there is none."""
        mask = self.canvas.mask_on_canvas
        if mask is not None:
            self.canvas.back_to_picture()
        return mask


class Draft(ABC):
    """A selection that goes on from click to click, begun by the first one, until it is ``done``."""

    done = False

    @abstractmethod
    def press(self, pointer: Pointer) -> None:
        """The next click."""

    @abstractmethod
    def hover(self, pointer: Pointer) -> None:
        """The pointer moved without a button."""

    @abstractmethod
    def step_back(self, pointer: Pointer | None) -> None:
        """Takes the last click back; ``pointer`` is where the pointer is, None outside the canvas."""

    @abstractmethod
    def close(self) -> None:
        """Ends it as it is."""

    @abstractmethod
    def abort(self) -> None:
        """Gives it up and leaves the mask as it is."""


class ToolSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A tool as toolbox, menu, option bar, list of keys and canvas know it.

    ``begin`` is called by a press of the left button (of the right one too with ``right_button``): it returns
    the gesture that this begins, a draft that goes on from click to click, or None for a click that is
    complete by itself. ``hover`` returns what is drawn while the pointer moves without a button.
    """

    id: str
    title: str
    """Also the name of what a selecting tool did in the list of undo."""
    tip: str
    """What stands after title and key in the tool tip."""
    icon: str
    group: str
    """The toolbox draws a line between two groups."""
    begin: Callable[[ToolContext, Pointer], Gesture | Draft | None]
    hover: Callable[[ToolContext, Pointer], Outline | None] | None = None
    keys: tuple[str, ...] = ()
    """As Qt spells them."""
    hint: str = ""
    """Words in the option bar, for a tool with room for them."""
    options: frozenset[BrushOption | SelectionOption] = frozenset()
    """What the option bar offers."""
    brush: BrushName | None = None
    """The brush of the settings that it paints with and remembers."""
    ring: bool = False
    """Whether the brush's ring stands for the pointer."""
    cursor: Qt.CursorShape | Callable[[], QCursor] = Qt.CursorShape.CrossCursor
    """The pointer's shape where there is no ring."""
    on_edges: bool = False
    """Whether it goes along the edges of pixels; others aim at their middles."""
    right_button: bool = False
    swaps_with: str = ""
    """The id of the tool that the key for swapping takes up instead."""


class Toolset:
    """Tools by id, in the order of the toolbox. Raises ValueError where two have the same id."""

    def __init__(self, specs: Iterable[ToolSpec]) -> None:
        self._specs = tuple(specs)
        self._by_id = {spec.id: spec for spec in self._specs}
        if len(self._by_id) < len(self._specs):
            raise ValueError("Two tools have the same id.")

    def __iter__(self) -> Iterator[ToolSpec]:
        return iter(self._specs)

    def __getitem__(self, tool: str) -> ToolSpec:
        """The tool with that id. Raises ValueError where there is none."""
        if tool not in self._by_id:
            raise ValueError(f"There is no tool called {tool!r}.")
        return self._by_id[tool]

    @property
    def first(self) -> ToolSpec:
        """The tool that is active at the start."""
        return self._specs[0]
