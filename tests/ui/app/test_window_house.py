"""Rules that hold for the whole window: names, keys, focus, words that fit, and what is remembered."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QWidget,
)
from tests.flows.desk import CONTROL, SHIFT, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.core.paint.brush_stroke import Brush
from overpaint.core.request.model_table import ModelTable
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.theme import window_theme
from overpaint.ui.widgets.labels import ElidedLabel, FittedLabel
from overpaint.ui.widgets.tile import PictureTile

INTERACTIVE = (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    PictureTile,
    Canvas,
)
SIZES = [(1440, 900), (1024, 700)]


def controls(app: Desk) -> Iterator[QWidget]:
    """Every widget of the window that can be used, save those that Qt makes inside its own."""
    for one in app.window.findChildren(QWidget):
        if isinstance(one, INTERACTIVE) and not one.objectName().startswith("qt_") and not one.isHidden():
            yield one


@pytest.mark.qt_log_ignore(
    "plugin does not support (raise|grabbing the keyboard|propagateSizeHints)", extend=True
)  # said for every popup where there is no real screen
async def test_window_names_every_control_for_tests_and_for_assistive_tools(photo) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")]) as app:
        app.window.edit.inspector.advanced.open()
        for popup in ("mask_look", "prompt_history"):  # made when they are opened
            app.window.actions_[popup].trigger()
        app.find(QAbstractButton, "option_stroke").click()
        app.studio.parameters.set(prompt="x", size="1537x1024")
        await settled()

        without_name = [repr(one) for one in controls(app) if not one.objectName()]
        unspoken = [one.objectName() for one in controls(app) if not spoken(one)]
        counted = Counter(one.objectName() for one in controls(app))
        twice = [name for name, count in counted.items() if count > 1]

        assert without_name == []
        assert unspoken == []
        assert twice == []


def spoken(widget: QWidget) -> str:
    """What assistive tools call a widget: its accessible name, or a button's own words."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


