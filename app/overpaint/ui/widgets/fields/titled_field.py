"""A control under its title, with room for the reason why it is off or what is wrong with it."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.ui.widgets.labels import label, set_tone
from overpaint.ui.widgets.literal import literal


class Field(QWidget):
    """Title above, control below, and one line of words under it when there is something to say."""

    def __init__(self, title: str, control: QWidget, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.control = control
        self.title = label(title, "label")
        self.title.setBuddy(control)
        self.trailer = label("", "note")
        self._note: QLabel = label("", "note", f"{name}Note")
        self._note.setWordWrap(True)
        self._note.hide()
        self._mend = QPushButton()
        self._mend.setObjectName(f"{name}Mend")
        self._mend.setProperty("role", "link")
        self._mend.hide()
        self._act: Callable[[], None] | None = None
        self._mend.clicked.connect(self._mended)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.title)
        head.addStretch()
        head.addWidget(self.trailer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(control)
        column.addWidget(self._note)
        column.addWidget(self._mend)

    def set_reason(self, reason: str) -> None:
        """Switches the control off and says why; ``""`` switches it on again."""
        self.control.setEnabled(not reason)
        self._say(reason, "note")

    def set_note(self, words: str) -> None:
        """Words under the control that explain it."""
        self._say(words, "note")

    def set_problem(self, message: str, mend: str = "", act: Callable[[], None] | None = None) -> None:
        """Says what is wrong, with a link ``mend`` that puts it right; ``""`` takes the words away."""
        self._say(message, "problem")
        set_tone(self.control, "bad" if message else "")
        self._act = act
        self._mend.setText(literal(mend))
        self._mend.setAccessibleName(visible(mend))
        self._mend.setVisible(bool(message and mend and act))

    def words(self) -> str:
        """What stands under the control now."""
        return "" if self._note.isHidden() else self._note.text()

    def _say(self, words: str, role: str) -> None:
        self._note.setText(words)
        if words and self._note.property("role") != role:
            self._note.setProperty("role", role)
            self._note.style().unpolish(self._note)
            self._note.style().polish(self._note)
        self._note.setVisible(bool(words))

    def _mended(self) -> None:
        if self._act is not None:
            self._act()
