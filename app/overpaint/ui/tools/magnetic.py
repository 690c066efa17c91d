"""The magnetic lasso: a polygon whose sides follow the picture's edges from click to click."""

from overpaint.core.mask import Mask
from overpaint.ui.canvas.gestures import Pointer, Stage
from overpaint.ui.canvas.layers import PictureLevels
from overpaint.ui.tools.polygon import PolygonDraft
from overpaint.ui.tools.selector import Points, Selector


class MagneticDraft(PolygonDraft):
    """As a polygon, in ``picture``."""

    tool = "magnetic"

    def __init__(
        self, stage: Stage, selector: Selector, mask: Mask, pointer: Pointer, picture: PictureLevels
    ) -> None:
        from overpaint.imaging.scissors import Scissors  # OpenCV loads here, at the first click

        self._scissors = Scissors(picture.pixels)
        self._anchor: tuple[float, float] | None = None
        super().__init__(stage, selector, mask, pointer)

    def _way(self, end: tuple[float, float]) -> Points:
        corner = self._corners[-1]
        if corner == end:
            return (end,)
        if corner != self._anchor:
            self._anchor = corner
            self._scissors.anchor(*corner)
        found = self._scissors.path_to(*end)
        return (*((float(x), float(y)) for x, y in found[1:-1]), end)
