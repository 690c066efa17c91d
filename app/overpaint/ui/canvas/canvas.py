"""The canvas: shows the picture, its mask and results; turns input into strokes, selections and views."""

from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)

from overpaint.core.masks.geometry import Rect
from overpaint.core.paint.brush_stroke import Brush
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.canvas.compare.split_grip import SplitGrip
from overpaint.ui.canvas.input.canvas_keys import CanvasKeys
from overpaint.ui.canvas.input.focus_follows_pointer import draw_keys
from overpaint.ui.canvas.input.input_controller import InputController
from overpaint.ui.canvas.input.keyboard_cursor import KeyboardCursor
from overpaint.ui.canvas.input.pen_proximity import PenProximity
from overpaint.ui.canvas.input.pointer_events import of_mouse, of_pen, wheeled
from overpaint.ui.canvas.input.touch import TouchGestures
from overpaint.ui.canvas.key_actions import CANVAS_KEYS
from overpaint.ui.canvas.picture_surface import PictureSurface
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.tools.tool_spec import ToolContext, Toolset
from overpaint.ui.viewport.canvas_api import Pointer
from overpaint.ui.viewport.selection_request import SelectionRequest

_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Canvas(PictureSurface):
    """One picture with its mask, at any zoom.

    Strokes go through ``session``; whatever else changes the mask comes back through its events.
    """

    hovered = Signal(object)
    """``(x, y)`` of the picture pixel under the pointer, or None."""
    brush_edited = Signal(object)
    """The ``Brush`` after keys or a drag on the canvas changed it."""
    tool_requested = Signal(str)
    """Another tool was asked for by a key."""
    selection_requested = Signal(object)
    """A ``SelectionRequest``: something is to be found in the picture."""
    working_changed = Signal(bool)
    """A stroke or selection is being made, or no longer; moving the view doesn't count."""
    painting_resumed = Signal()
    """The user began to paint while a result was shown: the canvas shows the picture again."""

    def __init__(
        self, session: Session, colours: CanvasColours, tools: Toolset, *, keymap: Keymap | None = None
    ) -> None:
        """Without ``keymap`` the keys are those that are declared."""
        super().__init__(colours)
        self.keymap = Keymap(CANVAS_KEYS) if keymap is None else keymap
        self.setObjectName("canvas")
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription("The picture, with the mask that you paint over what should change")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setMinimumSize(160, 80)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._pixel: tuple[int, int] | None = None
        self._working = False
        self._requests = 0
        self._tools = tools
        self._tool_context = ToolContext(self, session)
        self._input = InputController(self._tool_context, tools.first)
        self._keys = CanvasKeys(self._input, self.keymap)
        self._keyboard_cursor = KeyboardCursor(self, self._input, self, self.keymap)
        self._split_grip = SplitGrip(self)
        self._pane = 0
        self._touch = TouchGestures(self)
        self._pen_proximity = PenProximity(self)
        self._pen_proximity.gone.connect(self._input.focus_lost)
        session.mask_painting.connect(self._on_mask_changed)
        session.mask_edited.connect(self._on_mask_changed)
        session.tray_changing.connect(self.finish_stroke)

    # --- tools

    def set_tool(self, tool: str) -> None:
        """Takes up the tool with that id. Raises ValueError where there is none."""
        self._input.set_tool(self._tools[tool])

    def set_brush(self, brush: Brush) -> None:
        """The brush of the active painting tool."""
        self._input.set_brush(brush)

    def set_selection_options(self, options: SelectionOptions) -> None:
        """What the selecting tools are set to."""
        self._tool_context.selections.options = options

    def point_by_keys(self, on: bool) -> None:
        """Lets the arrow keys move a crosshair and Space press the tool."""
        if on:
            self.setFocus()
        self._keyboard_cursor.switch(on)
        self._input.show_crosshair(self._keyboard_cursor.on)

    @property
    def keyboard_cursor_on(self) -> bool:
        """True while the arrow keys move a crosshair."""
        return self._keyboard_cursor.on

    def finish_stroke(self) -> None:
        """Ends a stroke as if the button had been released."""
        self._input.release_all()

    @property
    def painting(self) -> bool:
        """True while a stroke goes on."""
        return self._tool_context.strokes.painting

    # --- what tools and touch gestures work with

    def try_brush(self, brush: Brush) -> None:
        """Takes a brush that is being made here, and tells of it."""
        self._input.set_brush(brush)
        self.brush_edited.emit(brush)

    def ask_for_tool(self, tool: str) -> None:
        """Tells that another tool is wanted."""
        self.tool_requested.emit(tool)

    def set_hovered(self, pixel: tuple[int, int] | None) -> None:
        """Tells of another pixel under the pointer."""
        if pixel != self._pixel:
            self._pixel = pixel
            self.hovered.emit(pixel)

    def set_working(self, working: bool) -> None:
        """Tells whether something is painted or selected now."""
        if working != self._working:
            self._working = working
            self.working_changed.emit(working)

    @property
    def selection_pending(self) -> bool:
        """True while a requested selection isn't done."""
        return self._requests > 0

    def request_selection(self, request: SelectionRequest) -> None:
        """Tells that something is to be found, and shows at the pointer that it is being looked for."""
        self._requests += 1
        self._input.set_busy(True)
        self.selection_requested.emit(request)

    def selection_done(self) -> None:
        """One requested selection is in the mask, or given up."""
        self._requests -= 1
        self._input.set_busy(self.selection_pending)

    def back_to_picture(self) -> None:
        """Takes a result away, because the user goes on with the picture."""
        if self._scene.result is not None:
            self._scene.before = False
            self.set_result(None)
            self.painting_resumed.emit()

    def show_cursor(self, shape: Qt.CursorShape | QCursor) -> None:
        """Gives the pointer its shape, or the one picture that stands for a shape."""
        if self.cursor().shape() != QCursor(shape).shape():
            self.setCursor(shape)

    # --- Qt: mouse and pen

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A mouse button went down."""
        self._press(of_mouse(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A mouse button went down for the second time in short order."""
        self._press(replace(of_mouse(event), twice=True))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The mouse moved."""
        draw_keys(self)
        self._move(of_mouse(event), event.buttons())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A mouse button went up."""
        self._release(of_mouse(event))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen did something; taken here, it doesn't come again as a mouse."""
        pointer = of_pen(event)
        match event.type():
            case QEvent.Type.TabletPress:
                self._pen_proximity.begin()
                self._press(pointer)
            case QEvent.Type.TabletMove:
                draw_keys(self)
                self._move(pointer, event.buttons())
            case QEvent.Type.TabletRelease:
                self._release(pointer)
                self._pen_proximity.end()
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer came in: the ring shows before it moves."""
        at = event.position()
        self._move(Pointer(at.x(), at.y()), QGuiApplication.mouseButtons())

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went out."""
        self._input.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms at the pointer; fingers on a touchpad move the picture, with Ctrl they zoom too."""
        at = event.position()
        self.look(wheeled(self.view, event, self.corner_of(self.pane_at(at.x(), at.y()))))
        event.accept()

    def _press(self, pointer: Pointer) -> None:
        if not self._split_grip.press(pointer):
            self._input.press(self._in_pane(pointer))

    def _move(self, pointer: Pointer, buttons: Qt.MouseButton) -> None:
        if self._split_grip.move(pointer, buttons):
            return
        if self.split is not None and not self._input.busy_with_gesture and self._split_grip.over(pointer):
            self._input.leave()
            self.show_cursor(self.split.cursor)
            return
        self._input.move(self._in_pane(pointer), buttons)

    def _release(self, pointer: Pointer) -> None:
        if not self._split_grip.release():
            self._input.release(self._in_pane(pointer))

    def _in_pane(self, pointer: Pointer) -> Pointer:
        """The pointer as it is in the pane that it is over; a gesture stays in the one that it began in."""
        if not self.panes:
            return pointer
        if not self._input.busy_with_gesture:
            self._pane = self.pane_at(pointer.x, pointer.y)
        left, top = self.corner_of(self._pane)
        return replace(pointer, x=pointer.x - left, y=pointer.y - top)

    # --- Qt: keys and focus

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key went down."""
        key, modifiers, again = Qt.Key(event.key()), event.modifiers(), event.isAutoRepeat()
        if not any(one.press(key, modifiers, again=again) for one in (self._keyboard_cursor, self._keys)):
            super().keyPressEvent(event)

    def press_draft(self, event: QKeyEvent) -> bool:
        """Takes a key for the outline that is begun; False for every other key."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        return self._keys.wants(key, modifiers) and self._keys.press(key, modifiers, again=False)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A key went up, or is being held and says so again."""
        if event.isAutoRepeat() or not self._keys.release(Qt.Key(event.key())):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows a frame when the keyboard brought the focus; a click shows by itself where it is."""
        super().focusInEvent(event)
        self._show_focus(event.reason() in _KEYBOARD_REASONS)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Ends a stroke: its release may never come."""
        super().focusOutEvent(event)
        self._show_focus(False)
        self._input.focus_lost()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ends a stroke."""
        super().hideEvent(event)
        self._input.focus_lost()

    def event(self, event: QEvent) -> bool:
        """Touch, touchpad gestures, a window that is left, and keys that a tool needs for itself."""
        match event.type():
            case QEvent.Type.WindowDeactivate:
                self._input.focus_lost()
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent):
                key = Qt.Key(event.key())
                modifiers = event.modifiers()
                if self._keys.wants(key, modifiers) or self._keyboard_cursor.wants(key, modifiers):
                    event.accept()
                    return True
            case QEvent.Type.NativeGesture if isinstance(event, QNativeGestureEvent):
                return self._touch.gesture(event)
            case QEvent.Type.TouchBegin | QEvent.Type.TouchUpdate | QEvent.Type.TouchEnd:
                # The hand that paints rests on the screen: it mustn't pull the picture away.
                if isinstance(event, QTouchEvent) and (self.painting or self._touch.follow(event)):
                    event.accept()
                    return True
        return super().event(event)

    # --- below the surface

    def _end_work(self) -> None:
        self._input.drop()

    def _begin_anew(self, *, keep_view: bool) -> None:
        if not keep_view:
            self._keyboard_cursor.renew()
        self._input.refresh()

    def _view_changed(self) -> None:
        self._keyboard_cursor.stay()
        self._input.refresh()

    def _on_mask_changed(self, item: TrayItem, rect: Rect) -> None:
        mask = self._scene.mask
        if mask is None or item.mask is not mask.mask or rect.empty:
            return
        mask.changed(rect)
        if self._scene.shows_mask:
            self.update_mask()

    def _show_focus(self, on: bool) -> None:
        if on != self._framed:
            self._framed = on
            self.update()
