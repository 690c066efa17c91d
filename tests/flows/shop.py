"""A window before a server that wants money: the fingers on its questions, its runs and its endpoints."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QPushButton
from tests.fault_server import FaultServer, Script
from tests.flows.desk import CONTROL, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.ui.runs.run_tile import RunTile


@dataclass(frozen=True)
class Shop:
    """The window before a server that wants money, and what it was sent."""

    server: FaultServer
    app: Desk

    @property
    def questions(self) -> list[QDialog]:
        """The questions that are open."""
        return [one for one in self.app.window.findChildren(QDialog, "askDialog") if one.isVisible()]

    async def generate(self) -> None:
        """Presses the keys of Generate in the window, which the desktop brings back after a dialog."""
        self.app.window.activateWindow()
        await settled()
        self.press_keys()

    def press_keys(self) -> None:
        self.app.key(Qt.Key.Key_Return, CONTROL)

    async def asked(self) -> QDialog:
        """Waits for a question, so that its keys and buttons can be pressed."""
        (dialog,) = await until(lambda: self.questions)
        dialog.activateWindow()
        await settled()
        return dialog

    async def answer(self, button: str) -> str:
        """Presses a button of the question that comes; the words of the question."""
        dialog = await self.asked()
        words = child(dialog, QLabel, "askWords").text()
        self.app.click(child(dialog, QPushButton, button))
        await settled()
        return words

    def message(self, tile: RunTile | None = None) -> str:
        return self.app.told(tile or self.app.runs[0])

    def step(self, tile: RunTile | None = None) -> str:
        """What the button of a run offers, the newest one's by default."""
        details = self.app.details(tile or self.app.runs[0])
        act = child(details, QPushButton, "runAction")
        step = act.text() if act.isVisible() else ""
        details.close()
        self.app.window.activateWindow()
        return step

    def press_step(self, tile: RunTile | None = None) -> None:
        self.app.click(child(self.app.details(tile or self.app.runs[0]), QPushButton, "runAction"))


@asynccontextmanager
async def shop(photo, *scripts: Script, cap: float | None = 0.0) -> AsyncIterator[Shop]:
    async with FaultServer(*scripts) as server, desk([photo("chelsea.jpg")]) as app:
        app.use_endpoint(server.base_url)
        app.studio.settings.replace(daily_cap=cap)
        app.studio.parameters.set(size="1024x1024", quality="low", stream=True)
        app.say("remove the cup")
        yield Shop(server, app)


def choose(app: Desk, words: str) -> None:
    """Chooses an entry of the menu at the upper right, which the offscreen platform can't open."""
    menu = app.find(QMenu, "endpointMenu")
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == words).trigger()


async def endpoint_dialog(app: Desk) -> QDialog:
    dialog = await until(lambda: app.window.findChild(QDialog, "endpointDialog"))
    dialog.activateWindow()
    await settled()
    return dialog
