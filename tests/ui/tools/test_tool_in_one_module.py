"""A selecting tool declared here alone: the window shows it everywhere a tool is shown, and it selects."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QMenu, QWidget
from tests.flows.desk import LEFT, NONE, Desk, desk
from tests.flows.wait import until
from tests.ui.tools.drawn import polygon

from overpaint.core.masks.mask import Mask
from overpaint.imaging.masks import shapes
from overpaint.ui.tools.options.selection_options import how_at
from overpaint.ui.tools.selecting.lasso import LASSO
from overpaint.ui.tools.tool_spec import ToolContext, Toolset, ToolSpec
from overpaint.ui.tools.toolset import TOOLS
from overpaint.ui.viewport.canvas_api import Gesture, Pointer
from overpaint.ui.viewport.outline import Outline


class _DiamondDrag(Gesture):
    """From the middle to the corner at the right."""

    def __init__(self, context: ToolContext, mask: Mask, pointer: Pointer) -> None:
        self._context, self._mask = context, mask
        self._how = how_at(pointer, context.options)
        self._middle = self._right = context.place(pointer)

    def move(self, pointer: Pointer) -> None:
        self._right = self._context.place(pointer)
        self._context.canvas.show_outline(Outline(self._corners))

    def end(self) -> None:
        self.abort()
        self._context.selections.commit(DIAMOND.title, self._mask, self._how, self._corners, shapes.polygon)

    def abort(self) -> None:
        self._context.canvas.show_outline(None)

    @property
    def _corners(self) -> tuple[tuple[float, float], ...]:
        (x, y), reach = self._middle, self._right[0] - self._middle[0]
        return (x - reach, y), (x, y - reach), (x + reach, y), (x, y + reach)


def _begin(context: ToolContext, pointer: Pointer) -> Gesture | None:
    mask = context.mask_to_edit()
    return None if mask is None else _DiamondDrag(context, mask, pointer)


DIAMOND = ToolSpec(
    id="diamond",
    title="Diamond",
    tip="drag from the middle to a corner.",
    icon="polygon",
    keys=("D",),
    group="select",
    hint="Drag from the middle.",
    begin=_begin,
    options=frozenset({"combine", "smooth"}),
    on_edges=True,
)

WITH_DIAMOND = Toolset((*TOOLS, DIAMOND))


def bar(app: Desk) -> set[str]:
    """What the option bar offers of a brush's and a selection's options."""
    names = ("brushSize", "option_stroke", "selectWay", "selectTolerance", "selectFeather", "selectSmooth")
    found = [app.window.findChild(QWidget, name) for name in names]
    return {one.objectName() for one in found if one is not None and one.isVisible()}


async def test_tool_stands_in_toolbox_menu_option_bar_and_list_of_keys(photo) -> None:
    async with desk([photo("coffee.png")], tools=WITH_DIAMOND) as app:
        button = app.find(QAbstractButton, "tool_diamond")
        app.click(button)
        app.window.actions_["keys"].trigger()
        dialog = await until(lambda: app.window.findChild(QDialog, "keysDialog"))
        keys = [one.text() for one in dialog.findChildren(QLabel)]

        assert button.isChecked()
        assert button.toolTip() == "Diamond (D): drag from the middle to a corner."
        assert "Diamond" in [one.text() for one in app.find(QMenu, "menuTools").actions()]
        assert (app.words("toolTitle"), app.words("toolHint")) == ("Diamond", "Drag from the middle.")
        assert bar(app) == {"selectWay", "selectSmooth"}
        assert keys[keys.index("Diamond") + 1] == "D"
        dialog.close()


async def test_tool_taken_up_by_its_key_and_dragged_is_one_entry_of_undo(photo) -> None:
    async with desk([photo("coffee.png")], tools=WITH_DIAMOND) as app:
        before = app.item.mask.coverage.copy()
        app.canvas.setFocus()
        app.key(Qt.Key.Key_D)

        app.paint((300, 200), (320, 200), (350, 200))

        mask = app.item.mask.coverage
        expected = polygon(mask.shape, [(250, 200), (300, 150), (350, 200), (300, 250)])
        assert np.abs(mask / 255 - expected).mean() < 0.002
        assert mask[200, 300] == 255
        assert app.studio.session.history.names()[1:] == ["Diamond"]
        app.studio.session.undo()
        assert np.array_equal(app.item.mask.coverage, before)


async def test_tool_aborted_by_escape_leaves_the_mask(photo) -> None:
    async with desk([photo("coffee.png")], tools=WITH_DIAMOND) as app:
        app.window.actions_["diamond"].trigger()
        app.canvas.setFocus()
        names = app.studio.session.history.names()
        start, end = (QPointF(*app.canvas.view.to_widget(*pixel)) for pixel in ((300, 200), (350, 200)))
        app.mouse(app.canvas, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
        app.mouse(app.canvas, QEvent.Type.MouseMove, end, NONE, LEFT)

        app.key(Qt.Key.Key_Escape)

        assert app.mask_is_empty()
        assert app.canvas._outline is None
        assert app.studio.session.history.names() == names


def test_two_tools_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Toolset((*TOOLS, LASSO))
