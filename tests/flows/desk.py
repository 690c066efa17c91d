"""The whole window over a real studio, and the fingers that drive it: real events, found by object names."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6 import __version_info__
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget
from tests.flows.wait import settled, until
from tests.warm import WARM

from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.studio.config.folders import Folders
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.error_sink import ErrorSink
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.runs.run_details import RunDetails
from overpaint.ui.runs.run_tile import RunTile
from overpaint.ui.theme import window_theme
from overpaint.ui.tools.tool_spec import Toolset
from overpaint.ui.tools.toolset import TOOLS
from overpaint.ui.tray.tray_tile import TrayTile

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

W = TypeVar("W", bound=QWidget)

_BEGINNINGS = ("generate", "run again", "other path")
"""Edits on their way from the click to their start."""

_CLOSING_SECONDS = 15
"""More than the engine is given to end by itself."""


def dropped(mime: QMimeData, on: QWidget) -> bool:
    """Drags what another program offers to the middle of a widget and lets it go; whether it was taken."""
    place = QPointF(on.rect().center())
    what = (Qt.DropAction.CopyAction, mime, LEFT, PLAIN)
    # PySide6 6.12 has deprecated the whole point that the versions before it ask for.
    entered: Any = place if __version_info__ >= (6, 12) else place.toPoint()
    enter = QDragEnterEvent(entered, *what)
    QApplication.sendEvent(on, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(place, *what)
    QApplication.sendEvent(on, drop)
    return drop.isAccepted()


@dataclass
class Desk:
    """A window with its studio."""

    studio: Studio
    window: Window

    # --- what there is

    @property
    def sink(self) -> ErrorSink:
        return self.window.error_sink

    @property
    def canvas(self) -> Canvas:
        return self.window.edit.canvas

    @property
    def gallery(self) -> Path:
        """The folder that results are saved in."""
        return self.studio.gallery().folder

    @property
    def job(self) -> Job:
        """The newest run."""
        return self.studio.jobs.all[0]

    @property
    def tiles(self) -> list[TrayTile]:
        """The pictures of the tray from left to right."""
        found = [tile for tile in self.window.findChildren(TrayTile) if tile.isVisible()]
        return sorted(found, key=lambda tile: tile.mapToGlobal(QPoint()).x())

    @property
    def runs(self) -> list[RunTile]:
        """The runs from left to right."""
        found = [tile for tile in self.window.findChildren(RunTile) if not tile.isHidden()]
        return sorted(found, key=lambda tile: tile.mapToGlobal(QPoint()).x())

    def details(self, tile: RunTile) -> RunDetails:
        """What is told of how a run ended: opened from its tile, where it isn't open yet."""
        if tile.details is None:
            self.click(tile)
        assert tile.details is not None
        return tile.details

    def menu_of(self, tile: QWidget) -> dict[str, QAction]:
        """What the context menu of a tile offers, by its words; the offscreen platform shows no menu."""
        at = tile.rect().center()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(QMenu, "popup", lambda *_: None)
            reason = QContextMenuEvent.Reason.Mouse
            QApplication.sendEvent(tile, QContextMenuEvent(reason, at, tile.mapToGlobal(at)))
        menu = tile.findChildren(QMenu)[-1]
        return {one.text(): one for one in menu.actions() if not one.isSeparator()}

    def told(self, tile: RunTile) -> str:
        """What a run says of itself: while it goes on by its tool tip, afterwards in full."""
        if tile.job.running:
            return tile.toolTip().splitlines()[-1]
        if tile.job.results:
            return ""
        details = self.details(tile)
        words = child(details, QLabel, "runMessage").text()
        details.close()
        self.window.activateWindow()  # which the desktop does
        return words

    def find(self, kind: type[W], name: str) -> W:
        """The one widget of that name."""
        return child(self.window, kind, name)

    def shown(self, kind: type[W]) -> list[W]:
        """Every widget of a kind that can be seen."""
        return [one for one in self.window.findChildren(kind) if one.isVisibleTo(self.window)]

    def words(self, name: str) -> str:
        """What a label says."""
        return self.find(QLabel, name).text()

    @property
    def item(self) -> TrayItem:
        """The picture on the canvas; there must be one."""
        item = self.studio.session.current
        assert item is not None
        return item

    @property
    def names(self) -> list[str]:
        """The tray's pictures by name, in their order."""
        return [item.name for item in self.studio.session.tray]

    def mask_is_empty(self, item: TrayItem | None = None) -> bool:
        """Whether nothing is painted on a picture, otherwise on the current one."""
        item = item or self.studio.session.current
        return item is None or item.mask.is_empty()

    # --- fingers

    def drop(self, files: Iterable[Path], on: QWidget | None = None) -> bool:
        """Drags files over the window and lets them go; whether it took them."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        return dropped(mime, on or self.window)

    async def take(self, *files: Path) -> None:
        """Drops files and waits until the last of them is on the canvas or refused."""
        before = self.studio.session.tray
        self.drop(files)
        await until(lambda: self.studio.session.tray != before)
        await self.on_canvas()

    async def on_canvas(self) -> None:
        """Waits until the canvas shows the current picture with its own mask."""
        await until(self._current_is_shown)
        await settled()

    def paint(self, *pixels: tuple[float, float]) -> None:
        """Leads the left button over places given in pixels of the picture on the canvas."""
        places = [QPointF(*self.canvas.view.to_widget(*pixel)) for pixel in pixels]
        self.mouse(self.canvas, QEvent.Type.MouseButtonPress, places[0], LEFT, LEFT)
        for place in places[1:]:
            self.mouse(self.canvas, QEvent.Type.MouseMove, place, NONE, LEFT)
        self.mouse(self.canvas, QEvent.Type.MouseButtonRelease, places[-1], LEFT, NONE)

    def mouse(
        self, widget: QWidget, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton
    ) -> None:
        """One mouse event at a place in a widget."""
        where = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(kind, at, where, button, held, PLAIN))

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Presses and lets go of the left button in the middle of a widget."""
        QTest.mouseClick(widget, LEFT, PLAIN, at if at is not None else widget.rect().center())

    def type_over(self, edit: QLineEdit, text: str) -> None:
        """Replaces what stands in a field, key by key."""
        self.click(edit)
        QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(edit, text)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Presses a key where the focus is, so that shortcuts come into play."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def hold(self, key: Qt.Key) -> None:
        """Presses a key where the focus is and keeps it down."""
        QTest.keyPress(QApplication.focusWidget() or self.window, key)

    def let_go(self, key: Qt.Key) -> None:
        """Lets a key go that was held."""
        QTest.keyRelease(QApplication.focusWidget() or self.window, key)

    def say(self, prompt: str) -> None:
        """Types a prompt."""
        edit = self.window.edit.inspector.prompt.edit
        self.click(edit.viewport())
        QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(edit, prompt)

    # --- runs

    def use_endpoint(self, base_url: str, name: str = "Elsewhere", *, auth: str = "none") -> None:
        """Sends edits to a server of the test, as if the user had set it up."""
        profile = EndpointProfile(
            name, base_url, auth="bearer" if auth == "bearer" else "none", timeouts=Timeouts(connect=3)
        )
        settings = self.studio.settings
        settings.replace_all(settings.current.with_profile(profile))
        settings.replace(endpoint=name)

    async def ended(self, count: int = 1) -> Job:
        """Waits until so many runs are over and shown so; the newest."""
        jobs = self.studio.jobs

        def over() -> bool:
            beginning = any(task.get_name() in _BEGINNINGS for task in asyncio.all_tasks())
            going_on = beginning or jobs.running or any(job.running for job in jobs.all)
            return len(jobs.all) >= count and not going_on

        await until(over, 60)
        await settled()
        return self.job

    def _current_is_shown(self) -> bool:
        item = self.studio.session.current
        mask = self.canvas._scene.mask
        return item is not None and mask is not None and mask.mask is item.mask


