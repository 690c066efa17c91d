"""A large picture before it is decoded in full: one of its half-size copies stands for all finer ones."""

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.pyramid import half_sizes
from overpaint.ui.viewport.pyramids import PicturePyramid


class PreviewPyramid(PicturePyramid):
    """Has the full size, so that it can be painted on; drawn larger than its pixels it is blurred."""

    __slots__ = ("_depth",)

    def __init__(self, preview: NDArray[np.uint8], size: tuple[int, int], depth: int) -> None:
        coarse = half_sizes(np.ascontiguousarray(preview))
        super().__init__([coarse[0]] * depth + coarse, opaque=bool(preview[..., 3].min() == 255))
        self.width, self.height = size
        self._depth = depth

    @classmethod
    def of(cls, preview: NDArray[np.uint8], size: tuple[int, int]) -> "PreviewPyramid | None":
        """The picture of ``size``, width and height, as ``preview`` shows it; None unless that is the
        picture halved some times."""
        for depth in range(1, 6):
            if preview.shape[:2] == (-(-size[1] >> depth), -(-size[0] >> depth)):
                return cls(preview, size, depth)
        return None

    @property
    def words(self) -> NDArray[np.uint32]:
        """The pixels at full size, which are only made where somebody looks that closely."""
        coarse = self._arrays[0].view(np.uint32)[..., 0]
        fine = coarse.repeat(2**self._depth, axis=0).repeat(2**self._depth, axis=1)
        return np.ascontiguousarray(fine[: self.height, : self.width])

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The same as bytes."""
        return self.words.view(np.uint8).reshape(self.height, self.width, 4)

    def level_for(self, scale: float) -> int:
        """The level to draw at ``scale``, none finer than there is."""
        return max(self._depth, super().level_for(scale))
