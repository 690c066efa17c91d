"""A surface on which pictures are seen beside each other: at the two sides of a line, or in panes."""

from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from overpaint.ui.canvas.compare.panes import Pane, PaneGrid
from overpaint.ui.canvas.render.captions import BEFORE_WORDS, Caption
from overpaint.ui.canvas.render.regions import few_rects, rects
from overpaint.ui.canvas.render.split import Split
from overpaint.ui.canvas.render.surface import Surface
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.viewport.brush_cursor import BrushCursor
from overpaint.ui.viewport.pyramids import PicturePyramid


class ComparingSurface(Surface):
    """The view is that of one pane; the others show the same part of theirs, with the same ring."""

    def __init__(self, colours: CanvasColours, parent: QWidget | None = None) -> None:
        super().__init__(colours, parent)
        self._panes: tuple[Pane, ...] = ()
        self._grid = PaneGrid(QSize())
        self._corners: tuple[QPoint, ...] = ()

    @property
    def room(self) -> tuple[float, float]:
        """Width and height in widget pixels of what a picture is seen in: the canvas, or one of its panes."""
        if not self._panes:
            return super().room
        size = self._grid.size
        return size.width() / self._ratio, size.height() / self._ratio

    # --- what is compared

    @property
    def split(self) -> Split | None:
        """The line between the picture before and the result, while both are seen."""
        return self._scene.split if self._scene.divided and not self._panes else None

    def set_split(self, split: Split | None) -> None:
        """Shows picture and result at the two sides of a line, once there are both; None ends that."""
        before, self._scene.split = self._scene.split, split
        if split == before:
            return
        if split is None or before is None or split.flat != before.flat:
            self.refresh_shown()
            return
        sides = [QRegion(one.sides(self._frame.size())[0]) for one in (before, split)]
        self._redraw(sides[0].xored(sides[1]))
        for one in (before, split):
            self.update(one.place(self.size()))
            for _, place in self._both_captions(one):
                self.update(place)

    def show_instead(self, levels: PicturePyramid | None) -> None:
        """Shows in the result's place how it differs from the picture before; None ends that."""
        self._scene.instead = levels
        self.refresh_shown()

    @property
    def panes(self) -> tuple[Pane, ...]:
        """What is seen beside each other, while it is."""
        return self._panes

    def set_panes(self, panes: tuple[Pane, ...]) -> None:
        """Shows pictures beside each other, the same part of each; fewer than two end that."""
        if not panes and not self._panes:
            return
        middle = self._view.to_picture(*self.middle)
        count, self._panes = len(self._panes), panes if len(panes) > 1 else ()
        self._arrange()
        if len(self._panes) != count:
            self._restore_view(middle)
        self.refresh_shown()
        self.view_changed.emit()

    def pane_at(self, x: float, y: float) -> int:
        """The number of the pane, from 0, that a widget pixel belongs to."""
        return self._grid.at(x * self._ratio, y * self._ratio) if self._panes else 0

    def corner_of(self, pane: int) -> tuple[float, float]:
        """The upper left widget pixel of a pane."""
        if not self._panes:
            return 0.0, 0.0
        corner = self._corners[min(pane, len(self._corners) - 1)]
        return corner.x() / self._ratio, corner.y() / self._ratio

    # --- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divides the canvas anew, with the same place of the pictures in the middle of each pane."""
        if not self._panes:
            super().resizeEvent(event)
            return
        middle = self._view.to_picture(*self.middle)
        self._arrange()
        self._restore_view(middle)
        self.view_changed.emit()
        self.resized.emit()

    # --- below the surface

    def _arrange(self) -> None:
        room = self._device_rect(self.rect()).size()
        self._grid = PaneGrid.arranged(max(len(self._panes), 1), room, self._scene.size or (1, 1))
        self._corners = self._grid.corners(len(self._panes))

    def _change_ratio(self) -> None:
        super()._change_ratio()
        if self._panes:
            self._arrange()
            self.refresh()

    def _draw_scene(self, painter: QPainter, dirty: QRegion, *, smooth: bool) -> None:
        if not self._panes:
            super()._draw_scene(painter, dirty, smooth=smooth)
            return
        for part in few_rects(dirty):
            painter.fillRect(part, self._colours.surround)
        for number, (corner, pane) in enumerate(zip(self._corners, self._panes, strict=True)):
            seen = (dirty & self._grid.place(corner)).translated(-corner)
            if not seen.isEmpty():
                painter.save()
                painter.translate(corner)
                self._scene.draw_levels(
                    painter, few_rects(seen), self._view, pane.levels, smooth=smooth, pane=number
                )
                painter.restore()

    def _draw_ring(self, painter: QPainter, ring: BrushCursor, dirty: QRegion) -> None:
        if not self._panes:
            super()._draw_ring(painter, ring, dirty)
            return
        for corner in self._corners:
            seen = (dirty & self._grid.place(corner)).translated(-corner) & ring.region()
            painter.save()
            painter.translate(corner)
            ring.draw(painter, rects(seen))
            painter.restore()

    def _draw_over(self, painter: QPainter, dirty: QRect) -> None:
        if self._panes:
            for corner, pane in zip(self._corners, self._panes, strict=True):
                painter.save()
                painter.setClipRect(self._pane_place(corner))
                painter.translate(QPointF(corner) / self._ratio)
                self._draw_over_pane(painter, pane)
                painter.restore()
            return
        if self.split is None or self._scene.before:
            super()._draw_over(painter, dirty)
            return
        if self._outline is not None:
            self._outline.draw(painter, self._view)
        self._draw_both_captions(painter, self.split)
        self.split.draw(painter, self.size())

    def _draw_both_captions(self, painter: QPainter, split: Split) -> None:
        """Each on its own side of the line, where that has room for it."""
        for caption, place in self._both_captions(split):
            caption.draw(painter, place, self._colours)

    def _both_captions(self, split: Split) -> list[tuple[Caption, QRect]]:
        """In the picture's upper corners, or below each other at the left of a line that lies flat."""
        frame = self._scene.frame(self._view)
        left, top, right = (
            round(side / self._ratio) for side in (frame.left(), frame.top(), frame.right() + 1)
        )
        before, after = Caption(self.font()), Caption(self.font())
        before.text, after.text = BEFORE_WORDS, self._caption.text
        places = [before.place(left, top), after.place_at_right(min(right, self.width()), top)]
        if split.flat:
            places[1] = after.place(left, max(split.line(self.size()), top))
        found = zip((before, after), places, split.sides(self.size()), strict=True)
        return [(caption, place) for caption, place, side in found if caption.text and side.contains(place)]

    def _draw_over_pane(self, painter: QPainter, pane: Pane) -> None:
        if self._outline is not None:
            self._outline.draw(painter, self._view)
        frame = self._scene.frame(self._view, pane.levels)
        caption = Caption(self.font())
        caption.text = pane.words
        place = caption.place(round(frame.left() / self._ratio), round(frame.top() / self._ratio))
        caption.draw(painter, place, self._colours)

    def _pane_place(self, corner: QPoint) -> QRect:
        place = self._grid.place(corner)
        left, top = place.left() / self._ratio, place.top() / self._ratio
        return QRect(
            round(left), round(top), round(place.width() / self._ratio), round(place.height() / self._ratio)
        )

    def _everywhere(self, region: QRegion) -> QRegion:
        if not self._panes:
            return region
        everywhere = QRegion()
        for corner in self._corners:
            everywhere += region.translated(corner) & self._grid.place(corner)
        return everywhere
