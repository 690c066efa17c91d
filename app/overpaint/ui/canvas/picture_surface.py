"""A surface with a picture and its mask, and a result in the picture's place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from overpaint.core.masks.mask import Mask
from overpaint.studio.config.settings import MaskView
from overpaint.ui.canvas.compare.comparing_surface import ComparingSurface
from overpaint.ui.canvas.render.captions import BEFORE_WORDS
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.viewport.placement import Placed
from overpaint.ui.viewport.pyramids import PicturePyramid

DIFFERENCE_WORDS = "Difference"
NO_SOURCE_WORDS = "The picture before has gone or changed"


class PictureSurface(ComparingSurface):
    """What is shown is put here; what is done with it is the canvas's."""

    sampled_changed = Signal(bool)
    """Whether there is a result of this picture that wand and quick select can look at."""

    def __init__(self, colours: CanvasColours, parent: QWidget | None = None) -> None:
        super().__init__(colours, parent)
        self._words = ""
        self._sampled: PicturePyramid | None = None

    def set_picture(self, levels: PicturePyramid | None, mask: Mask | None, *, keep_view: bool) -> None:
        """Shows another picture with its mask, or nothing; ``keep_view`` when it is of the same size."""
        self._end_work()
        self._scene.set_picture(levels, mask)
        self._sample(None)
        self.set_caption("")
        self.refresh_shown()
        if not keep_view:
            self.fit(upright=True)
        self._begin_anew(keep_view=keep_view)

    def sharpen(self, levels: PicturePyramid) -> None:
        """Puts more pixels into the place of a preview of the same picture; a stroke goes on meanwhile."""
        self._scene.picture = levels
        self.refresh_shown()

    def set_result(
        self, levels: PicturePyramid | None, caption: str = "", source: PicturePyramid | None = None
    ) -> None:
        """Shows a partial or final result in the picture's place, without the mask; None ends that.

        ``source`` is the picture that it was made of, None where that isn't there any more.
        """
        had_size = self._scene.size is not None
        self._scene.result, self._scene.source = levels, source if levels is not None else None
        if levels is not None:
            self._sample(levels)
        self.set_caption(caption if levels is not None else "")
        self.refresh_shown()
        if not had_size:
            self.fit()

    def set_caption(self, text: str) -> None:
        """Changes the words at the picture's upper left; ``""`` takes them away."""
        self._words = text
        before = BEFORE_WORDS if self._scene.source is not None else NO_SOURCE_WORDS
        now = DIFFERENCE_WORDS if text and self._scene.instead is not None else text
        self._change_caption(before if self._looks_before else now)

    def show_instead(self, levels: PicturePyramid | None) -> None:
        """Shows in the result's place how it differs from the picture before; None ends that."""
        super().show_instead(levels)
        self.set_caption(self._words)

    def show_before(self, on: bool) -> None:
        """Shows, while ``on``, the picture in place of its result, without the mask."""
        if on != self._scene.before:
            self._scene.before = on
            self.set_caption(self._words)
            self.refresh_shown()

    @property
    def showing_before(self) -> bool:
        """Whether the picture is looked at in place of its result."""
        return self._looks_before

    @property
    def source(self) -> PicturePyramid | None:
        """The picture that the result was made of; None where there is no result, or that has gone."""
        return self._scene.source

    @property
    def result(self) -> PicturePyramid | None:
        """The result in the picture's place, None while there is none."""
        return self._scene.result

    def set_overlay(self, view: MaskView) -> None:
        """How the mask is shown."""
        if view != self._scene.overlay:
            self._scene.overlay = view
            self.march(view == "ants")
            self.refresh_shown()

    @property
    def mask_on_canvas(self) -> Mask | None:
        """The mask that is painted on."""
        return None if self._scene.mask is None else self._scene.mask.mask

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """Width and height of what is shown."""
        return self._scene.size

    @property
    def picture(self) -> PicturePyramid | None:
        """The picture that is worked on, whether or not a result is shown in its place."""
        return self._scene.picture

    @property
    def sampled(self) -> PicturePyramid | None:
        """The result of this picture that was shown last, when it has the picture's shape: it is remembered
        while one selects in it, though the picture with its mask is back by then."""
        picture, result = self._scene.picture, self._sampled
        return result if picture is not None and result is not None and _alike(picture, result) else None

    # --- below the surface

    def _end_work(self) -> None:
        """For whoever works on the picture that goes."""

    def _begin_anew(self, *, keep_view: bool) -> None:
        """For whoever works on the picture that has come."""

    @property
    def _looks_before(self) -> bool:
        return self._scene.before and self._scene.result is not None

    def _sample(self, result: PicturePyramid | None) -> None:
        self._sampled = result
        self.sampled_changed.emit(self.sampled is not None)


def _alike(picture: PicturePyramid, result: PicturePyramid) -> bool:
    """Whether the result is shown in just the picture's place."""
    return Placed.within(result.size, picture.size).corner == (0.0, 0.0)
