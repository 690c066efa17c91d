"""The painter's states: every tool in the middle of its work, every view of the mask, turned and zoomed."""

import math
from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from shots_camera import Camera, pause, until

Places = Sequence[tuple[float, float]]

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_VIEWS = ("tint", "hatch", "ants", "white", "sent", "off", "both")
_EDGE = ((1047, 139), (1125, 216), (1068, 322), (1026, 322), (969, 216))
"""Places on the balloon's edge, clockwise from its top."""
_AROUND = tuple((1047 + 90 * math.sin(0.2 * turn), 222 - 95 * math.cos(0.2 * turn)) for turn in range(26))


async def painter(studio: Studio, window: Window, camera: Camera) -> None:
    """Takes all of them, and leaves mask and view as they were."""
    session, before = studio.session, studio.session.history.position
    for view in _VIEWS:
        window.actions_[f"view_{view}"].trigger()
        await pause()
        await camera.take_as_it_is(f"view-{view}", *(("dark", "light") if view == "both" else ()))
    session.clear_mask()
    await _outlines(window, camera)
    await _finders(studio, window, camera)
    await _views(window, camera)
    await _faults(studio, window, camera)
    window.actions_["brush"].trigger()
    session.go_to(before)
    window.edit.canvas.fit()
    await pause(1.0)


async def _outlines(window: Window, camera: Camera) -> None:
    """The ring, and outlines before they are closed or let go."""
    for tool in ("brush", "eraser"):
        window.actions_[tool].trigger()
        _send(window, QEvent.Type.MouseMove, (760, 420))
        await camera.take_as_it_is(f"tool-{tool}")
    for tool in ("rectangle", "ellipse", "lasso"):
        window.actions_[tool].trigger()
        _lead(window, _AROUND if tool == "lasso" else ((975, 110), (1120, 385)))
        await camera.take_as_it_is(f"tool-{tool}", "dark", "light")
        QTest.keyClick(window.edit.canvas, Qt.Key.Key_Escape)
        _send(window, QEvent.Type.MouseButtonRelease, _AROUND[-1], _LEFT)
    for tool in ("polygon", "magnetic"):
        window.actions_[tool].trigger()
        for place in _EDGE[:-1]:
            _click(window, place)
            await pause(0.15)  # the magnetic path to it is looked for aside
        _send(window, QEvent.Type.MouseMove, _EDGE[-1])
        await pause()
        await camera.take_as_it_is(f"tool-{tool}")
        QTest.keyClick(window.edit.canvas, Qt.Key.Key_Escape)


async def _finders(studio: Studio, window: Window, camera: Camera) -> None:
    """The band of quick select and what it found, and the wand's catch."""
    history = studio.session.history
    window.actions_["quick"].trigger()
    _lead(window, ((1046, 165), (1046, 250)))
    await camera.take_as_it_is("tool-quick")
    before = history.revision
    _send(window, QEvent.Type.MouseButtonRelease, (1046, 250), _LEFT)
    await until(lambda: history.revision != before)
    await camera.take_as_it_is("tool-quick-found", "dark", "light")
    window.actions_["wand"].trigger()
    before = history.revision
    _click(window, (300, 120))
    await until(lambda: history.revision != before)
    await pause()
    await camera.take("tool-wand")


async def _views(window: Window, camera: Camera) -> None:
    """Turned; zoomed in with the navigator; single pixels with their grid; the crosshair of the keys."""
    canvas = window.edit.canvas
    middle = canvas.width() / 2, canvas.height() / 2
    canvas.look(canvas.view.turned_to(30.0, middle))
    await pause()
    await camera.take_as_it_is("turned", "dark", "light")
    canvas.fit()
    canvas.look(canvas.view.turned_to(0.0, middle))
    for zoom, name in ((2.0, "navigator"), (16.0, "pixels")):
        canvas.look(canvas.view.zoomed_to(zoom, (middle[0] * 1.2, middle[1] * 0.6)))
        await pause(1.2)
        await camera.take_as_it_is(name, "dark", "light")
    canvas.fit()
    window.actions_["rectangle"].trigger()
    window.actions_["by_keys"].trigger()
    await pause()
    await camera.take_as_it_is("crosshair")
    window.actions_["by_keys"].trigger()


async def _faults(studio: Studio, window: Window, camera: Camera) -> None:
    """What the lint finds: specks, pinholes and a soft edge."""
    canvas, session = window.edit.canvas, studio.session
    session.clear_mask()
    kept = studio.settings.current.brush
    for diameter, hardness, erase, places in (
        (220.0, 0.3, False, ((1000, 300), (1100, 360))),
        (6.0, 1.0, True, ((1050, 330), (1050, 330))),
        (5.0, 1.0, False, ((300, 300), (300, 300))),
        (5.0, 1.0, False, ((420, 520), (420, 520))),
    ):
        window.actions_["eraser" if erase else "brush"].trigger()
        brush = window.edit.brushes.of("eraser" if erase else "brush")
        if brush is not None:
            canvas.brush_edited.emit(replace(brush, diameter=diameter, hardness=hardness))
        _lead(window, places)
        _send(window, QEvent.Type.MouseButtonRelease, places[-1], _LEFT)
    await pause(1.2)
    await camera.take("lint")
    studio.settings.replace(brush=kept)


def _lead(window: Window, places: Places) -> None:
    """Presses the left button and leads it over the places, without letting go."""
    _send(window, QEvent.Type.MouseMove, places[0])
    _send(window, QEvent.Type.MouseButtonPress, places[0], _LEFT)
    for place in places[1:]:
        _send(window, QEvent.Type.MouseMove, place, held=_LEFT)


def _click(window: Window, place: tuple[float, float]) -> None:
    """Moves there and clicks."""
    at = QPoint(*(round(side) for side in window.edit.canvas.view.to_widget(*place)))
    _send(window, QEvent.Type.MouseMove, place)
    QTest.mouseClick(window.edit.canvas, _LEFT, Qt.KeyboardModifier.NoModifier, at)


def _send(
    window: Window,
    kind: QEvent.Type,
    place: tuple[float, float],
    button: Qt.MouseButton = _NONE,
    held: Qt.MouseButton = _NONE,
) -> None:
    """One mouse event over the picture's coordinates."""
    canvas = window.edit.canvas
    at = QPointF(*canvas.view.to_widget(*place))
    held = button if kind == QEvent.Type.MouseButtonPress else held
    where, plain = QPointF(canvas.mapToGlobal(at)), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(canvas, QMouseEvent(kind, at, where, button, held, plain))
