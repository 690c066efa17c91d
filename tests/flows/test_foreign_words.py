"""Words from outside stay words: markup in names, prompts and answers is read out and never followed.

A file cannot have a slash in its name, so files are called in markup that Qt would set in bold; everything
else names a picture on the disk, taller than any tool tip, which must never be seen.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QColorConstants, QHelpEvent, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QMenu,
    QMessageBox,
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

from overpaint.core.request.params import EditParams
from overpaint.library.lists.preset_store import Preset

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)
TALL = 1500
BOLD = "<b>bold & brave"


@pytest.fixture
def lure(tmp_path: Path) -> str:
    """Markup that shows a picture of this disk, and words after it."""
    picture = tmp_path / "p.png"
    image = QImage(20, TALL, QImage.Format.Format_RGB32)
    image.fill(QColorConstants.Red)
    assert image.save(str(picture))
    return f'<img src="file://{picture}"> R&D'


def files_in_markup(folder: Path, picture: Path) -> list[Path]:
    """A picture and two that are broken, with names that are markup."""
    contents = (picture.read_bytes(), b"no picture", b"nor this")
    files = [folder / f"{BOLD}{number}.png" for number in range(3)]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return files


def tip() -> QLabel:
    """The tool tip that is shown."""
    found = [one for one in QApplication.topLevelWidgets() if one.metaObject().className() == "QTipLabel"]
    (shown,) = [one for one in found if one.isVisible()]
    assert isinstance(shown, QLabel)
    return shown


def hover(widget: QWidget, at: QPoint) -> str:
    """What the tool tip at a place says, letter by letter; "" where there is none."""
    QToolTip.hideText()
    for one in QApplication.topLevelWidgets():
        if one.metaObject().className() == "QTipLabel":
            one.hide()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    if not QToolTip.isVisible():
        return ""
    assert tip().textFormat() is Qt.TextFormat.PlainText
    assert tip().height() < TALL / 2
    return tip().text()


def tips(app: Desk) -> Iterator[tuple[str, str]]:
    """What is said over everything in the window: widgets and rows of lists; by their names."""
    for widget in app.window.findChildren(QWidget):
        if widget.toolTip():
            yield widget.objectName(), hover(widget, widget.rect().center())
        if isinstance(widget, QAbstractItemView):
            model = widget.model()
            for row in range(model.rowCount()):
                place = widget.visualRect(model.index(row, 0)).center()
                yield widget.objectName(), hover(widget.viewport(), place)


def labels() -> list[QLabel]:
    return [one for top in QApplication.topLevelWidgets() for one in top.findChildren(QLabel)]


def underlining() -> list[str]:
    """The words of buttons and acts that hold an ampersand of which Qt would make an underline."""
    things: list[QObject] = [
        one for top in QApplication.topLevelWidgets() for one in top.findChildren(QObject)
    ]
    words = [one.text() for one in things if isinstance(one, QAbstractButton | QAction)]
    return [text for text in words if "&" in text.replace("&&", "")]


def filled(app: Desk, name: str) -> list[str]:
    """The entries of a menu as it opens."""
    menu = app.find(QMenu, name)
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


async def hover_first(menu: QMenu) -> str:
    """What is said over the first entry of a menu that is opened."""
    menu.popup(QPoint(0, 0))
    await settled()
    said = hover(menu, menu.actionGeometry(menu.actions()[0]).center())
    menu.close()
    return said


async def test_markup_from_outside_is_shown_as_it_is_written_everywhere(photo, tmp_path, lure) -> None:
    mine, *broken = files_in_markup(tmp_path, photo("coffee.png"))
    answer = Script(400, body=refusal(lure, code="invalid_value"))
    async with FaultServer(answer) as server, desk([mine]) as app:
        app.use_endpoint(server.base_url, lure)
        app.studio.presets.store(Preset(lure, EditParams(prompt=lure)))
        app.studio.parameters.set(model=lure, size="1024x1024")
        await app.on_canvas()
        app.paint((200, 200), (300, 300))
        await settled()
        await save(app, BOLD)
        await show(app)
        app.studio.saved_mask_commands.delete(app.item.shelf.masks[0])  # so that undoing it has a name
        await save(app, BOLD)
        app.say(lure)
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()
        app.told(app.runs[0])
        app.drop(broken)
        every = await until(lambda: next((b for b in app.shown(QPushButton) if "Show all" in b.text()), None))
        app.click(every)
        app.window.status.notify(lure, bad=True, act="Undo", todo=lambda: None)
        app.click(app.find(QToolButton, "historyButton"))
        await settled()

        assert filled(app, "presetsMenu")[0].startswith(lure[:60])  # a long one is shortened
        assert any(words.startswith(lure[:60]) for words in filled(app, "endpointMenu"))
        said = list(tips(app))

        found = {named(name) for name, words in said if lure in " ".join(words.split("\n"))}
        assert found - {"statusNotice"} == {  # which has a tip once it was drawn too short for its words
            "historyList", "modelCombo", "run_…",
        }  # fmt: skip
        assert (await hover_first(app.find(QMenu, "presetsMenu"))).replace("\n", " ") == lure
        assert [words for _, words in said if f"Picture 1: {mine.stem}" in words]
        assert ("masksList", BOLD) in said
        assert [words for _, words in said if broken[1].name in words]
        assert [one.text() for one in labels() if one.textFormat() is not Qt.TextFormat.PlainText] == []
        assert [one for one in labels() if lure in one.text()]  # the server's sentence
        assert underlining() == []


async def test_tool_tip_with_markup_that_nobody_foresaw_loads_nothing(photo, lure) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.setToolTip(lure)

        assert hover(app.window, QPoint(5, 5)) == lure

        app.window.setToolTip(f"<b>{lure}")
        assert hover(app.window, QPoint(5, 5)) == f"<b>{lure}"


async def test_question_that_qt_asks_by_itself_shows_words_as_they_are(photo, lure) -> None:
    async with desk([photo("coffee.png")]) as app:
        asked = QMessageBox(app.window)  # as its file dialog does before it replaces a file
        asked.setText(lure)
        asked.setInformativeText(lure)
        asked.open()
        await settled()

        shown = [one for one in asked.findChildren(QLabel) if one.text() == lure]
        assert [one.textFormat() for one in shown] == [Qt.TextFormat.PlainText] * 2
        assert asked.height() < TALL / 2
        asked.close()
        asked.deleteLater()


def named(name: str) -> str:
    """A widget's name without the moment that is part of it."""
    return "run_…" if re.fullmatch(r"run_\d+", name) else name
