"""Lets the offline engine draw as the service does: the whole picture anew, a little moved, zoomed, turned
and tinted. Switched on for trying what is done about that without a key."""

import os
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

VARIABLE = "OVERPAINT_ENGINE_DRIFT"
"""The variable of the environment: ``on``, or words such as ``move=6 zoom=0.985 turn=0.4 tint=1
soft=0.6``."""

_TINT = np.array([1.04, 0.98, 0.95])
_DOWN = 0.55
"""Of a move, what goes down; the rest goes to the right."""


class ServiceDrift(msgspec.Struct, frozen=True):
    """``move`` in pixels, ``zoom`` round the middle, ``turn`` in degrees, ``tint`` as a share of a warm
    one, and ``soft`` as the blur of a new rendering in pixels."""

    move: Annotated[float, msgspec.Meta(ge=-64, le=64)] = 6.0
    zoom: Annotated[float, msgspec.Meta(ge=0.8, le=1.25)] = 0.985
    turn: Annotated[float, msgspec.Meta(ge=-5, le=5)] = 0.4
    tint: Annotated[float, msgspec.Meta(ge=0, le=3)] = 1.0
    soft: Annotated[float, msgspec.Meta(ge=0, le=5)] = 0.6


def from_environment() -> ServiceDrift | None:
    """The drift that the environment asks for, None where it asks for none. Raises ValueError with a sentence
    for words that mean nothing."""
    return parse(os.environ.get(VARIABLE, ""))


def parse(words: str) -> ServiceDrift | None:
    """The same for the variable's words."""
    plain = words.strip().lower()
    if plain in ("", "0", "off", "no"):
        return None
    if plain in ("1", "on", "yes"):
        return ServiceDrift()
    values: dict[str, str] = {}
    for word in plain.replace(",", " ").split():
        name, equals, value = word.partition("=")
        if not equals or name not in ServiceDrift.__struct_fields__:
            known = ", ".join(ServiceDrift.__struct_fields__)
            raise ValueError(f"{VARIABLE} takes “on” or {known} with numbers, as move=6, not “{word}”.")
        values[name] = value
    try:
        return msgspec.convert(values, ServiceDrift, strict=False)
    except msgspec.ValidationError as fault:
        raise ValueError(f"{VARIABLE} can't be used: {fault}.") from fault


def drifted(pixels: NDArray[np.uint8], drift: ServiceDrift) -> NDArray[np.uint8]:
    """The picture, uint8 (height, width, 3 or 4), as such a service would have drawn it."""
    import cv2  # the engine itself, which only reads the words, starts without it

    height, width = pixels.shape[:2]
    matrix = np.array(cv2.getRotationMatrix2D((width / 2.0, height / 2.0), -drift.turn, drift.zoom), float)
    matrix[:, 2] += np.array([drift.move, drift.move * _DOWN])
    moved = cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
    )
    if drift.soft:
        moved = cv2.GaussianBlur(moved, (0, 0), drift.soft)
    drawn = np.asarray(moved, dtype=np.uint8)
    gains = 1.0 + (_TINT - 1.0) * drift.tint
    tinted = np.clip(np.round(drawn[..., :3] * gains), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.dstack([tinted, drawn[..., 3:]]))
