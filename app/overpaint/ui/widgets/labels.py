"""Labels in the roles that the style sheet knows, and one that shortens its words with an ellipsis."""

import sys

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from overpaint.core.foreign_words import visible
from overpaint.ui.widgets.literal import tip

_ELLIPSIS = "…"


class _Words(QLabel):
    """A label that shows words as they are written, and what is unseen in them by its code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(visible(text, lines=True, longest=sys.maxsize))


def label(text: str, role: str, name: str = "") -> QLabel:
    """A label in a role of the style sheet: ``title``, ``label``, ``dim``, ``note``, ``problem``."""
    made = _Words(text)
    made.setProperty("role", role)
    made.setObjectName(name)
    return made


def line(vertical: bool = False) -> QFrame:
    """A separator one pixel wide."""
    made = QFrame()
    made.setProperty("role", "rule" if vertical else "line")
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Gives a widget the tone ``bad``, ``ok``, ``offer``, ``compact`` or ``""`` of the style sheet."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def fitted(text: str, font: QFont, width: int, lines: int) -> str:
    """The text as it fits into ``lines`` wrapped lines ``width`` pixels wide: whole, or with an ellipsis."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    end = last = 0
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        last, end = end, line.textStart() + line.textLength()
    layout.endLayout()
    if end >= len(text):
        return text
    metrics = QFontMetrics(font)
    rest = text[last : end + 20].replace("\n", " ")
    return text[:last] + shortened(rest, metrics, width)


def shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text as it fits into a line ``width`` pixels wide: whole, or with an ellipsis after a whole word.
    A word that doesn't fit by itself is cut."""
    cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    if cut == text:
        return text
    kept = cut.removesuffix(_ELLIPSIS)
    whole = kept if text[len(kept) : len(kept) + 1].isspace() else kept.rpartition(" ")[0]
    return f"{(whole or kept).rstrip(' ,;:·')}{_ELLIPSIS}"


class FittedLabel(_Words):
    """A label as high as ``lines`` lines, in a role of the style sheet. It ends in an ellipsis where its
    words don't fit; the tool tip has them all then, or what :meth:`set_further` gave it."""

    def __init__(self, role: str, name: str, lines: int) -> None:
        super().__init__("")
        self._lines = lines
        self._further = ""
        self.setProperty("role", role)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_further(self, words: str) -> None:
        """What the tool tip says in place of the label's own words."""
        self._further = words
        self.setToolTip(tip(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(20, self._lines * self.fontMetrics().lineSpacing() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        shown = fitted(self.text(), self.font(), area.width(), self._lines)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, self.alignment() | Qt.TextFlag.TextWordWrap, shown)
        painter.end()
        self.setToolTip(tip(self._further or ("" if shown == self.text() else self.text())))


class ElidedLabel(_Words):
    """A label on one line that ends in an ellipsis where its words don't fit; the tool tip has them all."""

    def __init__(self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(text)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        metrics = self.fontMetrics()
        if self._mode is Qt.TextElideMode.ElideRight:
            shown = shortened(self.text(), metrics, area.width())
        else:
            shown = metrics.elidedText(self.text(), self._mode, area.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
        self.setToolTip(tip(self.text()) if shown != self.text() else "")
