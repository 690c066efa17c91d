"""Presets by real events: saved, applied with undo, renamed, removed, exported and imported."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QToolButton,
)
from tests.flows.desk import CONTROL, SHIFT, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.core.request.params import EditParams
from overpaint.ui.prompt.preset_dialog import PresetDialog

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)
FILM = EditParams(prompt="An old film", quality="high", size="1536x1024", n=2, output_format="webp")


def menu(app: Desk) -> list[QAction]:
    """The menu beside the prompt, filled as when it opens."""
    found = app.find(QMenu, "presetsMenu")
    found.aboutToShow.emit()
    return [action for action in found.actions() if not action.isSeparator()]


async def dialog_of_presets(app: Desk) -> PresetDialog:
    menu(app)[-1].trigger()
    dialog = await until(lambda: app.window.findChild(PresetDialog))
    await settled()
    return dialog


def listed(dialog: PresetDialog) -> list[str]:
    found = child(dialog, QListWidget, "presetList")
    return [found.item(at).text() for at in range(found.count())]


async def choose_file(app: Desk, name: str, file: Path) -> None:
    """Types a path into the file dialog that is open, and accepts it."""
    dialog = await until(lambda: app.window.findChild(QFileDialog, name))
    await settled()
    app.type_over(child(dialog, QLineEdit, "fileNameEdit"), str(file))
    app.key(Qt.Key.Key_Return)
    await until(lambda: app.window.findChild(QFileDialog, name) is None)
    await settled()


def foot(dialog: PresetDialog) -> str:
    return child(dialog, QLabel, "presetFoot").text()


async def test_preset_saved_by_key_is_applied_from_the_menu_and_undone(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.studio.parameters.set(**{name: getattr(FILM, name) for name in FILM.__struct_fields__})
        app.key(Qt.Key.Key_S, CONTROL | SHIFT)
        asked = await until(lambda: app.window.findChild(QDialog, "presetNameDialog"))
        assert child(asked, QLineEdit, "presetNameEdit").text() == "An old film"
        app.type_over(child(asked, QLineEdit, "presetNameEdit"), "Film & grain")
        app.key(Qt.Key.Key_Return)
        await until(lambda: bool(app.studio.presets.all))
        mine = EditParams(prompt="mine", user="me")
        app.studio.parameters.set(**{name: getattr(mine, name) for name in mine.__struct_fields__})

        first = menu(app)[0]
        assert first.text() == "Film && grain\tAn old film"
        first.trigger()

        assert app.studio.parameters.params == FILM.replace(user="me")
        assert app.window.edit.inspector.prompt.edit.toPlainText() == "An old film"
        app.click(app.find(QPushButton, "statusAct"))
        assert app.studio.parameters.params == mine

    async with desk([photo("coffee.png")]) as app:
        await until(lambda: bool(app.studio.presets.all))
        assert app.studio.presets.all[0].params == FILM


async def test_menu_opens_by_a_click_and_says_when_there_is_nothing(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        shown: list[bool] = []
        found = app.find(QMenu, "presetsMenu")
        found.aboutToShow.connect(lambda: shown.append(True))

        QTest.keyClick(app.find(QToolButton, "presetsButton"), Qt.Key.Key_Space)
        await until(lambda: bool(shown))
        found.close()

        assert [action.text() for action in menu(app)] == [
            "No preset was saved yet",
            "Save as preset…",
            "Change presets…",
        ]
        assert not menu(app)[0].isEnabled()


async def test_name_left_empty_can_not_be_saved(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.actions_["save_preset"].trigger()
        asked = await until(lambda: app.window.findChild(QDialog, "presetNameDialog"))
        save = child(asked, QPushButton, "presetNameSave")

        assert not save.isEnabled()
        QTest.keyClick(child(asked, QLineEdit, "presetNameEdit"), Qt.Key.Key_Return)
        assert asked.isVisible()
        QTest.keyClick(asked, Qt.Key.Key_Escape)
        await settled()
        assert app.studio.presets.all == ()


async def test_preset_is_renamed_in_place_by_f2(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        for name in ("Film", "Other"):
            app.studio.presets.save(name, FILM)
        dialog = await dialog_of_presets(app)
        names = child(dialog, QListWidget, "presetList")
        names.setFocus()
        names.setCurrentRow(0)

        QTest.keyClick(names, Qt.Key.Key_F2)
        editor = await until(lambda: names.findChild(QLineEdit))
        QTest.keyClick(editor, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(editor, "other")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        await settled()

        assert listed(dialog) == ["Other", "other (2)"]
        dialog.close()
        await settled()


async def test_removed_presets_come_back_by_undo(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        for name in ("A", "B", "C"):
            app.studio.presets.save(name, FILM)
        dialog = await dialog_of_presets(app)
        names = child(dialog, QListWidget, "presetList")
        names.setFocus()
        names.setCurrentRow(0)
        QTest.keyClick(names, Qt.Key.Key_Down, SHIFT)

        QTest.keyClick(names, Qt.Key.Key_Delete)
        assert (listed(dialog), foot(dialog)) == (["C"], "2 presets removed.")
        app.click(child(dialog, QPushButton, "presetUndo"))

        assert listed(dialog) == ["A", "B", "C"]
        assert not child(dialog, QPushButton, "presetUndo").isVisible()
        dialog.close()
        await settled()


async def test_exported_preset_is_imported_beside_the_one_of_its_name(photo, tmp_path) -> None:
    async with desk([photo("coffee.png")]) as app:
        for name in ("Film", "Other"):
            app.studio.presets.save(name, FILM)
        dialog = await dialog_of_presets(app)
        names = child(dialog, QListWidget, "presetList")
        names.setCurrentRow(0)

        app.click(child(dialog, QPushButton, "presetExport"))
        await choose_file(app, "exportPresetsDialog", tmp_path / "film.json")
        await until(lambda: (tmp_path / "film.json").exists())
        app.click(child(dialog, QPushButton, "presetImport"))
        await choose_file(app, "importPresetsDialog", tmp_path / "film.json")
        await until(lambda: len(listed(dialog)) == 3)

        assert [one["name"] for one in json.loads((tmp_path / "film.json").read_text())["presets"]] == [
            "Film"
        ]
        assert listed(dialog) == ["Film", "Film (2)", "Other"]
        assert foot(dialog) == "Preset “Film (2)” imported."
        dialog.close()
        await settled()


async def test_file_that_holds_no_presets_is_refused_in_words(photo, tmp_path) -> None:
    (tmp_path / "bad.json").write_text("[]")
    async with desk([photo("coffee.png")]) as app:
        dialog = await dialog_of_presets(app)

        app.click(child(dialog, QPushButton, "presetImport"))
        await choose_file(app, "importPresetsDialog", tmp_path / "bad.json")

        await until(lambda: "bad.json" in foot(dialog))
        assert foot(dialog) == "“bad.json” is no file of presets. Choose one that Overpaint exported."
        dialog.close()
        await settled()


HOSTILE = [
    {"size": "9" * 40 + "x" + "9" * 40},
    {"size": "-1x0"},
    {"model": "\u202e\u0000 <b>x</b>"},
    {"quality": "🎈", "background": "", "moderation": "no", "input_fidelity": "?"},
    {"prompt": "{" * 32_000},
    {"prompt": '@"' * 16_000},
    {"prompt": "".join(f"{{f{at}}}" for at in range(4_000))},
]


@pytest.mark.parametrize("params", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_preset_is_applied_as_problems_in_words(photo, tmp_path, params) -> None:
    entry = {"name": "Bad", "params": {"prompt": "x"} | params}
    (tmp_path / "p.json").write_text(json.dumps({"overpaint_presets": 1, "presets": [entry]}))
    async with desk([photo("coffee.png")]) as app:
        await app.studio.presets.take_in(tmp_path / "p.json")

        menu(app)[0].trigger()
        await settled()

        assert app.studio.parameters.params.prompt
        assert len(app.find(QLabel, "generateNote").text()) < 300
        app.click(app.find(QPushButton, "statusAct"))
        assert app.studio.parameters.params.prompt == ""
