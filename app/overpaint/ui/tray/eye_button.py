"""The eye of a picture of the tray: open while the picture is sent with the edit."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from overpaint.core.foreign_words import visible
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.literal import tip

_SIZE = (24, 18)
_GROUND = QColor(20, 21, 24, 200)
_OPEN, _CLOSED = "#ffffff", "#ffd28a"
_OPEN_TIP = "Sent with the edit. Press to leave it out ({send_picture})"
_CLOSED_TIP = "Not sent. Press to send it with the edit ({send_picture})"


class EyeButton(QToolButton):
    """Reached by Tab, after its picture; a click leaves the focus where it is."""

    def __init__(self, tile: QWidget, name: str, tokens: Tokens, keymap: Keymap) -> None:
        super().__init__(tile)
        self._keymap = keymap
        self._open = True
        self._quiet = True
        self.tokens = tokens
        self.setObjectName(name)
        self.setFixedSize(*_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_sent(self, name: str, *, sent: bool) -> None:
        """Whether the picture of that name is sent."""
        self._open = sent
        self.setAccessibleName(f"{visible(name)} is {'sent' if sent else 'not sent'} with the edit")
        self.setToolTip(tip(self._keymap.in_words(_OPEN_TIP if sent else _CLOSED_TIP)))
        self.update()

    def set_quiet(self, quiet: bool) -> None:
        """Whether an open eye, which says nothing new, leaves its room to the picture's name."""
        self._quiet = quiet
        self.update()

    @property
    def seen(self) -> bool:
        """Whether there is anything to be seen of it now."""
        return not (self._open and self._quiet) or self.hasFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.seen:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = QPen(QColor(self.tokens.accent), 1.5)
        lively = self.underMouse() or not self._open
        painter.setPen(focus if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(_GROUND if lively else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        name, colour = ("eye", _OPEN) if self._open else ("eye-off", _CLOSED)
        icon(name, self.tokens, colour=colour).paint(painter, self.rect().adjusted(4, 1, -4, -1))
        painter.end()
