"""Other ways than the tint to show the mask: as black and white, and by ants that march round its edge."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from overpaint.core.masks.mask import SENT_FROM
from overpaint.studio.config.settings import MaskView
from overpaint.ui.canvas.render.tint_overlay import Tint, Words
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.viewport.pyramids import image_over

_DASH = 4
_WHITE, _BLACK = np.uint32(0xFFFFFFFF), np.uint32(0xFF000000)
_GREY_STEP = np.uint32(0x00010101)


class Marks(Protocol):
    """Draws coverage over the picture, all places in device pixels.

    ``reach`` is how many pixels around ``place`` it must know; ``everywhere`` says that it draws where
    nothing is covered too.
    """

    @property
    def reach(self) -> int: ...
    @property
    def everywhere(self) -> bool: ...
    def draw(self, painter: QPainter, place: QRect, strength: Words, around: QRect, frame: QRect) -> None:
        """Draws into ``place`` coverage of ``strength``, 0 to 255, which is overwritten.

        ``strength`` is what lies in ``around``: ``place`` with ``reach`` pixels more, as far as they are on
        the canvas and in the picture's ``frame``.
        """


def marks_for(view: MaskView, colours: CanvasColours, ratio: float) -> Marks:
    """What draws the mask in that view; for ``off`` the usual one, which then isn't asked."""
    match view:
        case "white" | "sent":
            return BlackWhite()
        case "ants":
            return Ants(ratio)
        case "tint":
            return Tint(colours.mask, QColor(0, 0, 0, 0), ratio)
        case "hatch":
            return Tint(colours.hatch_gap, colours.hatch_alone, ratio)
        case _:
            return Tint(colours.mask, colours.hatch, ratio)


class BlackWhite:
    """White where the picture is edited, black where it is kept."""

    reach = 0
    everywhere = True

    def draw(self, painter: QPainter, place: QRect, strength: Words, around: QRect, frame: QRect) -> None:
        """Covers ``place``."""
        strength *= _GREY_STEP
        strength |= _BLACK
        painter.drawImage(place.topLeft(), image_over(strength, QImage.Format.Format_RGB32))


class Ants:
    """A dashed line on the inner edge of what is sent; ``march`` moves the dashes on by a pixel."""

    reach = 1
    everywhere = False

    def __init__(self, ratio: float) -> None:
        self._dash = max(2, round(_DASH * ratio))
        self._step = 0

    def march(self) -> None:
        """Moves the dashes on."""
        self._step = (self._step + 1) % (2 * self._dash)

    def draw(self, painter: QPainter, place: QRect, strength: Words, around: QRect, frame: QRect) -> None:
        """Draws the line; the picture's own edge closes what reaches it."""
        edge = _inner_edge(strength >= SENT_FROM, place, around, frame)
        rows = np.arange(place.height())[:, None] + (place.y() - frame.y() - self._step)
        columns = np.arange(place.width())[None, :] + (place.x() - frame.x())
        dark = (rows + columns) // self._dash % 2 == 0
        words = np.where(edge, np.where(dark, _BLACK, _WHITE), np.uint32(0))
        painter.drawImage(place.topLeft(), image_over(words, QImage.Format.Format_ARGB32_Premultiplied))


def _inner_edge(sent: NDArray[np.bool_], place: QRect, around: QRect, frame: QRect) -> NDArray[np.bool_]:
    """Which pixels of ``place`` are sent while one of their four neighbours isn't."""
    missing = (
        (around.top() - place.top() + 1, place.bottom() + 1 - around.bottom()),
        (around.left() - place.left() + 1, place.right() + 1 - around.right()),
    )
    known = np.pad(sent, missing, mode="edge")  # beyond the canvas it goes on as it is
    known[0] &= place.top() > frame.top()
    known[-1] &= place.bottom() < frame.bottom()
    known[:, 0] &= place.left() > frame.left()
    known[:, -1] &= place.right() < frame.right()
    kept = known[:-2, 1:-1] & known[2:, 1:-1] & known[1:-1, :-2] & known[1:-1, 2:]
    return known[1:-1, 1:-1] & ~kept
