"""The brush's states: its panels, and a steadied stroke in the middle, with the string to the pointer."""

from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from shots_camera import Camera, pause

_WAY = ((700, 300), (760, 330), (820, 290), (880, 340), (960, 300))
_MASKS = {"yellow": ("#ffd60a", 0.46), "blue": ("#2a72e0", 0.8)}


async def brush(studio: Studio, window: Window, camera: Camera) -> None:
    """Takes all of them, and leaves brush and mask as they were."""
    window.actions_["brush"].trigger()
    for button in window.findChildren(QToolButton, "option_stroke"):
        button.click()
    await _panel(window, camera, "strokePanel", "pen-panel")
    window.actions_["mask_look"].trigger()
    await _panel(window, camera, "maskLook", "mask-look")
    kept = studio.settings.current
    for name, (colour, opacity) in _MASKS.items():
        studio.settings.replace(mask_colour=colour, mask_opacity=opacity)
        await camera.take_as_it_is(f"mask-{name}")
    studio.settings.replace(mask_colour=kept.mask_colour, mask_opacity=kept.mask_opacity)
    await _steadied(window, camera)


async def _panel(window: Window, camera: Camera, widget: str, name: str) -> None:
    for panel in window.findChildren(QWidget, widget):
        await pause()
        await camera.take(name, panel)
        panel.close()


async def _steadied(window: Window, camera: Camera) -> None:
    canvas, before = window.edit.canvas, window.edit.brushes.of("brush")
    if before is not None:
        canvas.set_brush(replace(before, smoothing=0.9))
        points = [QPoint(*(round(side) for side in canvas.view.to_widget(*place))) for place in _WAY]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
        await camera.take_as_it_is("steadied")
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=points[-1])
        canvas.set_brush(before)
