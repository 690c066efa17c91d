"""One result laid into its picture: worked out once, and again in a moment when its seam is set otherwise."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import OverpaintError
from overpaint.core.results.blending import Seam
from overpaint.core.results.kept_composite import Composite, ResultLayer
from overpaint.core.results.result_placement import Placement
from overpaint.imaging.compositing.compose import compose, count_changed
from overpaint.imaging.compositing.framing import frame
from overpaint.imaging.compositing.layer import Layer, drift_of, match_colours, with_channels
from overpaint.imaging.compositing.mix import Pixels
from overpaint.imaging.masks.mask_png import decode_grey, decode_mask
from overpaint.imaging.reading.decode import load_image
from overpaint.imaging.registration.register import register
from overpaint.library.gallery.gallery import SavedResult
from overpaint.library.gallery.provenance import hash_of_file
from overpaint.studio.results import kept_words

_MOST_PAINTED = 0.95


class NotKept(OverpaintError):
    """A result stands as it came, for a reason that is said."""

    kind = "not_kept"


class KeptResult:
    """A result on its picture. ``composite`` says how it lies there; every method blocks, and may be called
    from any thread, one at a time."""

    def __init__(self, picture: Pixels, layer: Layer, coverage: NDArray[np.uint8], composite: Composite):
        self._picture = picture
        self._layer = layer
        self._coverage = coverage
        self._guard = threading.Lock()
        self.composite = composite

    @classmethod
    def of(
        cls, saved: SavedResult, source: Path, seam: Seam, *, goes_on: Callable[[], bool] = lambda: True
    ) -> "KeptResult":
        """Lays a saved result into the picture in ``source``.

        Raises :class:`NotKept` where that can't be, :class:`OverpaintError` for files that can't be read, and
        ``Interrupted`` once ``goes_on`` says False.
        """
        coverage = _coverage_of(saved)
        picture = _pixels(source)
        if coverage.shape != picture.shape[:2]:
            raise NotKept(kept_words.OTHER_SHAPE)
        if np.count_nonzero(coverage) > _MOST_PAINTED * coverage.size:
            raise NotKept(kept_words.ALL_PAINTED)
        result = _pixels(saved.path)
        channels = max(picture.shape[2], result.shape[2])
        picture, result = with_channels(picture, channels), with_channels(result, channels)
        placement = _placed(picture, result, coverage, seam, goes_on)
        if placement.way == "not aligned":
            raise NotKept(kept_words.ANOTHER_PICTURE)
        match = match_colours(picture, result, placement, coverage)
        drift, _ = drift_of(picture, result, placement, match, coverage)
        layer = ResultLayer(saved.path.name, hash_of_file(saved.path), placement, match)
        composite = Composite(hash_of_file(source), (layer,), seam, drift)
        size = picture.shape[1], picture.shape[0]
        laid = Layer(result, size, placement, match, seam.match)
        return cls(picture, laid, coverage, composite)

    def pixels(self, seam: Seam) -> Pixels:
        """The picture with the result in it: uint8 (height, width, 3 or 4). ``composite`` follows."""
        with self._guard:
            self._layer.set_strength(seam.match)
            layers = [(self._layer, self._coverage)]
            kept = compose(self._picture, layers, seam)
            outside, changed = count_changed(kept, self._picture, layers, seam)
            drift = msgspec.structs.replace(self.composite.drift, outside=outside, changed_after=changed)
            self.composite = msgspec.structs.replace(self.composite, seam=seam, drift=drift)
            return kept

    @property
    def placement(self) -> Placement:
        """How the result lies."""
        return self._layer.placement


def _placed(
    picture: Pixels, result: Pixels, coverage: NDArray[np.uint8], seam: Seam, goes_on: Callable[[], bool]
) -> Placement:
    if seam.align:
        return register(picture, result, coverage, goes_on=goes_on)
    sizes = (picture.shape[1], picture.shape[0]), (result.shape[1], result.shape[0])
    return Placement(frame("stretch", *sizes))


def _coverage_of(saved: SavedResult) -> NDArray[np.uint8]:
    """What was painted; of results without it what was sent."""
    if saved.painted is not None:
        return decode_grey(saved.painted.read_bytes())
    if saved.mask is not None:
        return decode_mask(saved.mask.read_bytes())
    raise NotKept(kept_words.NO_MASK)


def _pixels(file: Path) -> Pixels:
    image, _ = load_image(file)
    return np.asarray(image)
