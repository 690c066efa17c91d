"""The real window with one picture at a chosen view, and the mouse, pen and keys that draw on it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication
from tests.flows.desk import LEFT, NONE, PLAIN, Desk, desk
from tests.flows.wait import until

from overpaint.studio.config.settings import BrushSettings, SelectionSettings
from overpaint.studio.studio import Studio

Place = tuple[float, float]
Modifiers = Qt.KeyboardModifier

SUBJECT, GROUND = np.array([214.0, 92.0, 38.0]), np.array([58.0, 84.0, 110.0])


@dataclass(frozen=True)
class Frame:
    """Where in a picture something is drawn: around ``x``, ``y``, at ``unit`` pixels to one."""

    x: float
    y: float
    unit: float

    def at(self, u: float, v: float) -> Place:
        """The picture's coordinates; (0, 0) is the middle."""
        return self.x + u * self.unit, self.y + v * self.unit

    @property
    def box(self) -> tuple[int, int, int, int]:
        """All that is ever drawn on: left, top, right, bottom."""
        reach = round(1.3 * self.unit)
        x, y = round(self.x), round(self.y)
        return x - reach, y - reach, x + reach, y + reach


SMALL = Frame(300, 200, 80)
LARGE = Frame(1920, 1080, 80)
WIDE = Frame(1920, 1080, 420)
SIZES = {SMALL: (600, 400), LARGE: (3840, 2160), WIDE: (3840, 2160)}


def paint_subject(frame: Frame, path: Path) -> NDArray[np.uint8]:
    """Writes a picture with a clean disc of radius 0.8 in the frame, on a ground of another colour with
    a little grain; returns its pixels, RGB."""
    width, height = SIZES[frame]
    y, x = np.ogrid[:height, :width]
    distance = np.hypot(x + 0.5 - frame.x, y + 0.5 - frame.y)
    share = np.clip(0.8 * frame.unit - distance + 0.5, 0, 1)[..., None]
    grain = np.random.default_rng(3).normal(0, 1.5, (40, 40, 3))
    noise = np.tile(grain, (height // 40, width // 40, 1))
    mixed = share * SUBJECT + (1 - share) * GROUND + noise
    rgb = np.asarray(np.clip(mixed, 0, 255), np.uint8)
    Image.fromarray(rgb).save(path, compress_level=1)
    return rgb


@dataclass(frozen=True)
class Easel:
    """A window in which the tools have plain settings: hard brushes, smooth edges, no feather."""

    app: Desk
    frame: Frame

    @property
    def mask(self) -> NDArray[np.uint8]:
        """The coverage of the picture on the canvas."""
        return self.app.item.mask.coverage

    def look(self, zoom: float, angle: float = 0.0) -> None:
        """Brings the frame into the middle of the canvas, turned by so many degrees."""
        canvas = self.app.canvas
        canvas.fit()
        middle = canvas.width() / 2, canvas.height() / 2
        view = canvas.view.zoomed_to(zoom, middle).turned_to(angle, middle)
        size = self.app.item.mask.width, self.app.item.mask.height
        canvas.look(view.centred(size, (self.frame.x, self.frame.y), (canvas.width(), canvas.height())))

    def tool(self, name: str) -> None:
        """Takes a tool up by its act."""
        self.app.window.actions_[name].trigger()

    def over(self, place: Place) -> QPointF:
        """The place in the widget that lies over these coordinates of the picture."""
        return QPointF(*self.app.canvas.view.to_widget(*place))

    # --- mouse

    def drag(
        self, places: Sequence[Place], modifiers: Modifiers = PLAIN, button: Qt.MouseButton = LEFT
    ) -> None:
        """Presses at the first place, moves over the others, lets go at the last."""
        self.mouse(QEvent.Type.MouseButtonPress, self.over(places[0]), button, button, modifiers)
        for place in places[1:]:
            self.mouse(QEvent.Type.MouseMove, self.over(place), NONE, button, modifiers)
        self.mouse(QEvent.Type.MouseButtonRelease, self.over(places[-1]), button, NONE, modifiers)

    def click(self, place: Place, modifiers: Modifiers = PLAIN) -> None:
        """Moves there, presses and lets go."""
        self.mouse(QEvent.Type.MouseMove, self.over(place), NONE, NONE, modifiers)
        self.drag([place], modifiers)

    def mouse(
        self,
        kind: QEvent.Type,
        at: QPointF,
        button: Qt.MouseButton,
        held: Qt.MouseButton,
        modifiers: Modifiers = PLAIN,
    ) -> None:
        """One mouse event at a place in the canvas."""
        canvas = self.app.canvas
        where = QPointF(canvas.mapToGlobal(at))
        QApplication.sendEvent(canvas, QMouseEvent(kind, at, where, button, held, modifiers))

    # --- pen

    def pen(self, places: Sequence[Place], pressure: float = 1.0, *, eraser: bool = False) -> None:
        """Leads a pen, or its other end, over the places."""
        kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(places) - 1)]
        for kind, place in zip(kinds, places, strict=True):
            send_pen(self.app, kind, self.over(place), pressure, eraser=eraser)
        send_pen(self.app, QEvent.Type.TabletRelease, self.over(places[-1]), pressure, eraser=eraser)

    # --- what is found on a worker thread

    async def found(self, act: Callable[[], None]) -> None:
        """Does it, and waits until the mask has changed by it."""
        history = self.app.studio.session.history
        before = history.revision
        act()
        await until(lambda: history.revision != before)


def send_pen(app: Desk, kind: QEvent.Type, at: QPointF, pressure: float, *, eraser: bool = False) -> None:
    """One event of a pen at a place in the canvas."""
    end = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    able = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    device = QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, end, able, 1, 3)
    held = NONE if kind == QEvent.Type.TabletRelease else LEFT
    where = QPointF(app.canvas.mapToGlobal(at))
    rest = (0.0,) * 5
    QApplication.sendEvent(
        app.canvas, QTabletEvent(kind, device, at, where, pressure, *rest, PLAIN, LEFT, held)
    )


@asynccontextmanager
async def easel(picture: Path, frame: Frame) -> AsyncIterator[Easel]:
    """The window with that picture, in a size at which all that is drawn can be seen at 300 %."""

    def set_up(studio: Studio) -> None:
        plain = BrushSettings(diameter=0.3 * frame.unit, hardness=1.0, opacity=1.0)
        studio.settings.replace(
            brush=plain, eraser=plain, quick=plain, selection=SelectionSettings(), undo_megabytes=1024
        )

    async with desk([picture], before=set_up) as app:
        yield Easel(app, frame)
