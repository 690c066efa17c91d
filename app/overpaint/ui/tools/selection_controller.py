"""Which selecting tool a press, a move or a key is for, and the polygon that goes on between clicks."""

from PySide6.QtCore import Qt

from overpaint.core.masks.mask import Mask
from overpaint.ui.tools.commit.selection_commit import SelectionCommitter
from overpaint.ui.tools.commit.serial_worker import SerialWorker
from overpaint.ui.tools.options.selection_options import BOX_TOOLS, how_at
from overpaint.ui.tools.selecting.lasso import LassoDrag
from overpaint.ui.tools.selecting.magnetic import Edges, MagneticDraft
from overpaint.ui.tools.selecting.marquee import BoxDrag
from overpaint.ui.tools.selecting.polygon import PolygonDraft
from overpaint.ui.tools.selecting.quick_select import QuickDrag
from overpaint.ui.viewport.canvas_api import CanvasContext, Gesture, Pointer
from overpaint.ui.viewport.pyramids import PicturePyramid
from overpaint.ui.viewport.selection_request import SelectionRequest

_CLOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SelectionController:
    """Begins the gestures of the selecting tools on ``context``."""

    def __init__(self, context: CanvasContext, selector: SelectionCommitter) -> None:
        self._context = context
        self._selector = selector
        self._polygon: PolygonDraft | None = None
        self._aside = SerialWorker()

    @property
    def draft_autosave(self) -> bool:
        """True while a polygon has corners and isn't closed."""
        return self._polygon is not None

    def begin(self, tool: str, pointer: Pointer, diameter: float) -> Gesture | None:
        """What a press with ``tool`` begins; None for a click that is complete in itself.

        ``diameter`` is the brush's, for the tool that has one.
        """
        mask = self._context.mask_on_canvas
        if mask is None:
            return None
        looked_at = self._looked_at
        self._context.back_to_picture()
        if tool in BOX_TOOLS:
            return BoxDrag(self._context, self._selector, mask, tool, pointer)
        if tool == "lasso":
            return LassoDrag(self._context, self._selector, mask, pointer)
        if tool == "quick":
            return QuickDrag(self._context, mask, pointer, diameter, looked_at)
        if tool == "wand":
            point = self._context.view.to_picture(pointer.x, pointer.y)
            how = how_at(pointer, self._selector.choice)
            self._context.request_selection(SelectionRequest("wand", mask, how, (point,), picture=looked_at))
        else:
            self._click_polygon(tool, mask, pointer)
        return None

    def hover(self, pointer: Pointer) -> None:
        """The pointer moved without a button."""
        if self._polygon is not None:
            self._polygon.hover(pointer)

    def wants(self, key: Qt.Key) -> bool:
        """True for keys that mean something to a polygon that isn't closed."""
        return self.draft_autosave and key in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape, *_CLOSING)

    def press_key(self, key: Qt.Key, pointer: Pointer | None) -> bool:
        """Closes the polygon, takes a corner back or gives it up. False for other keys."""
        polygon = self._polygon
        if polygon is None or not self.wants(key):
            return False
        if key in _CLOSING:
            polygon.close()
        elif key == Qt.Key.Key_Backspace:
            polygon.take_back(pointer)
        else:
            polygon.abort()
        self._forget_done()
        return True

    def give_up(self) -> None:
        """Another tool or another picture: what isn't closed is forgotten."""
        if self._polygon is not None:
            self._polygon.abort()
            self._forget_done()

    @property
    def _looked_at(self) -> PicturePyramid | None:
        sampled = self._context.sampled if self._selector.choice.sample == "result" else None
        return sampled or self._context.picture

    def _click_polygon(self, tool: str, mask: Mask, pointer: Pointer) -> None:
        picture = self._context.picture
        if self._polygon is not None:
            self._polygon.press(pointer)
        elif tool == "magnetic" and picture is not None:
            edges = Edges(picture, self._aside)
            self._polygon = MagneticDraft(self._context, self._selector, mask, pointer, edges)
        else:
            self._polygon = PolygonDraft(self._context, self._selector, mask, pointer)
        self._forget_done()

    def _forget_done(self) -> None:
        if self._polygon is not None and self._polygon.done:
            self._polygon = None
