"""What is doubtful about the mask that would be sent, a line each, with a link that mends it."""

import asyncio
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import prepare
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.studio.document.mask_checks import MaskWarning, check_mask, fix
from overpaint.studio.document.mask_editing import edit_mask
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.tasks import Tasks
from overpaint.ui.widgets.labels import label

_AFTER_MS = 1000
_SOON_MS = 100
_MOST = 3
_MEND = "Mend the mask"
_NAMES = {
    "faint": "Make mask firm",
    "everything": "Clear mask",
    "specks": "Remove specks",
    "pinholes": "Fill pinholes",
    "soft": "Harden mask",
}


class MaskWarnings(QWidget):
    """Looks the first picture's mask over on a worker thread, once nothing was painted for a second."""

    def __init__(self, session: Session, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("lintLines")
        self._session = session
        self._tasks = tasks
        self._seen: tuple[Mask, int] | None = None
        self._mask: Mask | None = None
        self._lines = [_Line(at) for at in range(_MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for line in self._lines:
            column.addWidget(line)
            line.mend.clicked.connect(partial(self._mend_line, line))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        session.mask_edited.connect(self._mask_edited)
        session.tray_changed.connect(self._soon)
        self.hide()

    def _mask_edited(self, _: TrayItem, __: Rect) -> None:
        self._timer.start(_AFTER_MS)

    def _soon(self) -> None:
        self._timer.start(_SOON_MS)

    def _look(self) -> None:
        if self._session.history.recording:
            return  # the end of the stroke starts the timer again
        target = self._session.first_picture
        now = (target.mask, target.mask.revision) if target is not None else None
        if now == self._seen:
            return
        self._seen = now
        if target is None:
            self._show(None, ())
        else:
            self._tasks.start(self._look_over(target.mask), "look the mask over")

    async def _look_over(self, mask: Mask) -> None:
        revision = mask.revision
        found = await asyncio.to_thread(_looked_over, mask)
        if self._seen == (mask, revision) and mask.revision == revision:
            self._show(mask, found)

    def _show(self, mask: Mask | None, found: tuple[MaskWarning, ...]) -> None:
        self._mask = mask
        for at, line in enumerate(self._lines):
            line.show_warning(found[at] if at < len(found) else None)
        self.setVisible(bool(found))

    def _mend_line(self, line: "_Line", _: bool = False) -> None:
        if self._mask is not None and line.finding is not None:
            self._tasks.start(self._mended(self._mask, line.finding), "mend the mask")

    async def _mended(self, mask: Mask, finding: MaskWarning) -> None:
        if await edit_mask(self._session, mask, lambda: _mending(mask, finding)):
            self._soon()


def _looked_over(mask: Mask) -> tuple[MaskWarning, ...]:
    return check_mask(mask.coverage.copy())


def _mending(mask: Mask, finding: MaskWarning) -> MaskEntry | None:
    patch = mask.rect, fix(mask.coverage.copy(), finding.fault)
    return prepare(mask, _NAMES[finding.fault], patch, "replace")


class _Line(QWidget):
    """One finding: its words, and the link."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._words: QLabel = label("", "warn", f"lintWords{at}")
        self._words.setWordWrap(True)
        self.mend = QPushButton()
        self.mend.setObjectName(f"lintMend{at}")
        self.mend.setProperty("role", "link")
        self.mend.setAccessibleName(_MEND)
        self.mend.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.finding: MaskWarning | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self.mend)

    def show_warning(self, finding: MaskWarning | None) -> None:
        """Shows a finding, or nothing."""
        self.finding = finding
        if finding is None:
            self.mend.clearFocus()  # or Qt hands the keys on to Generate, where Space spends money
        self._words.setText(finding.words if finding else "")
        self.mend.setText(finding.mend if finding else "")
        self.mend.setAccessibleName(f"{finding.mend}: {finding.words}" if finding else _MEND)
        self.setVisible(finding is not None)
