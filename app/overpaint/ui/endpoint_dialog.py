"""Where edits are sent: the address, path and key of one endpoint, and where its key is kept."""

import asyncio

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.endpoint import EndpointProfile
from overpaint.core.errors import KeyStoreError
from overpaint.studio.jobs import Tasks
from overpaint.studio.keys import KeyPlace, KeyStore
from overpaint.ui.widgets.field import Field
from overpaint.ui.widgets.labels import label

_CUSTOM = "Custom endpoint"


class EndpointDialog(QDialog):
    """Opened and awaited: ``await dialog.ask()`` gives the changed profile, or None when it was left.

    A key that was typed is put into the key store before the dialog closes; the profile never holds it.
    """

    def __init__(self, profile: EndpointProfile, keys: KeyStore, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("endpointDialog")
        self.setWindowTitle(f"{profile.name or _CUSTOM}: endpoint settings")
        self.setMinimumWidth(460)
        self._profile = profile
        self._keys = keys
        self._tasks = tasks
        self._answer: asyncio.Future[EndpointProfile | None] = asyncio.get_running_loop().create_future()
        self._name = _edit("endpointName", "Name", profile.name, _CUSTOM)
        self._url = _edit("endpointUrl", "Base URL", profile.base_url, "https://api.example.com/v1")
        self._path = _edit("endpointPath", "Path", profile.path, "/images/edits")
        self._key = _edit("endpointKey", "Key", "", "Type or paste a key to replace the one that is kept")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._forget = QPushButton("Forget the key")
        self._forget.setObjectName("endpointForget")
        self._forget.setEnabled(False)
        self._where: QLabel = label("", "note", "endpointKeyPlace")
        self._where.setWordWrap(True)
        self.url_field = Field("Base URL", self._url, "endpointUrlField")
        self._lay_out()
        self._url.textChanged.connect(self._check)
        self._name.textChanged.connect(self._check)
        self._forget.clicked.connect(lambda: self._tasks.start(self._forget_key(), "forget key"))
        self._check()
        if profile.name:
            tasks.start(self._show_where(), "key place")

    async def ask(self) -> EndpointProfile | None:
        """Shows the dialog and waits for what the user does with it."""
        self.open()
        try:
            return await self._answer
        finally:
            self.deleteLater()

    def done(self, result: int) -> None:
        if not self._answer.done():
            self._answer.set_result(None)
        super().done(result)

    @property
    def typed(self) -> EndpointProfile:
        """The profile as it stands in the fields."""
        return msgspec.structs.replace(
            self._profile,
            name=self._name.text().strip() or _CUSTOM,
            base_url=self._url.text().strip().rstrip("/"),
            path=self._path.text().strip() or "/images/edits",
        )

    def _lay_out(self) -> None:
        self._name.setEnabled(not self._profile.name)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self._save.setObjectName("endpointSave")
        buttons.accepted.connect(lambda: self._tasks.start(self._accepted(), "save endpoint"))
        buttons.rejected.connect(self.reject)
        key_row = QHBoxLayout()
        key_row.addWidget(self._where, 1)
        key_row.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addWidget(Field("Name", self._name, "endpointNameField"))
        column.addWidget(self.url_field)
        column.addWidget(Field("Path", self._path, "endpointPathField"))
        column.addWidget(Field("Key", self._key, "endpointKeyField"))
        column.addLayout(key_row)
        if self._profile.note:
            column.addWidget(label(self._profile.note, "note"))
        column.addSpacing(6)
        column.addWidget(buttons)

    def _check(self) -> None:
        problems = self.typed.problems()
        message = problems[0].message if problems else ""
        self.url_field.set_problem(message if self._url.text() else "")
        self._save.setEnabled(not problems)
        self._save.setToolTip(message)

    async def _accepted(self) -> None:
        profile = self.typed
        key = self._key.text()
        self._key.clear()
        if key.strip():
            await self._keys.put(profile, key)
        if not self._answer.done():
            self._answer.set_result(profile)
        self.accept()

    async def _forget_key(self) -> None:
        try:
            place = await self._keys.forget(self._profile)
        except KeyStoreError as fault:
            self._where.setText(fault.sentence())
            return
        self._show_place(place)

    async def _show_where(self) -> None:
        self._show_place(await self._keys.where(self._profile))

    def _show_place(self, place: KeyPlace) -> None:
        if not self._answer.done():  # otherwise the dialog has gone
            self._where.setText(place.words)
            self._forget.setEnabled(place.place in ("keyring", "this run"))


def _edit(name: str, words: str, text: str, placeholder: str) -> QLineEdit:
    edit = QLineEdit(text)
    edit.setObjectName(name)
    edit.setAccessibleName(words)
    edit.setPlaceholderText(placeholder)
    return edit
