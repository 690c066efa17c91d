"""A service that redraws the whole picture: moved, zoomed, turned, bent, tinted and rendered anew, with
places redrawn, and what was asked for inside the mask. The truth is known for every pixel."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Move:
    """How the service draws: ``dx``, ``dy`` in picture pixels, ``zoom`` and ``turn`` (degrees) round the
    middle, ``bend`` pixels of a smooth field; colours by ``gamma``, ``gains``, ``offset`` and
    ``saturation``, with a gain that differs by ``uneven`` over the picture; ``softness`` and ``jpeg``
    quality of the rendering; ``redrawn`` is the share of what lies outside that shows something else.
    ``size`` is that of the result."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    turn: float = 0.0
    bend: float = 0.0
    gamma: float = 1.0
    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    offset: float = 0.0
    saturation: float = 1.0
    uneven: float = 0.0
    softness: float = 0.0
    jpeg: int = 0
    redrawn: float = 0.0
    size: tuple[int, int] | None = None
    seed: int = 1


@dataclass(frozen=True)
class Drifted:
    """What came back; ``x`` and ``y`` are where each pixel centre of the picture lies in it, in result pixels
    from its corner; ``redrawn`` says which pixels of the picture show something else."""

    result: Pixels
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    redrawn: NDArray[np.bool_]


def drift(picture: Pixels, mask: NDArray[np.uint8] | None, move: Move) -> Drifted:
    """The picture, uint8 (height, width, 3), as that service gives it back; inside the mask there is
    something new."""
    random = np.random.default_rng(move.seed)
    height, width = picture.shape[:2]
    drawn = picture.copy()
    redrawn = np.zeros((height, width), np.bool_)
    if mask is not None:
        drawn[mask > 0] = _something_new(picture, random)[mask > 0]
    if move.redrawn:
        redrawn = _places(height, width, mask, move.redrawn, random)
        drawn[redrawn] = _something_new(picture, random)[redrawn]
    out = move.size or (width, height)
    x, y = _truth(width, height, out, move, random)
    result = _seen(drawn, x, y, out)
    return Drifted(_rendered(_tinted(result, move, random), move), x, y, redrawn)


def _truth(
    width: int, height: int, out: tuple[int, int], move: Move, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the centre of each picture pixel lies in the result."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    if move.bend:
        fields = [_smooth(height, width, random) * move.bend for _ in range(2)]
        x, y = x + fields[0], y + fields[1]
    angle, middle = np.radians(move.turn), (width / 2, height / 2)
    cosine, sine = np.cos(angle) * move.zoom, np.sin(angle) * move.zoom
    u, v = x - middle[0], y - middle[1]
    x = u * cosine - v * sine + middle[0] + move.dx
    y = u * sine + v * cosine + middle[1] + move.dy
    return x * out[0] / width, y * out[1] / height


def _seen(
    drawn: Pixels,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    out: tuple[int, int],
) -> Pixels:
    """The picture in the result's own grid: the map is turned round by steps towards it."""
    height, width = drawn.shape[:2]
    u, v = np.meshgrid(np.arange(out[0]) + 0.5, np.arange(out[1]) + 0.5)
    back_x, back_y = u * width / out[0], v * height / out[1]
    for _ in range(12):
        across, down = ((side - 0.5).astype(np.float32) for side in (back_x, back_y))
        got = [
            cv2.remap(
                side.astype(np.float32), across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            for side in (x, y)
        ]
        # Beyond the picture's edge the map goes on as it is at the edge, shifted.
        over_x = back_x - np.clip(back_x, 0.5, width - 0.5)
        over_y = back_y - np.clip(back_y, 0.5, height - 0.5)
        back_x = back_x + (u - got[0]) * width / out[0] - over_x
        back_y = back_y + (v - got[1]) * height / out[1] - over_y
    shrink = width / out[0]
    source = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.45 * shrink)) if shrink > 1.2 else drawn
    xs, ys = ((side - 0.5).astype(np.float32) for side in (back_x, back_y))
    seen = cv2.remap(source, xs, ys, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(seen, np.uint8)


def _tinted(picture: Pixels, move: Move, random: np.random.Generator) -> Pixels:
    value = picture.astype(float) / 255.0
    value = np.power(value, move.gamma) * np.array(move.gains) + move.offset / 255.0
    grey = value.mean(axis=2, keepdims=True)
    value = grey + (value - grey) * move.saturation
    if move.uneven:
        value *= 1.0 + move.uneven * _smooth(picture.shape[0], picture.shape[1], random)[..., None]
    return np.asarray(np.round(np.clip(value, 0, 1) * 255), np.uint8)


def _rendered(picture: Pixels, move: Move) -> Pixels:
    if move.softness:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), move.softness), np.uint8)
    if move.jpeg:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "JPEG", quality=move.jpeg, subsampling=0)
        picture = np.asarray(Image.open(io.BytesIO(file.getvalue())))
    return picture


def _something_new(picture: Pixels, random: np.random.Generator) -> Pixels:
    """Other content of the same kind of colours: the picture turned over, with strokes of its own."""
    other = picture[::-1, ::-1].copy()
    height, width = other.shape[:2]
    for _ in range(30):
        a, b = (random.integers(0, side, 2) for side in (width, height))
        colour = [int(one) for one in random.integers(0, 256, 3)]
        cv2.line(other, (int(a[0]), int(b[0])), (int(a[1]), int(b[1])), colour, max(2, width // 150))
    return other


def _places(
    height: int, width: int, mask: NDArray[np.uint8] | None, share: float, random: np.random.Generator
) -> NDArray[np.bool_]:
    field = _smooth(height, width, random, nodes=9)
    outside = np.ones((height, width), np.bool_) if mask is None else mask == 0
    return np.asarray(outside & (field > np.quantile(field[outside], 1.0 - share)))


def _smooth(height: int, width: int, random: np.random.Generator, nodes: int = 5) -> NDArray[np.float64]:
    """A smooth field between about -1 and 1."""
    field = cv2.resize(random.uniform(-1, 1, (nodes, nodes)), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field)
