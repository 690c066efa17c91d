"""PySide6 must not lose references: 6.12 on Python 3.11 did, and aborted within seconds of painting."""

import sys

from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

CALLS = 10_000
# The test and pytest themselves make and drop a few references; a leak shows as about one a call.
SLACK = 50


def test_none_and_true_after_ten_thousand_widget_calls_keep_their_reference_counts(qtbot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    before = (sys.getrefcount(None), sys.getrefcount(True))

    for number in range(CALLS):
        widget.setToolTip("paint")
        widget.setEnabled(number % 2 == 0)
        widget.update()
        widget.isEnabled()

    after = (sys.getrefcount(None), sys.getrefcount(True))
    assert abs(after[0] - before[0]) <= SLACK
    assert abs(after[1] - before[1]) <= SLACK


def test_none_and_true_after_ten_thousand_painter_calls_keep_their_reference_counts(qapp) -> None:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    colour = QColor("tomato")
    before = (sys.getrefcount(None), sys.getrefcount(True))

    for number in range(CALLS):
        painter.setPen(colour)
        painter.fillRect(number % 64, 0, 2, 2, colour)
        painter.isActive()

    after = (sys.getrefcount(None), sys.getrefcount(True))
    painter.end()
    assert abs(after[0] - before[0]) <= SLACK
    assert abs(after[1] - before[1]) <= SLACK
