"""Tonal, colour and geometric edits on whole 8-bit pictures; masking them is the caller's business."""

import colorsys
import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.request.sizes import Size
from overpaint.imaging.offline_edit.fit import fit
from overpaint.imaging.offline_edit.grammar import COLOURS, Action, Operation

Rgb = NDArray[np.uint8]

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_SEPIA_GAMMAS = np.array([0.8, 1.0, 1.45], dtype=np.float32)
_RAMP = np.arange(256, dtype=np.float32) / 255
_BLUR_SHARE = 0.008
_REFERENCE_SHARE = 0.5
_STATISTICS_EDGE = 256


def apply(pixels: Rgb, operation: Operation) -> Rgb:
    """(h, w, 3) uint8 sRGB with one tonal, colour or geometric operation done to all of it.

    Same shape, except that a quarter turn swaps height and width. Raises ValueError for operations that
    need to know an area or a subject (fill, cut out, blur background).
    """
    edit = _EDITS.get(operation.action)
    if edit is None:
        raise ValueError(f"{operation.action} is not done to a whole picture")
    return edit(pixels, operation)


def blurred(pixels: Rgb, share: float) -> Rgb:
    """The picture under a Gaussian whose sigma is a share of its longer side, at least half a pixel."""
    sigma = max(0.5, share * max(pixels.shape[:2]))
    return _uint8(cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE))


def toward(pixels: Rgb, references: list[Rgb]) -> Rgb:
    """The picture with its colours moved half-way to those of reference pictures.

    Mean and spread of each channel of CIELAB are matched (Reinhard et al., Color Transfer between Images,
    2001); lightness moves half as far as colour, so that the picture keeps its light.
    """
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB).astype(np.float32)
    mean, spread = _statistics([pixels])
    wanted_mean, wanted_spread = _statistics(references)
    share = np.array([_REFERENCE_SHARE / 2, _REFERENCE_SHARE, _REFERENCE_SHARE], dtype=np.float32)
    gain = np.clip(wanted_spread / np.maximum(spread, 1), 0.5, 2)
    moved = (lab - mean) * (1 + share * (gain - 1)) + mean + share * (wanted_mean - mean)
    return _uint8(cv2.cvtColor(_clipped(moved), cv2.COLOR_LAB2RGB))


def _brightness_curve(amount: float) -> NDArray[np.floating]:
    """A gamma that lifts or lowers the middle tones and leaves black and white where they are."""
    gamma = 2.0 ** (-1.6 * amount)
    return np.repeat((_RAMP**gamma)[:, None], 3, axis=1)


def _contrast_curve(amount: float) -> NDArray[np.floating]:
    """Steeper or flatter about the middle grey; an S when steeper, so that highlights keep their detail."""
    if amount < 0:
        curve = 0.5 + (_RAMP - 0.5) * (1 + 0.8 * amount)
    else:
        steepness = 1e-3 + 7 * amount
        bend = np.tanh(steepness * (_RAMP - 0.5)) / math.tanh(steepness / 2) / 2 + 0.5
        curve = bend.astype(np.float32)
    return np.repeat(curve[:, None], 3, axis=1)


def _warmth_curve(amount: float) -> NDArray[np.floating]:
    """Red up and blue down (or the reverse) by gammas, green following a little."""
    gammas = np.array([2.0 ** (-0.9 * amount), 2.0 ** (-0.15 * amount), 2.0 ** (1.0 * amount)], np.float32)
    return _RAMP[:, None] ** gammas


def _through_curves(pixels: Rgb, curves: NDArray[np.floating]) -> Rgb:
    table = _clipped(curves * 255).reshape(256, 1, 3)
    return _uint8(cv2.LUT(pixels, table))


def _saturated(pixels: Rgb, factor: float) -> Rgb:
    luma = _luma(pixels)[..., None]
    return _clipped(luma + factor * (pixels.astype(np.float32) - luma))


def _recoloured(pixels: Rgb, colour: tuple[int, int, int]) -> Rgb:
    """The colour's hue and saturation with the picture's own light and shade about the colour's lightness."""
    luma = _luma(pixels) / 255
    wanted = float(np.dot(np.array(colour, np.float32), _LUMA)) / 255
    middle = float(np.clip(np.median(luma), 0.05, 0.95))
    bend = math.log(max(0.02, min(0.98, wanted))) / math.log(middle)
    shade = np.power(np.clip(luma, 0, 1), bend)
    hue, _, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    hls = np.stack((np.full_like(shade, hue * 360), shade, np.full_like(shade, saturation)), axis=-1)
    return _clipped(cv2.cvtColor(hls.astype(np.float32), cv2.COLOR_HLS2RGB).astype(np.float32) * 255)


def _sharpened(pixels: Rgb, amount: float) -> Rgb:
    soft = blurred(pixels, 0.0012)
    strength = min(2.0, 0.8 * amount)
    return _uint8(cv2.addWeighted(pixels, 1 + strength, soft, -strength, 0))


def _rotated(pixels: Rgb, degrees: float) -> Rgb:
    """Turned clockwise; quarter turns exactly, other angles magnified so that no corner stays empty."""
    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(pixels, k=-int(degrees // 90) % 4))
    height, width = pixels.shape[:2]
    angle = math.radians(abs(degrees))
    sine, cosine = abs(math.sin(angle)), abs(math.cos(angle))
    zoom = max(cosine + sine * height / width, cosine + sine * width / height)
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -degrees, zoom)
    return _uint8(
        cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    )


def _statistics(pictures: list[Rgb]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    samples = []
    for picture in pictures:
        small = fit(picture, Size(*(min(side, _STATISTICS_EDGE) for side in picture.shape[1::-1])))
        samples.append(cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32))
    together = np.concatenate(samples)
    return together.mean(axis=0), together.std(axis=0)


def _luma(pixels: Rgb) -> NDArray[np.floating]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.float32)


def _clipped(values: NDArray[np.floating]) -> Rgb:
    return np.asarray(np.clip(values + 0.5, 0, 255), dtype=np.uint8)


def _uint8(pixels: object) -> Rgb:
    return np.asarray(pixels, dtype=np.uint8)


def _tone(curve: Callable[[float], NDArray[np.floating]]) -> Callable[[Rgb, Operation], Rgb]:
    return lambda pixels, operation: _through_curves(pixels, curve(operation.amount))


_EDITS: dict[Action, Callable[[Rgb, Operation], Rgb]] = {
    Action.BRIGHTNESS: _tone(_brightness_curve),
    Action.CONTRAST: _tone(_contrast_curve),
    Action.WARMTH: _tone(_warmth_curve),
    Action.SATURATION: lambda pixels, operation: _saturated(pixels, 1 + operation.amount),
    Action.GREY: lambda pixels, _: _saturated(pixels, 0),
    Action.SEPIA: lambda pixels, _: _through_curves(_saturated(pixels, 0), _RAMP[:, None] ** _SEPIA_GAMMAS),
    Action.RECOLOUR: lambda pixels, operation: _recoloured(pixels, COLOURS[operation.colour]),
    Action.BLUR: lambda pixels, operation: blurred(pixels, _BLUR_SHARE * operation.amount),
    Action.SHARPEN: lambda pixels, operation: _sharpened(pixels, operation.amount),
    Action.MIRROR: lambda pixels, _: np.ascontiguousarray(pixels[:, ::-1]),
    Action.FLIP: lambda pixels, _: np.ascontiguousarray(pixels[::-1]),
    Action.ROTATE: lambda pixels, operation: _rotated(pixels, operation.amount),
}
