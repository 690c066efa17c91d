"""Keys go where the pointer works: onto the canvas, but not away from somebody who types."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSlider
from tests.flows.desk import NONE, Desk, desk


def hover(app: Desk) -> None:
    """Moves the pointer over the middle of the canvas."""
    app.mouse(app.canvas, QEvent.Type.MouseMove, QPointF(app.canvas.rect().center()), NONE, NONE)


async def test_brush_keys_after_a_slider_was_dragged_work_over_the_canvas() -> None:
    async with desk() as app:
        app.click(app.find(QSlider, "brushHardnessSlider"))
        before = app.window.edit.brushes.of("brush")

        hover(app)
        app.key(Qt.Key.Key_BracketRight)

        after = app.window.edit.brushes.of("brush")
        assert before is not None
        assert after is not None
        assert after.diameter > before.diameter


async def test_space_held_to_pan_after_a_box_was_ticked_leaves_the_box_alone() -> None:
    async with desk() as app:
        app.window.actions_["wand"].trigger()
        box = app.find(QCheckBox, "selectContiguous")
        app.click(box)
        ticked, view = box.isChecked(), app.canvas.view

        hover(app)
        app.hold(Qt.Key.Key_Space)
        app.paint((400, 300), (500, 300))
        app.let_go(Qt.Key.Key_Space)

        assert box.isChecked() == ticked
        assert app.canvas.view != view
        assert app.mask_is_empty()


async def test_the_pointer_over_the_canvas_leaves_somebody_typing_alone() -> None:
    async with desk() as app:
        edit = app.window.edit.inspector.prompt.edit
        edit.setFocus()

        hover(app)
        app.key(Qt.Key.Key_BracketRight)

        assert edit.toPlainText() == "]"


@pytest.mark.parametrize(("tool", "field"), [("brush", "brushSizeValue"), ("lasso", "selectFeatherValue")])
async def test_enter_after_a_number_of_the_tool_gives_the_keys_back_to_the_canvas(tool, field) -> None:
    async with desk() as app:
        app.window.actions_[tool].trigger()
        number = app.find(QLineEdit, field)
        app.type_over(number, "120")

        app.key(Qt.Key.Key_Return)

        assert number.text() == "120 px"
        assert app.canvas.hasFocus()
