"""The platform's file dialogs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from overpaint.core.request.picture_formats import named, picture_suffixes
from overpaint.ui.dialogs.awaited import answer

_PNG = "PNG pictures (*.png)"
_PRESETS = "Presets (*.json);;All files (*)"
_LAST = "lastFolder"


async def ask_for_files(parent: QWidget, memory: QSettings, folder: Path | None = None) -> list[Path]:
    """Picture files that the user chose; none when the dialog was left. It begins in ``folder``, or where
    the last one ended, which it then remembers."""
    start = str(folder) if folder is not None else str(memory.value(_LAST, ""))
    dialog = QFileDialog(parent, "Add pictures", start, _pictures())
    dialog.setObjectName("addPicturesDialog")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    chosen = await _chosen(dialog)
    if chosen and folder is None:
        memory.setValue(_LAST, str(chosen[0].parent))
    return chosen


async def ask_for_other_file(parent: QWidget, memory: QSettings, name: str) -> Path | None:
    """The picture file that takes the place of the one called ``name``; None when the dialog was left."""
    dialog = QFileDialog(parent, f"Replace {name}", str(memory.value(_LAST, "")), _pictures())
    dialog.setObjectName("replacePictureDialog")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _remembered(dialog, memory)


async def ask_for_mask(parent: QWidget, memory: QSettings) -> Path | None:
    """The picture file to be read as a mask; None when the dialog was left."""
    dialog = QFileDialog(parent, "Import mask", str(memory.value(_LAST, "")), _pictures())
    dialog.setObjectName("importMaskDialog")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _remembered(dialog, memory)


async def ask_for_folder(parent: QWidget, title: str, start: Path) -> Path | None:
    """A folder that the user chose or made; None when the dialog was left."""
    dialog = QFileDialog(parent, title, str(start))
    dialog.setObjectName("chooseFolderDialog")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    chosen = await _chosen(dialog)
    return chosen[0] if chosen else None


async def ask_where_to_save(parent: QWidget, memory: QSettings, title: str, name: str) -> Path | None:
    """Where a PNG of that suggested name is to be saved; None when the dialog was left."""
    start = Path(str(memory.value(_LAST, ""))) / name
    dialog = QFileDialog(parent, title, str(start), _PNG)
    dialog.setObjectName("saveDialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("png")
    return await _remembered(dialog, memory)


async def ask_where_to_save_reply(parent: QWidget, memory: QSettings, name: str) -> Path | None:
    """Where the reply of a service is to be saved as it came; None when the dialog was left."""
    start = Path(str(memory.value(_LAST, ""))) / name
    dialog = QFileDialog(parent, "Save the reply", str(start), "All files (*)")
    dialog.setObjectName("saveReplyDialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return await _remembered(dialog, memory)


async def ask_for_presets(parent: QWidget, memory: QSettings) -> Path | None:
    """The file of presets to be imported; None when the dialog was left."""
    dialog = QFileDialog(parent, "Import presets", str(memory.value(_LAST, "")), _PRESETS)
    dialog.setObjectName("importPresetsDialog")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _remembered(dialog, memory)


async def ask_where_to_export(parent: QWidget, memory: QSettings, name: str) -> Path | None:
    """Where presets are to be exported, with a suggested file name; None when the dialog was left."""
    start = Path(str(memory.value(_LAST, ""))) / name
    dialog = QFileDialog(parent, "Export presets", str(start), _PRESETS)
    dialog.setObjectName("exportPresetsDialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("json")
    return await _remembered(dialog, memory)


async def ask_where_to_export_picture(
    parent: QWidget, memory: QSettings, name: str, formats: Sequence[str]
) -> Path | None:
    """Where a picture is to be exported, with a suggested name that has no ending; its ending says in which
    of the ``formats``. None when the dialog was left."""
    rows = [named(one) for one in formats]
    filters = [f"{row.title} (*{' *'.join(row.suffixes)})" for row in rows]
    start = Path(str(memory.value(_LAST, ""))) / (name + rows[0].suffix)
    dialog = QFileDialog(parent, "Export the result", str(start), ";;".join(filters))
    dialog.setObjectName("exportResultDialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    endings = dict(zip(filters, (row.suffix.removeprefix(".") for row in rows), strict=True))
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(endings[chosen]))
    dialog.setDefaultSuffix(endings[filters[0]])
    return await _remembered(dialog, memory)


def _pictures() -> str:
    """The filter for pictures that the tray takes."""
    return f"Pictures ({' '.join(f'*{suffix}' for suffix in picture_suffixes())});;All files (*)"


async def _remembered(dialog: QFileDialog, memory: QSettings) -> Path | None:
    chosen = await _chosen(dialog)
    if not chosen:
        return None
    memory.setValue(_LAST, str(chosen[0].parent))
    return chosen[0]


async def _chosen(dialog: QFileDialog) -> list[Path]:
    return [Path(name) for name in dialog.selectedFiles()] if await answer(dialog) else []
