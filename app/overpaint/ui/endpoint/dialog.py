"""The settings of one endpoint with its key, and a test of the connection that never spends."""

from collections.abc import Collection
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.errors import KeyStoreError, OverpaintError
from overpaint.core.foreign_words import visible
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config.key_store import KeyPlace, KeyStore
from overpaint.studio.runs.connection_test import try_connection
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import report
from overpaint.ui.dialogs.awaited import answer
from overpaint.ui.endpoint.form import EndpointForm
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.fields.titled_field import Field
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.literal import tip

if TYPE_CHECKING:
    import asyncio

_LONGEST_NOTE = 400
_CUSTOM = "Custom endpoint"
_WIDTH, _HEIGHT = 500, 560


class EndpointDialog(QDialog):
    """Opened and awaited: ``await dialog.ask()`` gives the changed profile, or None when it was left.

    A key that was typed is put into the key store before the dialog closes; the profile never holds it.
    """

    def __init__(
        self,
        profile: EndpointProfile,
        keys: KeyStore,
        tasks: Tasks,
        tokens: Tokens,
        parent: QWidget,
        taken: Collection[str] = (),
    ) -> None:
        """``taken`` are the names of the other endpoints: two of one name would share a key."""
        super().__init__(parent)
        self.setObjectName("endpointDialog")
        self.setWindowTitle(visible(f"{profile.name or _CUSTOM}: endpoint settings"))
        self.resize(_WIDTH, _HEIGHT)
        self._profile, self._keys, self._tasks = profile, keys, tasks
        self._saved: EndpointProfile | None = None
        self._left = False
        self._trial: asyncio.Task[None] | None = None
        self._key = QLineEdit()
        self._key.setObjectName("endpointKey")
        self._key.setAccessibleName("Key")
        self._key.setPlaceholderText("Type or paste a key to replace the one that is kept")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._where = label("", "note", "endpointKeyPlace")
        self._where.setWordWrap(True)
        self._forget = _button("Forget the key", "endpointForget")
        self._forget.setEnabled(False)
        self._test = _button("Test connection", "endpointTest")
        self._result = label("", "note", "endpointTestResult")
        self._result.setWordWrap(True)
        self.form = EndpointForm(profile, _free_name(taken), self._key_box(), tokens, taken)
        self._lay_out()
        self.form.changed.connect(self._edited)
        self._key.textEdited.connect(self._edited)
        self._forget.clicked.connect(lambda: tasks.start(self._forget_key(), "forget key"))
        self._test.clicked.connect(self._start_trial)
        self._check()
        if profile.name:
            tasks.start(self._show_where(), "key place")

    async def ask(self) -> EndpointProfile | None:
        """Shows the dialog and waits for what the user does with it."""
        return self._saved if await answer(self) else None

    def begin_with_key(self) -> None:
        """Puts the caret into the key, which is all that is missing."""
        self._key.setFocus()

    def done(self, result: int) -> None:
        self._left = True
        self._end_trial()
        super().done(result)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self._save.setObjectName("endpointSave")
        buttons.accepted.connect(lambda: self._tasks.start(self._accepted(), "save endpoint"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 14)
        column.setSpacing(12)
        if self._profile.note:
            note = label(visible(self._profile.note, longest=_LONGEST_NOTE), "note")
            note.setWordWrap(True)
            note.setContentsMargins(20, 0, 20, 0)
            column.addWidget(note)
        column.addWidget(self._scroll(), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(self._test)
        foot.addStretch()
        foot.addWidget(buttons)
        self._result.setContentsMargins(20, 0, 20, 0)
        column.addWidget(self._result)
        column.addLayout(foot)

    def _key_box(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout()
        row.addWidget(self._where, 1)
        row.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Field("Key", self._key, "endpointKeyField"))
        column.addLayout(row)
        return box

    def _scroll(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 0, 20, 0)
        column.setSpacing(12)
        column.addWidget(self.form, 1)
        scroll = QScrollArea()
        scroll.setObjectName("endpointScroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        return scroll

    def _edited(self) -> None:
        """What a server said holds for the fields as they were, so it goes with the first change."""
        self._end_trial()
        self._say("", "note")
        self._check()

    def _check(self) -> None:
        problems = self.form.problems()
        self.form.show_problems(problems)
        for button in (self._save, self._test):
            button.setEnabled(not problems)
            button.setToolTip(tip(problems[0].message) if problems else "")

    def _start_trial(self) -> None:
        self._test.setEnabled(False)
        self._say("Asking…", "note")
        self._trial = self._tasks.start(self._try(), "test connection")

    def _end_trial(self) -> None:
        if self._trial is not None:
            self._trial.cancel()
            self._trial = None

    async def _try(self) -> None:
        """What the server says to the profile as it stands in the fields, saved or not."""
        try:
            words, role = await try_connection(self.form.profile(), self._key.text(), self._keys), "ok"
        except OverpaintError as fault:
            words, role = fault.sentence(), "problem"
        except Exception as error:  # noqa: BLE001 - reported, and the end of the trial all the same
            report(error, "testing a connection")
            words, role = "Something went wrong inside Overpaint. The log says more.", "problem"
        self._trial = None
        self._say(words, role)
        self._check()

    def _say(self, words: str, role: str) -> None:
        self._result.setText(words)
        self._result.setProperty("role", role)
        self._result.style().unpolish(self._result)
        self._result.style().polish(self._result)

    async def _accepted(self) -> None:
        profile, key = self.form.profile(), self._key.text()
        self._save.setEnabled(False)  # a keyring may ask the user first, and take its time
        self._key.clear()
        if key.strip():
            await self._keys.store(profile, key)
        if not self._left:
            self._saved = profile
            self.accept()

    async def _forget_key(self) -> None:
        try:
            place = await self._keys.forget(self._profile)
        except KeyStoreError as fault:
            if not self._left:
                self._where.setText(fault.sentence())
            return
        self._show_place(place)

    async def _show_where(self) -> None:
        self._show_place(await self._keys.where(self._profile))

    def _show_place(self, place: KeyPlace) -> None:
        if not self._left:  # otherwise the dialog has gone
            self._where.setText(place.words)
            self._forget.setEnabled(place.place in ("keyring", "this run"))


def _free_name(taken: Collection[str]) -> str:
    """What a new endpoint is called while the user gives it no name."""
    used = {name.casefold() for name in taken}
    names = (_CUSTOM if number == 1 else f"{_CUSTOM} {number}" for number in count(1))
    return next(name for name in names if name.casefold() not in used)


def _button(words: str, name: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    return button
