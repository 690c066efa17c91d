"""The panel of pen and smoothing: what is set there paints so, is kept for each tool, and is there again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLineEdit, QToolButton, QWidget
from tests.flows.desk import Desk, desk

from overpaint.core.paint.pen_pressure import FIRM, LINEAR, SOFT, Pen

pytestmark = pytest.mark.qt_log_ignore(
    "plugin does not support (raise|grabbing the keyboard|propagateSizeHints)", extend=True
)  # said for every popup where there is no real screen


def opened(app: Desk) -> QWidget:
    """The panel, opened by its button."""
    app.click(app.find(QToolButton, "option_stroke"))
    return app.find(QWidget, "strokePanel")


def type_percent(app: Desk, name: str, percent: str) -> None:
    app.type_over(app.find(QLineEdit, name), percent)
    QTest.keyClick(app.find(QLineEdit, name), Qt.Key.Key_Return)


async def test_what_is_set_there_is_the_brush_s_and_no_other_tool_s(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        opened(app)
        type_percent(app, "brushSmoothingValue", "40")
        type_percent(app, "penLeastSizeValue", "25")
        app.click(app.find(QAbstractButton, "penSizeCurve_soft"))
        app.find(QCheckBox, "penToOpacity").click()
        app.click(app.find(QAbstractButton, "penOpacityCurve_firm"))

        brushes = app.window.edit.brushes
        brush, eraser = brushes.of("brush"), brushes.of("eraser")
        assert brush is not None
        assert eraser is not None
        assert (brush.smoothing, brush.pen) == (0.4, Pen(True, SOFT, 0.25, True, FIRM))
        assert (eraser.smoothing, eraser.pen) == (0.0, Pen())
        assert app.canvas._tool_context.brush == brush


async def test_pen_is_there_again_at_the_next_start_and_after_another_tool(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        opened(app)
        type_percent(app, "brushSmoothingValue", "33")
        app.find(QCheckBox, "penToSize").click()
        app.find(QWidget, "strokePanel").close()

    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["eraser"].trigger()
        opened(app)
        assert app.find(QLineEdit, "brushSmoothingValue").text() == "0 %"
        app.window.actions_["brush"].trigger()

        assert app.find(QLineEdit, "brushSmoothingValue").text() == "33 %"
        assert not app.find(QCheckBox, "penToSize").isChecked()
        assert not app.find(QWidget, "penSizeCurve").isEnabled()


async def test_size_set_in_the_bar_keeps_the_pen(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        opened(app)
        app.click(app.find(QAbstractButton, "penSizeCurve_firm"))
        app.find(QWidget, "strokePanel").close()

        type_percent(app, "brushSizeValue", "91")

        brush = app.window.edit.brushes.of("brush")
        assert brush is not None
        assert (brush.diameter, brush.pen) == (91.0, Pen(True, FIRM, 0.0, False, LINEAR))


async def test_panel_opened_by_keys_takes_the_focus_and_closes_with_escape(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        button = app.find(QToolButton, "option_stroke")
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        panel = app.find(QWidget, "strokePanel")
        assert panel.isVisible()
        focused = panel.focusWidget()
        assert focused is not None

        QTest.keyClick(focused, Qt.Key.Key_Escape)

        assert not panel.isVisible()


@pytest.mark.parametrize(
    ("tool", "shown"), [("brush", True), ("eraser", True), ("quick", False), ("wand", False)]
)
async def test_button_is_there_for_the_tools_that_paint(photo, tool, shown) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_[tool].trigger()

        assert app.find(QToolButton, "option_stroke").isVisible() == shown


async def test_panel_stays_on_the_screen(photo) -> None:
    async with desk([photo("coffee.png")], size=(1024, 700)) as app:
        app.window.move(app.window.screen().availableGeometry().right() - 300, 0)

        panel = opened(app)

        assert app.window.screen().availableGeometry().contains(panel.geometry())
