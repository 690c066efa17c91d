"""What Generate would send right now: pictures, mask, every field, what stays behind, and a command."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.errors import OverpaintError
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.event import Names
from overpaint.studio.runs import request_preview
from overpaint.studio.runs.request_preview import RequestPreview
from overpaint.studio.studio import Studio
from overpaint.ui.dialogs.screen_fit import fit_into_screen
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.request_preview.request_preview_rows import FieldRows, FileRows, bytes_words
from overpaint.ui.theme.window_theme import Tokens, tokens_for
from overpaint.ui.widgets.labels import label, line

if TYPE_CHECKING:
    import asyncio

_AFTER_MS = 200
_SIZE = (560, 700)
_COMMAND_LINES = 7


class SendingPanel(QDialog):
    """Stays open beside the window and follows every change; nothing is read while it is closed."""

    def __init__(self, studio: Studio, thumbnails: Thumbnails, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sendingPanel")
        self.setWindowTitle("What will be sent")
        self.resize(*_SIZE)
        self._studio = studio
        self._task: asyncio.Task[None] | None = None
        self.shown: RequestPreview | None = None
        self._head = label("", "title", "sendingHead")
        self._head.setWordWrap(True)
        self._where = label("", "note", "sendingWhere")
        self._where.setWordWrap(True)
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._files = FileRows(thumbnails, tokens)
        self._fields = FieldRows("sendingFields")
        self._left = FieldRows("sendingLeft")
        self._command = _CommandBox()
        self._copy = QPushButton("Copy command")
        self._copy.setObjectName("sendingCopy")
        self._copied = label("", "note", "sendingCopied")
        self._content = QWidget()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER_MS)
        self._timer.timeout.connect(self._look)
        self._copy.clicked.connect(self._copy_command)
        studio.edit.changed.connect(self._changed)
        studio.session.picture_reloaded.connect(self._renewed)

    def changeEvent(self, event: QEvent) -> None:
        """The thumbnails' frames follow the theme, which may change while this stays open."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._files.set_tokens(tokens_for(self._studio.settings.current.theme))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_into_screen(self)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    # --- what it is made of

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(20, 0, 20, 0)
        inner.setSpacing(8)
        for title, part in (
            ("Pictures, in this order", self._files),
            ("Fields, in this order", self._fields),
            ("Left off", self._left),
        ):
            inner.addWidget(label(title, "label"))
            inner.addWidget(part)
            inner.addSpacing(8)
        inner.addWidget(label("The same as a command", "label"))
        inner.addWidget(self._command)
        inner.addStretch()
        scroll = QScrollArea()
        scroll.setObjectName("sendingScroll")
        scroll.setAccessibleName("What is sent, field by field")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 14)
        column.setSpacing(10)
        for words in (self._head, self._where):
            words.setContentsMargins(20, 0, 20, 0)
            column.addWidget(words)
        column.addWidget(line())
        column.addWidget(scroll, 1)
        column.addWidget(line())
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        close = QPushButton("Close")
        close.setObjectName("sendingClose")
        close.clicked.connect(self.close)
        self._copy.setAutoDefault(False)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.setSpacing(10)
        foot.addWidget(self._copy)
        foot.addWidget(self._copied, 1)
        foot.addWidget(close)
        return foot

    # --- following the session

    def _renewed(self, item: TrayItem) -> None:
        self._files.forget(item.picture.path)

    def _changed(self, _: Names) -> None:
        if self.isVisible():
            self._timer.start()

    def _look(self) -> None:
        self._stop()
        self._task = self._studio.tasks.start(self._show_what_leaves(), "what will be sent")

    def _stop(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _show_what_leaves(self) -> None:
        studio = self._studio
        problems = studio.edit.state.problems
        if problems:
            self._show_nothing("\n".join(one.message for one in problems))
            return
        try:
            edit = await request_preview.sending(
                studio.edit, studio.profile, studio.engine, studio.readable_pictures
            )
        except OverpaintError as fault:
            self._show_nothing(fault.sentence())
        else:
            self._show(edit)

    def _show_nothing(self, reason: str) -> None:
        self.shown = None
        self._head.setText("Nothing can be sent yet")
        self._where.setText(reason)
        self._content.hide()
        self._copy.setEnabled(False)
        self._copied.setText("")

    def _show(self, edit: RequestPreview) -> None:
        self.shown = edit
        host, size = self._studio.profile.host_words, bytes_words(edit.length)
        each = f"{edit.times} requests of {size} to {host}, one for each variation"
        self._head.setText(each if edit.times > 1 else f"{size} to {host}")
        self._where.setText(f"POST {edit.wire.url}")
        self._files.show_files(edit.files)
        self._fields.show_rows(edit.wire.fields)
        self._left.show_rows(edit.left_off)
        command = request_preview.command(edit, self._studio.folders.drafts)
        if self._command.toPlainText() != command:
            self._command.setPlainText(command)
            self._copied.setText(self._key_words())
        self._content.show()
        self._copy.setEnabled(True)

    def _copy_command(self) -> None:
        if self.shown is not None:
            self._studio.tasks.start(self._copy_with_mask(self.shown), "copy command")

    async def _copy_with_mask(self, edit: RequestPreview) -> None:
        await request_preview.keep_mask(edit, self._studio.folders.drafts)
        QGuiApplication.clipboard().setText(request_preview.command(edit, self._studio.folders.drafts))
        self._copied.setText(f"Copied. {self._key_words()}")

    def _key_words(self) -> str:
        """Where the command's key comes from: the window's own engine lets nobody else in."""
        if self._studio.profile.is_offline:
            return "$OPENAI_API_KEY is the token that overpaint engine prints"
        return "The key comes from $OPENAI_API_KEY"


class _CommandBox(QPlainTextEdit):
    """The command, to be read. It is copied by its button alone, which puts the mask in its place as well."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sendingCommand")
        self.setAccessibleName("The edit as a command")
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(_COMMAND_LINES * self.fontMetrics().lineSpacing() + 30)
