"""Sizes by their use: the menu offers what the model takes, with prices, and the first picture can lead."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton
from tests.flows.desk import CONTROL, LEFT, child

from overpaint.core.masks.mask import Mask
from overpaint.core.request.edit_request import Picture
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size, parse
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.parameters import Parameters
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.tasks import Tasks
from overpaint.ui.inspector.aspect_preview import ShapePreview
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.theme.window_theme import DARK


@pytest.fixture
def panel(qtbot) -> Inspector:
    """An inspector whose first picture is 451 x 300, where edits cost something."""
    session = Session(1 << 20)
    edit = CurrentEdit(session, Parameters(ModelTable.load(), EditParams(prompt="x", quality="high")))
    picture = Picture(Path("cat.png"), "cat.png", "png", Size(451, 300), 1000)
    session.start_with([TrayItem(0, picture, Path("cat.png"), mask=Mask(451, 300))])
    made = Inspector(edit, Tasks())
    made.set_icons(DARK)
    made.set_free(False)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    QApplication.processEvents()
    return made


def entries(panel: Inspector) -> list[QAction]:
    """The lines of the menu, which the offscreen platform can't open."""
    menu = child(panel, QMenu, "sizePresetMenu")
    menu.aboutToShow.emit()
    return menu.actions()


def entry(panel: Inspector, title: str) -> QAction:
    return next(one for one in entries(panel) if one.text().startswith(title))


def params(panel: Inspector) -> EditParams:
    return panel._edit.parameters.params


@pytest.mark.parametrize("model", ModelTable.load().offered())
def test_every_line_of_the_menu_gives_a_size_that_the_model_takes(panel, model) -> None:
    panel._edit.parameters.set(model=model)
    titles = [one.objectName() for one in entries(panel) if one.isEnabled() and one.objectName()]
    assert len(titles) >= 4

    for title in titles:
        panel._edit.parameters.set(size="auto")
        next(one for one in entries(panel) if one.objectName() == title).trigger()
        assert [one for one in panel._edit.state.problems if one.field == "size"] == []
        assert (params(panel).size == "auto") == (title == "sizePreset_Auto")


def test_line_of_the_menu_says_size_and_price_and_what_is_experimental(panel) -> None:
    assert entry(panel, "Square 1:1").text().startswith("Square 1:1\t1024 × 1024 · $0.2")
    assert entry(panel, "4K landscape").text().endswith("experimental")
    assert not entry(panel, "4K landscape").icon().isNull()


def test_menu_where_edits_are_free_says_no_price(panel) -> None:
    panel.set_free(True)

    assert entry(panel, "Square 1:1").text() == "Square 1:1\t1024 × 1024"


def test_size_like_the_first_picture_keeps_its_ratio_from_then_on(panel) -> None:
    entry(panel, "Like picture 1").trigger()
    like = parse(params(panel).size)
    assert like is not None
    assert abs(like.aspect / (451 / 300) - 1) < 0.01
    assert child(panel, QToolButton, "ratioLock").isChecked()

    edit = child(panel, QLineEdit, "heightEdit")
    QTest.mouseClick(edit, LEFT)
    QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(edit, "1600")

    assert params(panel).size == "2400x1600"


def test_shape_is_named_and_follows_the_size(panel) -> None:
    shape = child(panel, ShapePreview, "sizeShape")
    panel._edit.parameters.set(size="auto")
    before = shape.accessibleName(), shape.grab().toImage()

    panel._edit.parameters.set(size="2048x1152")

    assert before[0] == "Shape as the model chooses"
    assert shape.accessibleName() == "Shape 16:9"
    assert shape.grab().toImage() != before[1]


def test_chips_stay_in_one_row_at_every_width_and_the_chosen_one_among_them(panel) -> None:
    panel.set_free(True)  # a cheaper size has a row of its own
    panel._edit.parameters.set(size="2048x1152")
    chosen, more = child(panel, QPushButton, "sizeChip_2048x1152"), child(panel, QToolButton, "sizePresets")

    for width in (*range(296, 420, 4), *range(420, 296, -4)):
        panel.resize(width, 420 + width % 3 * 120)  # with a scroll bar and without one
        for _ in range(3):
            QApplication.processEvents()

        chips = [one for one in panel.findChildren(QPushButton) if one.objectName().startswith("sizeChip_")]
        assert {one.y() for one in (*chips, more) if one.isVisible()} == {0}
        assert chosen.isVisible()
