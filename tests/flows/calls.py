"""What of the program runs while something is done: its functions, by file and how often."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

from PySide6.QtCore import QEvent

import overpaint

_APP = str(Path(overpaint.__file__).parent)


class Calls:
    """The calls of the main thread into the program: ``files`` are those that were entered to react, from
    the program's folder on, ``drawing`` those that were entered to draw, below some widget's paint event."""

    def __init__(self) -> None:
        self._counted: Counter[CodeType] = Counter()
        self.files: set[str] = set()
        self.drawing: set[str] = set()
        self._painting = 0

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Counts a call; what ``sys.setprofile`` wants."""
        code = frame.f_code
        if event not in ("call", "return") or not code.co_filename.startswith(_APP):
            return
        if code.co_name == "paintEvent" or (code.co_name == "event" and _brings_paint(frame)):
            self._painting += 1 if event == "call" else -1
        if event == "call":
            self._counted[code] += 1
            files = self.drawing if self._painting else self.files
            files.add(str(Path(code.co_filename).relative_to(_APP)))

    def of(self, function: Callable[..., object]) -> int:
        """How often a function, or a method, was entered."""
        return self._counted[function.__code__]


def _brings_paint(frame: FrameType) -> bool:
    """Whether a widget's ``event`` has been called for its paint event, or for those of its whole window."""
    event = frame.f_locals.get("event")
    return isinstance(event, QEvent) and event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest)


@contextmanager
def calls() -> Iterator[Calls]:
    """Counts what runs inside of the block."""
    counted, before = Calls(), sys.getprofile()
    sys.setprofile(counted.note)
    try:
        yield counted
    finally:
        sys.setprofile(before)
