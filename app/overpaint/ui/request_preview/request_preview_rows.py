"""Rows of what will be sent: files with their thumbnails, and fields with their values."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.studio.runs.request_preview import SentFile
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import ElidedLabel, label
from overpaint.ui.widgets.tile import PictureTile

_THUMBNAIL = QSize(72, 54)
_NAME_WIDTH = 136
_EDITED = "#ffffff"
"""What lets through in a mask is what will be edited: white, as in the view of the mask as it is sent."""


def bytes_words(count: int) -> str:
    """A file's length as people say it: ``512 bytes``, ``48 kB``, ``1.2 MB``."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1e3:.0f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


class FileRows(QWidget):
    """Pictures in their order and the mask: thumbnail, name, facts, and the field and name it travels as."""

    def __init__(self, thumbnails: Thumbnails, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("sendingFiles")
        self._thumbnails = thumbnails
        self._tokens = tokens
        self._rows: list[_FileRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paints in the theme's colours."""
        self._tokens = tokens
        for row in self._rows:
            row.tile.set_tokens(tokens)

    def forget(self, file: Path) -> None:
        """Another picture is in a file now."""
        self._thumbnails.forget(file)
        for row in self._rows:
            row.forget(file)

    def show_files(self, files: Iterable[SentFile]) -> None:
        """Shows these files; rows that are there already are kept and say something else."""
        shown = list(files)
        while len(self._rows) < len(shown):
            row = _FileRow(len(self._rows), self._tokens)
            self._rows.append(row)
            self._column.addWidget(row)
        for at, row in enumerate(self._rows):
            row.setVisible(at < len(shown))
            if at < len(shown):
                row.show_file(shown[at], at + 1, self._thumbnails)


class FieldRows(QWidget):
    """Names and values in two columns; values can be marked and copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)

    def show_rows(self, rows: Iterable[tuple[str, str]]) -> None:
        """Shows these names with their values."""
        shown = list(rows)
        while len(self._rows) < len(shown):
            self._add_row()
        for at, (name, value) in enumerate(self._rows):
            name.setVisible(at < len(shown))
            value.setVisible(at < len(shown))
            if at < len(shown):
                name.setText(shown[at][0])
                value.setText(shown[at][1])
                value.setAccessibleName(visible(f"{shown[at][0]}: {shown[at][1]}", lines=True))

    def _add_row(self) -> None:
        at = len(self._rows)
        name, value = (
            label("", "dim", f"{self.objectName()}Name{at}"),
            label("", "", f"{self.objectName()}{at}"),
        )
        value.setWordWrap(True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, at, 1)
        self._rows.append((name, value))


class _FileRow(QWidget):
    """One file."""

    def __init__(self, at: int, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName(f"sendingFile{at}")
        self._source: object = None
        self.tile = PictureTile(_THUMBNAIL, tokens)
        self.tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._title.setObjectName(f"sendingFileTitle{at}")
        self._facts = label("", "note", f"sendingFileFacts{at}")
        self._note = label("", "note", f"sendingFileNote{at}")
        self._note.setWordWrap(True)
        self._field = label("", "dim", f"sendingFileField{at}")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._facts)
        words.addWidget(self._note)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.tile)
        row.addLayout(words, 1)
        row.addWidget(self._field)

    def forget(self, file: Path) -> None:
        """Loads the picture anew with the next showing, if it is of that file."""
        if self._source == file:
            self._source = None

    def show_file(self, file: SentFile, number: int, thumbnails: Thumbnails) -> None:
        """Shows a file, the ``number``-th."""
        title = file.title if isinstance(file.source, bytes) else f"{number}  {file.title}"
        facts = f"{file.facts} · {bytes_words(file.length)}"
        self._title.setText(title)
        self._facts.setText(facts)
        self._note.setText(file.note)
        self._note.setVisible(bool(file.note))
        self._field.setText(f"{file.field}\n{file.upload_name}")
        spoken = (title, facts, *filter(None, (file.note,)), f"sent as {file.field}, {file.upload_name}")
        self.tile.setAccessibleName(visible(", ".join(spoken)))
        if file.source != self._source:
            self._source = file.source
            self.tile.ground = _EDITED if isinstance(file.source, bytes) else ""
            self.tile.set_picture(None)
            thumbnails.load(file.source, _THUMBNAIL.width() * 2, self.tile.set_picture)
