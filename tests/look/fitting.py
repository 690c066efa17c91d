"""Opens the window and every dialog on each screen there is and tells what doesn't fit; a child process."""

import asyncio
import json
import sys

from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
    QWidget,
)
from tests.flows.wait import until

from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.event_loop import run
from overpaint.ui.tray.tray_tile import TrayTile

_CONTROLS = QAbstractButton | QLineEdit | QComboBox | QSlider | QPlainTextEdit | QAbstractSpinBox | TrayTile
_DIALOGS = ("settings", "keys", "about", "prices", "endpoints", "save_preset", "sending")
_TITLE = 40
Screen = tuple[str, QRect]
"""Its name and its place; what Qt gives for a screen itself may go with a dialog that was asked for it."""


async def main(window: Window, studio: Studio) -> int:
    bad: list[str] = []
    for screen in [(one.name(), one.availableGeometry()) for one in QApplication.screens()]:
        room = screen[1]
        window.move(room.topLeft())
        await asyncio.sleep(0.05)
        window.resize(room.width(), room.height() - _TITLE)
        await asyncio.sleep(0.15)
        await look(window, screen, bad, "picture")
        window.edit.stage.show_job(studio.jobs.all[0])
        await asyncio.sleep(0.15)
        await look(window, screen, bad, "result")
        window.edit.stage.back()
        for name in _DIALOGS:
            await open_dialog(window, screen, bad, name)
    sys.stdout.write(json.dumps(bad) + "\n")
    window.close()
    await studio.close()
    return 0


async def look(window: QWidget, screen: Screen, bad: list[str], what: str) -> None:
    """Notes a window that is larger than the screen, and controls that can't be reached in it."""
    name, room = screen
    where = f"{name} {what}"
    if window.width() > room.width() or window.height() > room.height():
        bad.append(f"{where}: {window.width()} × {window.height()} on {room.width()} × {room.height()}")
    for one in window.findChildren(QWidget):
        if not isinstance(one, _CONTROLS) or not one.isVisibleTo(window) or one.window() is not window:
            continue
        if one.objectName().startswith("qt_"):
            continue
        if not reachable(one, window):
            bad.append(f"{where}: {one.objectName()} {one.geometry().getRect()}")


def reachable(one: QWidget, window: QWidget) -> bool:
    """Whether the whole of it is in the window, or can be scrolled there."""
    rect, parent = one.geometry(), one.parentWidget()
    while parent is not None and one is not window:
        above = parent.parentWidget()
        if isinstance(above, QScrollArea) and above.viewport() is parent:
            one, rect, parent = above, above.geometry(), above.parentWidget()
        elif not parent.rect().contains(rect):
            return False
        else:
            one, rect, parent = parent, rect.translated(parent.pos()), above
    return True


async def open_dialog(window: Window, screen: Screen, bad: list[str], name: str) -> None:
    window.actions_[name].trigger()
    (dialog,) = await until(lambda: [one for one in window.findChildren(QDialog) if one.isVisible()])
    await asyncio.sleep(0.1)
    await look(dialog, screen, bad, name)
    dialog.reject()
    await asyncio.sleep(0.05)


async def begin() -> int:
    studio = Studio(Folders.find())
    studio.settings.replace(endpoint="Offline engine")
    window = program.open_window(studio, [])
    await until(lambda: studio.session.current)
    studio.parameters.set(prompt="make it warmer", size="1024x1024")
    window.wiring.runs.generate()
    await until(lambda: studio.jobs.all and not studio.jobs.all[0].running, 60)
    studio.settings.replace(endpoint="OpenAI")
    return await main(window, studio)


if __name__ == "__main__":
    sys.exit(run(program.application(), begin))
