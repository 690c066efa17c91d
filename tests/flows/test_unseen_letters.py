"""Words from outside that would steer, mislead or load something: the whole window is read out and hovered.

Every text that Qt holds for the eye, the pointer or a screen reader is looked at. The pictures that the words
name are watched, one is a pipe that nobody writes into, and one lies on a server that counts what is asked.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QGroupBox,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QToolTip,
    QWidget,
)
from tests.api.wire import refusal
from tests.fault_server import FaultServer, Script
from tests.flows.desk import CONTROL, Desk, desk
from tests.flows.test_saved_masks import save, show
from tests.flows.wait import settled, until

from overpaint.core.foreign_words import visible
from overpaint.core.request.params import EditParams
from overpaint.library.lists.preset_store import Preset
from overpaint.ui.widgets.tile import PictureTile

pytestmark = [
    pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True),
    pytest.mark.skipif(
        sys.platform != "linux", reason="watches files as Linux does, whose names hold anything"
    ),
]
UNSEEN = "\x1b[2J\x07\u202egnp.exe\u2066\u200b\x9b"
NAME = f"<b>R&D\n{UNSEEN}"
ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.WhatsThisRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)
LONGEST = 2100
WIDEST = 1400
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="20" height="1500"/></svg>'
OPENED = 0x20  # IN_OPEN


@contextmanager
def unopened(folder: Path) -> Iterator[None]:
    """Watches that no file in a folder is opened, by whatever part of the process."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(watch, os.fsencode(folder), OPENED) >= 0
    try:
        yield
        with pytest.raises(BlockingIOError):
            os.read(watch, 4096)
    finally:
        os.close(watch)


def lures(folder: Path, base_url: str) -> str:
    """Markup that shows pictures of this disk and of a server."""
    folder.mkdir()
    (folder / "a.svg").write_text(SVG)
    os.mkfifo(folder / "pipe.png")
    sources = (f"file://{folder}/a.svg", f"{folder}/a.svg", f"{base_url}/a.png", f"file://{folder}/pipe.png")
    return "".join(f'<img src="{source}">' for source in sources)


def texts() -> Iterator[tuple[str, str]]:
    """All that Qt says in any window, with where it says it."""
    for top in QApplication.topLevelWidgets():
        for thing in (top, *top.findChildren(QObject)):
            where = f"{type(thing).__name__} {thing.objectName()}"
            for words in said_by(thing):
                yield where, words


def said_by(thing: QObject) -> Iterator[str]:
    if isinstance(thing, QAction):
        yield from (thing.text(), thing.iconText(), thing.toolTip(), thing.statusTip(), thing.whatsThis())
    if isinstance(thing, QWidget):
        yield from said_by_widget(thing)


def said_by_widget(thing: QWidget) -> Iterator[str]:
    yield from (thing.toolTip(), thing.statusTip(), thing.whatsThis(), thing.windowTitle())
    yield from (thing.accessibleName(), thing.accessibleDescription())
    if isinstance(thing, QLabel | QAbstractButton):
        yield thing.text()
    if isinstance(thing, QGroupBox | QMenu):
        yield thing.title()
    if isinstance(thing, QAbstractItemView | QComboBox):
        model = thing.model()
        indexes = [model.index(row, 0) for row in range(model.rowCount(QModelIndex()))]
        yield from (str(index.data(role) or "") for index in indexes for role in ROLES)
    if isinstance(thing, PictureTile):
        yield thing.caption


def harmful() -> list[tuple[str, str]]:
    """What isn't shown as it is written, or by its code; and what has no bounds."""
    return [
        (where, words)
        for where, words in texts()
        if visible(words, lines=True, longest=len(words) + 1) != words or len(words) > LONGEST
    ]


def hover_everything(app: Desk) -> list[str]:
    """What is said over the widgets, rows and opened menus, on real tool tips."""
    said: list[str] = []
    for widget in app.window.findChildren(QWidget):
        if isinstance(widget, QAbstractItemView):
            model = widget.model()
            places = [widget.visualRect(model.index(row, 0)).center() for row in range(model.rowCount())]
            said += [hovered(widget.viewport(), place) for place in places]
        elif isinstance(widget, QMenu):
            widget.aboutToShow.emit()
            said += [hovered(widget, widget.actionGeometry(act).center()) for act in widget.actions()]
        elif widget.toolTip():
            said.append(hovered(widget, widget.rect().center()))
    return said


def hovered(widget: QWidget, at: QPoint) -> str:
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    if not QToolTip.isVisible():
        return ""
    for one in QApplication.topLevelWidgets():
        if one.metaObject().className() == "QTipLabel" and one.isVisible():
            assert one.width() < WIDEST, QToolTip.text()
            one.grab()
    return QToolTip.text()


async def test_whole_window_full_of_hostile_words_loads_nothing_and_shows_what_is_unseen(
    photo, tmp_path
) -> None:
    picture, broken = tmp_path / f"{NAME} 1.png", [tmp_path / f"{NAME} {at}.png" for at in (2, 3)]
    picture.write_bytes(photo("coffee.png").read_bytes())
    for file in broken:
        file.write_bytes(b"no picture")
    async with FaultServer(Script(400, body=b"")) as server:
        words = f"{lures(tmp_path / 'lures', server.base_url)} {NAME} {'long ' * 400}"
        server.scripts = [Script(400, body=refusal(words, code="invalid_value"))]
        async with desk([picture]) as app:
            with unopened(tmp_path / "lures"):
                await fill(app, server.base_url, words, broken)
                said = hover_everything(app)
                assert harmful() == []
                for dialog in ("endpoints", "presets"):
                    await opened(app, dialog)
                    assert harmful() == [], dialog
                    close_dialogs()
                await settled()
        assert [one for one in said if "<img src=" in one]
        assert [one for one in said if r"\u202egnp.exe" in one]
        assert server.posts == len(server.requests) == 1


async def fill(app: Desk, base_url: str, words: str, broken: list[Path]) -> None:
    """Puts hostile words into every field that shows some of somebody else's."""
    app.use_endpoint(base_url, words[:300] + NAME)
    store = app.studio.settings
    noted = msgspec.structs.replace(store.current.active, note=words)
    store.replace_all(store.current.with_profile(noted))
    app.studio.presets.store(Preset(words, EditParams(prompt=words)))
    app.studio.parameters.set(model=words, size="1024x1024")
    await app.on_canvas()
    app.paint((200, 200), (300, 300))
    await settled()
    await save(app, "Mask")
    assert app.studio.saved_mask_commands.rename(app.item.shelf.masks[0], NAME)
    await show(app)
    app.studio.parameters.set(prompt=words)
    await settled()
    app.canvas.setFocus()
    app.key(Qt.Key.Key_Return, CONTROL)
    await app.ended()
    app.drop(broken)
    every = await until(lambda: next((b for b in app.shown(QPushButton) if "Show all" in b.text()), None))
    app.click(every)
    app.window.status.notify(words, bad=True, act="Undo", todo=lambda: None)
    app.click(app.find(QToolButton, "historyButton"))
    await settled()


async def opened(app: Desk, action: str) -> None:
    app.window.actions_[action].trigger()
    await until(dialogs)


def close_dialogs() -> None:
    for one in dialogs():
        one.reject()


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
