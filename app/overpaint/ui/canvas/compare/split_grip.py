"""Takes the line of a split in hand: a drag moves it, a double click brings it back to the middle."""

from typing import Protocol

from PySide6.QtCore import QSize, Qt

from overpaint.ui.canvas.render.split import Split
from overpaint.ui.viewport.canvas_api import Pointer


class _Canvas(Protocol):
    @property
    def split(self) -> Split | None: ...
    def set_split(self, split: Split | None) -> None: ...
    def size(self) -> QSize: ...


class SplitGrip:
    """Each method says whether the pointer was the line's and not the tool's."""

    def __init__(self, canvas: _Canvas) -> None:
        self._canvas = canvas
        self._held = False

    def press(self, pointer: Pointer) -> bool:
        """A button went down; the line is taken by the left one alone."""
        split = self._canvas.split
        left = pointer.button == Qt.MouseButton.LeftButton
        if split is None or not left or not self.over(pointer):
            return False
        self._held = not pointer.twice
        if pointer.twice:
            self._canvas.set_split(Split(flat=split.flat))
        return True

    def move(self, pointer: Pointer, buttons: Qt.MouseButton) -> bool:
        """The pointer moved, with ``buttons`` held."""
        split = self._canvas.split
        self._held = self._held and split is not None and bool(buttons & Qt.MouseButton.LeftButton)
        if self._held and split is not None:
            self._canvas.set_split(split.moved_to(pointer.x, pointer.y, self._canvas.size()))
        return self._held

    def release(self) -> bool:
        """A button went up."""
        held, self._held = self._held, False
        return held

    def over(self, pointer: Pointer) -> bool:
        """Whether the pointer is on the line, with nothing under way."""
        split = self._canvas.split
        return split is not None and split.grips(pointer.x, pointer.y, self._canvas.size())
