"""Dialogs that are opened and awaited: what they give, where focus goes, and that none is left behind."""

import asyncio

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from tests.flows.desk import child
from tests.flows.wait import settled, until

from overpaint.ui.dialogs.awaited import answer, show


@pytest.fixture
async def window(qtbot) -> QWidget:
    """A window with two fields, the second of which has focus."""
    widget = QWidget()
    qtbot.addWidget(widget)
    column = QVBoxLayout(widget)
    for name in ("first", "second"):
        edit = QLineEdit()
        edit.setObjectName(name)
        column.addWidget(edit)
    widget.show()
    widget.activateWindow()
    child(widget, QLineEdit, "second").setFocus()
    await back(widget)
    return widget


def focused() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


async def back(window: QWidget) -> None:
    """The window is active again, as a desktop sees to, and its second field has focus."""
    window.activateWindow()
    await until(lambda: focused() == "second")


def form(parent: QWidget) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName("form")
    edit = QLineEdit("typed", dialog)
    edit.setObjectName("inDialog")
    edit.setFocus()
    return dialog


async def gone(parent: QWidget) -> None:
    await until(lambda: parent.findChild(QDialog, "form") is None)


@pytest.mark.parametrize("code", [0, 1, 7])
async def test_answer_is_the_code_that_the_dialog_ends_with(window, code) -> None:
    dialog = form(window)
    asking = asyncio.get_running_loop().create_task(answer(dialog))
    await until(dialog.isVisible)

    dialog.done(code)

    assert await asking == code
    await gone(window)


async def test_what_was_typed_can_be_read_when_the_answer_is_there(window) -> None:
    dialog = form(window)
    edit = child(dialog, QLineEdit, "inDialog")

    async def ask() -> str:
        return edit.text() if await answer(dialog) else ""

    asking = asyncio.get_running_loop().create_task(ask())
    await until(dialog.isVisible)
    dialog.accept()

    assert await asking == "typed"


async def test_focus_goes_back_where_it_was_however_the_dialog_ends(window) -> None:
    for end in (QDialog.accept, QDialog.reject, QDialog.close):
        dialog = form(window)
        asking = asyncio.get_running_loop().create_task(answer(dialog))
        await until(lambda: focused() == "inDialog")

        end(dialog)

        await asking
        await back(window)


async def test_dialog_whose_asker_is_cancelled_closes_at_once(window) -> None:
    dialog = form(window)
    ends: list[int] = []
    dialog.finished.connect(ends.append)
    asking = asyncio.get_running_loop().create_task(answer(dialog))
    await until(dialog.isVisible)

    asking.cancel()
    await asyncio.wait([asking])

    assert asking.cancelled()
    assert ends == [0]
    await gone(window)
    await back(window)


async def test_dialog_whose_window_goes_was_left(window) -> None:
    other = QWidget()
    other.show()
    asking = asyncio.get_running_loop().create_task(answer(form(other)))
    await settled()

    other.close()
    other.deleteLater()

    assert await asyncio.wait_for(asking, 5) == 0


async def test_dialog_that_nobody_waits_for_goes_once_it_is_closed(window) -> None:
    dialog = form(window)
    show(dialog)
    await until(lambda: focused() == "inDialog")

    dialog.close()

    await gone(window)
    await back(window)
