"""Fingers on a touch screen: they move the picture and pinch it; painting is for the pen."""

import math
from collections.abc import Sequence

from PySide6.QtGui import QEventPoint, QInputDevice, QTouchEvent

from overpaint.ui.canvas.gestures import Stage

_LEAST_SPREAD = 8.0


class Touch:
    """Follows the fingers from one event to the next."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def follow(self, event: QTouchEvent) -> bool:
        """Moves and zooms the view as the fingers did; False for a touchpad: it has gestures."""
        if event.device().type() != QInputDevice.DeviceType.TouchScreen:
            return False
        fingers = [one for one in event.points() if one.state() != QEventPoint.State.Released]
        lasting = [one for one in fingers if one.state() != QEventPoint.State.Pressed]
        if fingers and len(lasting) == len(fingers):
            self._follow(lasting)
        return True

    def _follow(self, fingers: Sequence[QEventPoint]) -> None:
        before = _middle_and_spread([(one.lastPosition().x(), one.lastPosition().y()) for one in fingers])
        now = _middle_and_spread([(one.position().x(), one.position().y()) for one in fingers])
        view = self._stage.view.panned(now[0] - before[0], now[1] - before[1])
        if before[2] > _LEAST_SPREAD and now[2] > _LEAST_SPREAD:
            view = view.zoom_at(now[:2], now[2] / before[2])
        self._stage.look(view)


def _middle_and_spread(places: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Where the fingers are on the whole, and how far from there on average."""
    x = sum(place[0] for place in places) / len(places)
    y = sum(place[1] for place in places) / len(places)
    return x, y, sum(math.dist(place, (x, y)) for place in places) / len(places)
