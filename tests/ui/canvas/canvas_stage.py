"""A canvas with a real photograph on it, driven by real events."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from tests.pixels import load_bgra

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import DEFAULT_BUDGET
from overpaint.core.request.edit_request import Picture
from overpaint.core.request.sizes import Size
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.theme.canvas_colours import DARK, CanvasColours
from overpaint.ui.tools.toolset import TOOLS
from overpaint.ui.viewport.pyramids import PicturePyramid

LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton
NONE = Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass(frozen=True)
class Stage:
    """A canvas in a window of its own, and what it paints through."""

    session: Session
    canvas: Canvas
    mask: Mask
    levels: PicturePyramid

    def mouse(
        self,
        kind: QEvent.Type,
        at: tuple[float, float],
        button: Qt.MouseButton = NONE,
        held: Qt.MouseButton = NONE,
        modifiers: Qt.KeyboardModifier = PLAIN,
    ) -> None:
        """Sends a mouse event at a place in the widget."""
        place = QPointF(*at)
        where = QPointF(self.canvas.mapToGlobal(place))
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, place, where, button, held, modifiers))

    def press(
        self, at: tuple[float, float], button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = PLAIN
    ) -> None:
        self.mouse(QEvent.Type.MouseButtonPress, at, button, button, modifiers)

    def move(
        self, at: tuple[float, float], held: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = PLAIN
    ) -> None:
        self.mouse(QEvent.Type.MouseMove, at, NONE, held, modifiers)

    def release(
        self, at: tuple[float, float], button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = PLAIN
    ) -> None:
        self.mouse(QEvent.Type.MouseButtonRelease, at, button, NONE, modifiers)

    def drag(
        self,
        *places: tuple[float, float],
        button: Qt.MouseButton = LEFT,
        modifiers: Qt.KeyboardModifier = PLAIN,
    ) -> None:
        """Presses at the first place in the widget, moves over the others, lets go at the last."""
        self.press(places[0], button, modifiers)
        for place in places[1:]:
            self.move(place, button, modifiers)
        self.release(places[-1], button, modifiers)

    def over(self, *pixels: tuple[float, float]) -> list[tuple[float, float]]:
        """The places in the widget that lie over these coordinates of the picture."""
        return [self.canvas.view.to_widget(*pixel) for pixel in pixels]

    def zoom_to(self, zoom: float) -> None:
        """Zooms at the middle of the widget."""
        middle = (self.canvas.width() / 2, self.canvas.height() / 2)
        self.canvas.look(self.canvas.view.zoomed_to(zoom, middle))

    def seen(self) -> QImage:
        """What the canvas shows, without the ring."""
        QApplication.sendEvent(self.canvas, QEvent(QEvent.Type.Leave))
        return self.canvas.grab().toImage()

    def colour_over(self, pixel: tuple[float, float]) -> QColor:
        """What the canvas shows over these coordinates of the picture."""
        image = self.seen()
        x, y = self.over(pixel)[0]
        ratio = image.devicePixelRatio()
        return image.pixelColor(int(x * ratio), int(y * ratio))


def set_up(
    path: Path, size: tuple[int, int] = (800, 600), colours: CanvasColours = DARK, *, shown: bool = True
) -> Stage:
    """A canvas that shows the picture at ``path``, fitted, with an empty mask."""
    levels = PicturePyramid.build(load_bgra(path))
    mask = Mask(levels.width, levels.height)
    picture = Picture(path, path.stem, "png", Size(levels.width, levels.height), path.stat().st_size)
    session = Session(DEFAULT_BUDGET)
    session.start_with([TrayItem(0, picture, path, mask=mask)])
    canvas = Canvas(session, colours, TOOLS)
    canvas.resize(*size)
    if shown:
        canvas.show()
        QApplication.processEvents()
    canvas.set_picture(levels, mask, keep_view=False)
    QApplication.processEvents()
    return Stage(session, canvas, mask, levels)
