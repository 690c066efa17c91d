"""The settings dialog: every setting with its declared words and range, the cap among them, and back."""

import asyncio

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from tests.flows.desk import CONTROL, child
from tests.flows.wait import settled

from overpaint.studio.config.settings import Settings
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.ui.settings.settings_dialog import SHOWN, SettingsDialog
from overpaint.ui.widgets.fields.titled_field import Field

CHANGED = Settings(
    theme="light",
    gallery="/pictures",
    daily_cap=2.5,
    running_at_once=3,
    undo_megabytes=512,
    keep_metadata=True,
)


class Asking:
    """A settings dialog that is open, and the settings it will give."""

    def __init__(self, settings: Settings, parent: QWidget, undo_bytes: int = 0) -> None:
        self.dialog = SettingsDialog(settings, parent, undo_bytes)
        self.answer = asyncio.get_running_loop().create_task(self.dialog.ask())

    async def opened(self) -> QDialog:
        await settled()
        self.dialog.activateWindow()
        await settled()
        return self.dialog

    def save(self) -> None:
        QTest.mouseClick(child(self.dialog, QPushButton, "settingsSave"), Qt.MouseButton.LeftButton)


@pytest.fixture
def window(qtbot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def cap_field(dialog: QDialog) -> QDoubleSpinBox:
    return child(dialog, QDoubleSpinBox, "setting_daily_cap")


def type_over(spin: QDoubleSpinBox | QSpinBox, text: str) -> None:
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(spin, text)


async def test_dialog_shows_the_settings_in_force_and_saving_gives_them_back(window) -> None:
    asking = Asking(CHANGED, window)
    dialog = await asking.opened()

    assert cap_field(dialog).value() == 2.5
    assert child(dialog, QSpinBox, "setting_running_at_once").value() == 3
    assert child(dialog, QComboBox, "setting_theme").currentText() == "Light"
    assert child(dialog, QLineEdit, "setting_gallery").text() == "/pictures"
    asking.save()
    assert await asking.answer == {name: getattr(CHANGED, name) for name in SHOWN}


async def test_cap_is_explained_where_it_is_set(window) -> None:
    asking = Asking(Settings(), window)
    dialog = await asking.opened()

    field = child(dialog, Field, "settingField_daily_cap")

    assert field.title.text() == "Spending cap a day ($)"
    assert field.words() == "Asks before it is passed; 0: no cap"
    dialog.reject()
    assert await asking.answer is None


@pytest.mark.parametrize(
    ("typed", "kept"), [("1.25", 1.25), ("0", 0.0), ("10000", 10_000.0), ("99999", 9999.0)]
)
async def test_cap_that_is_typed_is_saved_and_there_at_the_next_start(window, home, typed, kept) -> None:
    store = SettingsStore(home / "settings.toml")
    asking = Asking(store.current, window)
    dialog = await asking.opened()

    type_over(cap_field(dialog), typed)
    asking.save()
    changed = await asking.answer
    assert changed is not None
    store.replace(**changed)
    store.save()

    assert SettingsStore(home / "settings.toml").current.daily_cap == kept


async def test_cap_takes_no_letters_and_no_sign(window) -> None:
    asking = Asking(CHANGED, window)
    dialog = await asking.opened()

    type_over(cap_field(dialog), "-free")

    asking.save()
    changed = await asking.answer
    assert changed is not None
    assert changed["daily_cap"] == 2.5


async def test_cap_that_is_not_known_is_asked_for_and_no_answer_to_another_setting(window) -> None:
    asking = Asking(Settings(daily_cap=None), window)
    dialog = await asking.opened()

    assert cap_field(dialog).text() == "not known"
    assert "couldn't be read" in child(dialog, Field, "settingField_daily_cap").words()
    asking.save()

    changed = await asking.answer
    assert changed is not None
    assert set(changed) == {*SHOWN} - {"daily_cap"}


@pytest.mark.parametrize(("typed", "answered"), [("0", 0.0), ("7.5", 7.5)])
async def test_cap_that_is_not_known_is_what_is_typed(window, typed, answered) -> None:
    asking = Asking(Settings(daily_cap=None), window)
    dialog = await asking.opened()

    type_over(cap_field(dialog), typed)

    assert child(dialog, Field, "settingField_daily_cap").words() == "Asks before it is passed; 0: no cap"
    asking.save()
    changed = await asking.answer
    assert changed is not None
    assert changed["daily_cap"] == answered


async def test_dialog_left_by_escape_changes_nothing(window) -> None:
    asking = Asking(CHANGED, window)
    dialog = await asking.opened()
    type_over(cap_field(dialog), "9")

    QTest.keyClick(cap_field(dialog), Qt.Key.Key_Escape)

    assert await asking.answer is None


def test_every_setting_of_the_dialog_is_declared_with_words() -> None:
    declared = {field.name for field in msgspec.structs.fields(Settings)}

    assert set(SHOWN) <= declared
    assert "daily_cap" in SHOWN


async def test_undo_memory_says_how_much_of_it_is_used(window) -> None:
    asking = Asking(Settings(undo_megabytes=256), window, 12 * 1024 * 1024 + 500)
    dialog = await asking.opened()
    used = child(dialog, QLabel, "undoUsed")
    assert used.text() == "12 MB of 256 MB used"

    type_over(child(dialog, QSpinBox, "setting_undo_megabytes"), "512")

    assert used.text() == "12 MB of 512 MB used"
    dialog.reject()
    assert await asking.answer is None


async def test_undo_memory_that_is_too_small_says_what_is_forgotten(window) -> None:
    asking = Asking(Settings(undo_megabytes=256), window, 90 * 1024 * 1024)
    dialog = await asking.opened()
    field = child(dialog, Field, "settingField_undo_megabytes")
    assert field.words() == "Megabytes that undo may use"

    type_over(child(dialog, QSpinBox, "setting_undo_megabytes"), "64")

    assert field.words() == "The oldest acts in the history will be forgotten."
    dialog.reject()
    assert await asking.answer is None
