"""The canvas divided into panes of one size, in which the same part of several pictures is seen."""

import msgspec
from PySide6.QtCore import QPoint, QRect, QSize

from overpaint.ui.viewport.pyramids import PicturePyramid

_GAP = 2


class Pane(msgspec.Struct, frozen=True):
    """What is seen in one of them, and the words at its corner."""

    levels: PicturePyramid
    words: str


class PaneGrid(msgspec.Struct, frozen=True):
    """Where the panes lie in a canvas of ``room`` device pixels, row by row; all of one ``size``."""

    room: QSize
    columns: int = 1
    rows: int = 1

    @classmethod
    def arranged(cls, count: int, room: QSize, shape: tuple[int, int]) -> "PaneGrid":
        """The grid of ``count`` panes, at least one, in which pictures of a ``shape`` (width and height) are
        seen largest."""
        grids = [cls(room, columns, -(-count // columns)) for columns in range(1, count + 1)]
        return max(grids, key=lambda grid: (grid.scale(shape), -grid.columns * grid.rows))

    @property
    def single(self) -> bool:
        """Whether it isn't divided at all."""
        return self.columns == self.rows == 1

    @property
    def size(self) -> QSize:
        """Width and height of each."""
        across = (self.room.width() - _GAP * (self.columns - 1)) // self.columns
        down = (self.room.height() - _GAP * (self.rows - 1)) // self.rows
        return QSize(max(across, 1), max(down, 1))

    def corners(self, count: int) -> tuple[QPoint, ...]:
        """The upper left device pixels of the first ``count`` panes."""
        size = self.size
        return tuple(
            QPoint(
                place % self.columns * (size.width() + _GAP), place // self.columns * (size.height() + _GAP)
            )
            for place in range(count)
        )

    def place(self, corner: QPoint) -> QRect:
        """The device pixels of the pane with that corner."""
        return QRect(corner, self.size)

    def at(self, x: float, y: float) -> int:
        """The number of the pane, from 0, that a device pixel belongs to; the nearest one for a gap."""
        size = self.size
        column = min(max(int(x // (size.width() + _GAP)), 0), self.columns - 1)
        row = min(max(int(y // (size.height() + _GAP)), 0), self.rows - 1)
        return row * self.columns + column

    def scale(self, shape: tuple[int, int]) -> float:
        """How large a picture of that shape is seen in a pane: device pixels for each of its own."""
        size = self.size
        return min(size.width() / shape[0], size.height() / shape[1])
