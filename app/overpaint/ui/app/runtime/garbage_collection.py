"""Collects Python's cyclic garbage on the window's thread alone, and between strokes.

Left to itself the collector runs on whichever thread happens to allocate: a widget caught in a cycle would be
destroyed by a worker, which Qt does not survive, and a collection may fall into the middle of a stroke.
"""

import gc
from collections.abc import Callable
from contextlib import ExitStack

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 500


class GarbageCollector(QObject):
    """Stands in for the automatic collector, with its thresholds, until ``stop``."""

    def __init__(self, busy: Callable[[], bool], parent: QObject | None = None) -> None:
        """While ``busy`` says so, garbage has to wait."""
        super().__init__(parent)
        gc.disable()
        self._at_end = ExitStack()
        self._at_end.callback(gc.enable)
        self.destroyed.connect(self._at_end.close)
        self._busy = busy
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        """Lets Python collect by itself again."""
        self._timer.stop()
        self._at_end.close()

    def _look(self) -> None:
        if self._busy():
            return
        full = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(full):
            gc.collect(max(generation for generation, one in enumerate(full) if one))