async def test_tab_from_the_prompt_reaches_every_control(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.edit.inspector.advanced.open()
        app.studio.parameters.set(prompt="x", output_format="jpeg")
        await settled()
        wanted = {
            one.objectName()
            for one in controls(app)
            if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        }

        reached = walk(app, PLAIN) | walk(app, SHIFT)

        assert {name for name in wanted - reached if not name.endswith(("modelEdit",))} == set()


PLAIN = Qt.KeyboardModifier.NoModifier


def walk(app: Desk, modifiers: Qt.KeyboardModifier) -> set[str]:
    """The names of what has focus while Tab is pressed, from the prompt to the canvas or round to it."""
    prompt = app.window.edit.inspector.prompt.edit
    prompt.setFocus()
    found: set[str] = set()
    for _ in range(200):
        focus = QApplication.focusWidget()
        assert focus is not None
        found.add(focus.objectName())
        if focus is app.canvas or (focus is prompt and len(found) > 1):
            break
        QTest.keyClick(focus, Qt.Key.Key_Backtab if modifiers else Qt.Key.Key_Tab, modifiers)
    return found


async def test_letters_in_the_prompt_are_words_and_no_tools(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        brush = app.window.edit.brushes.of("brush")

        app.say("behzxq [] 05 \\")

        assert app.studio.parameters.params.prompt == "behzxq [] 05 \\"
        assert app.window.actions_["brush"].isChecked()
        assert app.window.edit.brushes.of("brush") == brush
        assert app.studio.settings.current.mask_view == "both"
        assert not app.canvas._scene.before


async def test_undo_in_the_prompt_takes_back_words_and_on_the_canvas_the_stroke(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((300, 200), (340, 240))
        app.say("remove the cup")

        app.key(Qt.Key.Key_Z, CONTROL)
        assert app.studio.parameters.params.prompt != "remove the cup"
        assert not app.mask_is_empty()

        app.canvas.setFocus()
        app.key(Qt.Key.Key_Z, CONTROL)
        assert app.mask_is_empty()


async def test_delete_in_the_prompt_and_the_size_leaves_mask_and_tray(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((300, 200), (340, 240))
        app.say("remove the cup")

        app.key(Qt.Key.Key_Delete)
        child(app.window, QLineEdit, "widthEdit").setFocus()
        app.key(Qt.Key.Key_Delete)

        assert not app.mask_is_empty()
        assert app.names == ["coffee.png"]


async def test_tool_keys_on_the_canvas_take_up_their_tools(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()
        for key, tool in ((Qt.Key.Key_E, "eraser"), (Qt.Key.Key_H, "pan"), (Qt.Key.Key_B, "brush")):
            app.key(key)

            assert app.window.actions_[tool].isChecked()
            assert child(app.window, QAbstractButton, f"tool_{tool}").isChecked()


async def test_tab_on_the_canvas_hides_the_panels_and_brings_them_back(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()

        app.key(Qt.Key.Key_Tab)
        assert app.window.workspaces.panels_hidden

        app.key(Qt.Key.Key_Tab)
        assert all(one.isVisible() for one in app.window.edit.docks[:2])
        assert QApplication.focusWidget() is app.canvas


async def test_settings_brush_and_words_are_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")], look="light") as app:
        app.window.wiring._brush_edited(Brush(141.0, 0.4, 0.7))
        app.say("remove the cup")
        app.studio.parameters.set(size="1536x1024", quality="high")

    async with desk(look="light") as app:
        assert app.window.edit.brushes.of("brush") == Brush(141.0, 0.4, 0.7)
        assert app.find(QLineEdit, "brushSizeValue").text() == "141 px"
        assert app.window.edit.inspector.prompt.edit.toPlainText() == "remove the cup"
        assert app.studio.parameters.params.size == "1536x1024"
        assert app.studio.settings.current.theme == "light"


async def test_hidden_dock_and_window_size_are_there_again_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")], size=(800, 700)) as app:
        app.window.edit.docks[2].hide()

    async with desk([photo("coffee.png")], size=None) as app:
        assert app.window.edit.docks[2].isHidden()
        assert app.window.edit.docks[0].isVisible()
        assert (app.window.width(), app.window.height()) == (800, 700)


async def test_window_left_on_a_screen_that_is_gone_comes_back_into_sight(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.move(20_000, 20_000)
        await settled()

    async with desk([photo("coffee.png")], size=None) as app:
        screen = app.window.screen().availableGeometry()
        assert screen.intersects(app.window.frameGeometry())
        assert screen.contains(app.window.frameGeometry().topLeft() + QPoint(1, 1))


async def test_look_changed_in_the_menu_dresses_everything_at_once(photo) -> None:
    async with desk([photo("coffee.png")], look="dark") as app:
        panel = app.window.edit.inspector
        assert ground(panel) == window_theme.DARK.panel

        app.window.actions_["look_light"].trigger()
        await settled()

        assert ground(panel) == window_theme.LIGHT.panel
        surround = app.canvas.grab().toImage().pixelColor(2, 2).name()
        assert surround == window_theme.LIGHT.surround
        assert app.window.actions_["look_light"].isChecked()
        assert not app.window.actions_["look_dark"].isChecked()


def ground(widget: QWidget) -> str:
    """The colour at the edge of a panel."""
    return widget.grab().toImage().pixelColor(4, widget.height() // 2).name()


@pytest.mark.parametrize("size", SIZES, ids=lambda one: f"{one[0]}x{one[1]}")
@pytest.mark.parametrize("look", ["dark", "light"])
async def test_words_are_nowhere_cut_off(photo, size, look) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")], size=size, look=look) as app:
        app.window.edit.inspector.advanced.open()
        for model in ModelTable.load().offered():
            app.studio.parameters.set(model=model, prompt="x", size="1537x1024", output_format="jpeg", n=2)
            await settled()

            assert list(cut_off(app)) == []


def cut_off(app: Desk) -> Iterator[str]:
    """Labels and buttons whose words don't fit; labels that end in an ellipsis by design are left out."""
    for one in app.window.findChildren(QLabel):
        text = one.text()
        if not one.isVisible() or not text or isinstance(one, ElidedLabel | FittedLabel):
            continue
        needed = one.heightForWidth(one.width()) if one.wordWrap() else one.sizeHint().height()
        wide = 0 if one.wordWrap() else one.fontMetrics().horizontalAdvance(text)
        if wide > one.width() or (needed > one.height() and one.wordWrap()):
            yield f"{one.objectName()}: “{text}” {one.size()}"
    for button in app.window.findChildren(QPushButton):
        if button.isVisible() and button.fontMetrics().horizontalAdvance(button.text()) > button.width():
            yield f"{button.objectName()}: “{button.text()}”"


async def test_prompt_grows_with_its_words_and_stops(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        edit = app.window.edit.inspector.prompt.edit
        empty = edit.height()

        app.studio.parameters.set(prompt="\n".join(["line"] * 8))
        await until(lambda: edit.height() > empty)
        eight = edit.height()
        app.studio.parameters.set(prompt="\n".join(["line"] * 40))
        await until(lambda: edit.height() > eight)

        assert edit.height() < 14 * edit.fontMetrics().lineSpacing()
