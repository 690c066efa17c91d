"""A first guess for a small hole, peeled inwards: each pixel continues what is known of its surroundings.

The exemplar-based filling of Criminisi, Perez, Toyama: Region Filling and Object Removal, 2004, by layers and
with every known patch compared. Meant for a few thousand pixels: the coarsest level of a fill.
"""

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

_MOST_SOURCES = 2000

Plane = NDArray[np.float32]


def peel(pixels: NDArray[np.uint8], hole: NDArray[np.bool_], radius: int) -> NDArray[np.uint8]:
    """(h, w, 3) uint8 with the hole (h, w) filled layer by layer from patches of ``2 radius + 1`` pixels.

    Unchanged where no whole patch is known.
    """
    side = 2 * radius + 1
    near = cv2.dilate(hole.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    sources = np.argwhere(~near[radius:-radius, radius:-radius])
    if not len(sources):
        return pixels
    sources = sources[:: max(1, len(sources) // _MOST_SOURCES)]
    patches = sliding_window_view(pixels, (side, side), axis=(0, 1))  # rows, columns, channel, side, side
    known_patches = patches[sources[:, 0], sources[:, 1]].reshape(len(sources), 3, -1).astype(np.float32)
    centres = pixels[sources[:, 0] + radius, sources[:, 1] + radius]
    guess = np.pad(pixels, ((radius, radius), (radius, radius), (0, 0)), mode="edge")
    left = np.pad(hole, radius)
    inside = np.zeros_like(left)
    inside[radius:-radius, radius:-radius] = True
    while left.any():
        edge = np.argwhere(left & (cv2.erode(left.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0) & inside)
        seen = ~left & inside
        best = _nearest(guess, seen, edge, known_patches, side)
        guess[edge[:, 0], edge[:, 1]] = centres[best]
        left[edge[:, 0], edge[:, 1]] = False
    return np.ascontiguousarray(guess[radius:-radius, radius:-radius])


def _nearest(
    guess: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    edge: NDArray[np.intp],
    known: Plane,
    side: int,
) -> NDArray[np.intp]:
    """For each edge pixel the known patch that differs least where its own patch has been seen."""
    rows, columns = edge[:, 0] - side // 2, edge[:, 1] - side // 2
    wanted = sliding_window_view(guess, (side, side), axis=(0, 1))[rows, columns]
    wanted = wanted.reshape(len(edge), 3, -1).astype(np.float32)
    weight = (
        sliding_window_view(seen, (side, side))[rows, columns].reshape(len(edge), 1, -1).astype(np.float32)
    )
    flat = known.reshape(len(known), -1)
    of_known = (weight[:, 0] @ (known**2).sum(axis=1).T) - 2 * (
        (weight * wanted).reshape(len(edge), -1) @ flat.T
    )
    return np.asarray(of_known.argmin(axis=1))
