"""Takes the window in every look and size, and waits for what is to be seen in it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window

SIZES = ((1440, 900), (1024, 700))
TALL = (1440, 1300)
LOOKS = ("dark", "light")
_PATIENCE = 60.0


class Camera:
    """Takes the window in every look and size, while nothing else in the program goes on."""

    def __init__(self, studio: Studio, window: Window, out: Path, only: list[str]) -> None:
        self._studio = studio
        self._window = window
        self._out = out
        self._only = only

    async def take(self, name: str, of: QWidget | None = None) -> None:
        """Writes ``NAME-LOOK-WIDTHxHEIGHT.png`` for each; ``of`` a menu or dialog, ``NAME-LOOK.png``."""
        if self._only and name not in self._only:
            return
        if of is not None:
            self._take_one(name, of)
            return
        for look in LOOKS:
            self._studio.settings.replace(theme=look)
            for width, height in SIZES:
                self._window.resize(width, height)
                _lay_out()
                self._window.edit.canvas.fit()
                _lay_out()
                file = self._out / f"{name}-{look}-{width}x{height}.png"
                self._window.grab().save(str(file))
                print(file)
        self._studio.settings.replace(theme=LOOKS[0])
        self._window.resize(*SIZES[0])
        await pause()  # the window learns only now that it was moved and activated

    async def take_as_it_is(self, name: str, *looks: str) -> None:
        """The same in the size and at the view that the window has, for what is half done under the hand."""
        if self._only and name not in self._only:
            return
        for look in looks or LOOKS[:1]:
            self._studio.settings.replace(theme=look)
            _lay_out()
            file = self._out / f"{name}-{look}.png"
            self._window.grab().save(str(file))
            print(file)
        self._studio.settings.replace(theme=LOOKS[0])
        _lay_out()

    async def take_tall(self, name: str) -> None:
        """The window so high that nothing in the inspector has to be scrolled, in every look."""
        if self._only and name not in self._only:
            return
        self._window.resize(*TALL)
        await pause(0.05)
        await self.take_as_it_is(name, *LOOKS)
        self._window.resize(*SIZES[0])
        await pause(0.05)

    def _take_one(self, name: str, of: QWidget) -> None:
        for look in reversed(LOOKS):
            self._studio.settings.replace(theme=look)
            _lay_out()
            file = self._out / f"{name}-{look}.png"
            of.grab().save(str(file))
            print(file)


async def until(condition: Callable[[], bool]) -> None:
    """Lets the program go on until the condition holds. Raises TimeoutError after a minute."""
    async with asyncio.timeout(_PATIENCE):
        while not condition():
            await pause(0.01)


async def pause(seconds: float = 0.3) -> None:
    """Lets the program go on, so that timers, threads and repaints come to their end."""
    await asyncio.sleep(seconds)


def _lay_out() -> None:
    """Lets Qt lay out and repaint; sockets and threads wait, so that a running edit holds still."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
