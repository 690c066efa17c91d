"""The stroke that goes on: begun, continued and ended through the session, which keeps mask and history."""

from collections.abc import Callable

import msgspec

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.studio.document.session import Session


class _End(msgspec.Struct, frozen=True):
    """Where the last stroke ended, and in which mask."""

    mask: Mask
    x: float
    y: float


class StrokeController:
    """At most one stroke at a time. Coordinates are picture pixels, pressure goes from 0 to 1.

    A call that raises has taken the stroke back without a trace: the next one can begin.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stroke: Stroke | None = None
        self._mask: Mask | None = None
        self._end: _End | None = None

    @property
    def painting(self) -> bool:
        """True between ``begin`` and ``finish`` or ``abort``."""
        return self._stroke is not None

    def begin(self, mask: Mask, brush: Brush, x: float, y: float, pressure: float) -> bool:
        """Puts the brush down on ``mask``. False when that isn't the session's current one, or it is busy."""
        current = self._session.current
        if self._stroke is not None or current is None or current.mask is not mask:
            return False
        stroke = self._session.stroke(brush)
        if stroke is None:
            return False
        self._stroke, self._mask = stroke, mask
        self._draw(stroke.begin, x, y, pressure)
        return True

    def extend(self, x: float, y: float, pressure: float) -> None:
        """Moves the brush on; nothing happens without a stroke."""
        if self._stroke is not None:
            self._draw(self._stroke.extend, x, y, pressure)

    def finish(self) -> None:
        """Lifts the brush: one entry in the history."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            try:
                stroke.finish()
            except BaseException:
                self._session.notify_stroke(stroke.mask.rect)  # either way: it may have been taken back
                raise
            self._session.notify_stroke(EMPTY)

    def abort(self) -> None:
        """Takes the stroke back without a trace."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None and stroke.running:
            self._session.notify_stroke(stroke.abort())

    def last_end(self, mask: Mask) -> tuple[float, float] | None:
        """Where the last stroke on ``mask`` ended: straight lines go on from there."""
        return (self._end.x, self._end.y) if self._end is not None and self._end.mask is mask else None

    def _draw(self, draw: Callable[[float, float, float], Rect], x: float, y: float, pressure: float) -> None:
        try:
            dirty = draw(x, y, pressure)
        except BaseException:
            self.abort()
            raise
        if self._mask is not None:
            self._end = _End(self._mask, x, y)
        if not dirty.empty:
            self._session.notify_stroke(dirty)
