"""A row of buttons joined into one control, of which exactly one is down."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import set_tone

_ICON = 18


class Segment(msgspec.Struct, frozen=True):
    """``value`` is what choosing it means; its icon stands for the words where there is little room."""

    value: str
    words: str
    icon: str
    tip: str


class Segments(QWidget):
    """``chosen`` says that the user pressed one; ``value`` is what it means."""

    chosen = Signal()

    def __init__(self, name: str, spoken: str, segments: Sequence[Segment]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._segments = tuple(segments)
        self._buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for at, segment in enumerate(segments):
            button = QToolButton()
            button.setProperty("role", "segment")
            button.setProperty("end", _end(at, len(segments)))
            button.setObjectName(f"{name}_{segment.value}")
            button.setAccessibleName(f"{spoken}: {segment.words}")
            button.setText(segment.words)
            button.setToolTip(segment.tip)
            button.setCheckable(True)
            button.setIconSize(QSize(_ICON, _ICON))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.clicked.connect(self.chosen)
            group.addButton(button)
            row.addWidget(button)
            self._buttons[segment.value] = button
        self.choose(segments[0].value)

    @property
    def value(self) -> str:
        """What the segment that is down means."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def choose(self, value: str) -> None:
        """Puts one segment down without telling anyone."""
        self._buttons[value].setChecked(True)

    def set_compact(self, compact: bool) -> None:
        """Icons alone, where there is little room; the tool tips say what they do."""
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if compact else Qt.ToolButtonStyle.ToolButtonTextOnly
        for button in self._buttons.values():
            button.setToolButtonStyle(style)
            set_tone(button, "compact" if compact else "")
            button.updateGeometry()  # another tone has other margins, of which the row isn't told
        self._row.invalidate()
        self.updateGeometry()

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        for segment in self._segments:
            self._buttons[segment.value].setIcon(icon(segment.icon, tokens, on="#ffffff"))


def _end(at: int, count: int) -> str:
    if at == 0:
        return "first"
    return "last" if at == count - 1 else "middle"