def child(parent: QWidget, kind: type[W], name: str) -> W:
    """The one widget of that name inside another."""
    (found,) = parent.findChildren(kind, name)
    return found


@asynccontextmanager
async def desk(
    files: Sequence[Path] = (),
    *,
    size: tuple[int, int] | None = (1440, 900),
    look: str = "dark",
    before: Callable[[Studio], None] | None = None,
    tools: Toolset = TOOLS,
    own_processes: bool = False,
) -> AsyncIterator[Desk]:
    """The program as at its start with ``files``, or with the sample picture on the canvas.

    Without ``size`` the window has the one it remembers. ``before`` may change the studio before the window
    is made; its toolbox holds ``tools``. With ``own_processes`` reader and engine start afresh, for tests of
    their life and memory. Whatever error reaches the sink is logged and so fails a test that doesn't announce
    it; engine, client and tasks are closed at the end.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)  # as the program does: closing ends the studio first, then the loop
    window_theme.prepare(app)
    app.clipboard().setText("")  # another test may have left a picture there
    studio = Studio(Folders.find()) if own_processes else WARM.studio(Folders.find())
    studio.settings.replace(theme=look)
    if before is not None:
        before(studio)
    window = program.open_window(studio, files, tools)
    made = Desk(studio, window)
    if size is not None:
        made.window.resize(*size)
    made.window.activateWindow()
    try:
        await made.on_canvas()
        yield made
    finally:
        made.window.close()
        async with asyncio.timeout(_CLOSING_SECONDS):
            await studio.close()
        made.window.deleteLater()
        app.clipboard().setText("")  # what Python made must not outlive it there
        await settled()
        app.setStyleSheet("")  # the next window is made without one, as at a start: with one it takes long
        made.sink.remove()
