"""What is painted is seen where the pointer is, however the picture lies."""

import itertools

import numpy as np
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from tests.flows.desk import LEFT, NONE
from tests.painter.easel import SMALL, Easel, easel
from tests.painter.views import ALL

SPOTS = ((0, 0), (31, -22), (-27, 18))
"""Widget pixels from the canvas's middle: at 30 percent the picture has hardly more."""


def seen(table: Easel) -> np.ndarray:
    """The canvas's pixels, shape (height, width, 4), without the brush's ring."""
    QApplication.sendEvent(table.app.canvas, QEvent(QEvent.Type.Leave))
    image = table.app.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels.copy()


async def test_dab_is_seen_round_the_place_that_was_pressed_in_every_view(subject) -> None:
    path, _ = subject(SMALL)
    off = {}
    async with easel(path, SMALL) as table:
        table.app.window.actions_["view_white"].trigger()
        table.app.window.actions_["navigator"].trigger()  # it would come and go in its corner
        table.tool("brush")
        canvas = table.app.canvas
        for view, spot in itertools.product(ALL, SPOTS):
            table.app.studio.session.clear_mask()
            table.look(*view)
            before = seen(table)
            at = QPointF(canvas.width() // 2 + spot[0], canvas.height() // 2 + spot[1])

            table.mouse(QEvent.Type.MouseButtonPress, at, LEFT, LEFT)
            table.mouse(QEvent.Type.MouseButtonRelease, at, LEFT, NONE)

            rows, columns = np.nonzero((seen(table) != before).any(axis=2))
            off[view, spot] = (columns.mean() + 0.5 - at.x(), rows.mean() + 0.5 - at.y())

    assert {where: by for where, by in off.items() if max(map(abs, by)) > 1.0} == {}
