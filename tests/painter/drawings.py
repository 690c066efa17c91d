"""For every tool one drawing: the events that make it, and the mask they ought to make."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from tests.painter import oracle
from tests.painter.easel import Easel, Frame, Modifiers, Place

PLAIN = Qt.KeyboardModifier.NoModifier
LAB_ROUNDING = 1.6
"""The wand keeps CIELAB in bytes, whose rounding may move a colour difference by so much."""

_WAY = ((-0.61, -0.33), (-0.17, -0.52), (0.42, -0.11), (0.37, 0.46), (-0.23, 0.31))
_CORNERS = ((-0.52, -0.41), (0.47, -0.63), (0.71, 0.23), (0.13, 0.58), (-0.61, 0.49), (0.12, -0.02))
_BOX = ((-0.6, -0.45), (0.55, 0.7))
_BRUSH_RADIUS = 0.15
_ANCHORS = 6

Picture = NDArray[np.uint8]
Judge = Callable[[Easel, Picture], list[str]]


@dataclass(frozen=True)
class Drawing:
    """``draw`` sends the events, holding those keys; ``faults`` says what is wrong with the mask then."""

    name: str
    draw: Callable[[Easel, Modifiers], Awaitable[None]]
    faults: Judge
    slow: bool = False


# --- brush and eraser


async def _brush(easel: Easel, held: Modifiers) -> None:
    easel.tool("brush")
    easel.drag(_places(easel.frame, _WAY))


async def _erase(easel: Easel, held: Modifiers) -> None:
    easel.app.studio.session.fill_mask()
    easel.tool("eraser")
    easel.drag(_places(easel.frame, _WAY))


async def _right_drag(easel: Easel, held: Modifiers) -> None:
    easel.app.studio.session.fill_mask()
    easel.tool("brush")
    easel.drag(_places(easel.frame, _WAY), button=Qt.MouseButton.RightButton)


async def _pen(easel: Easel, held: Modifiers) -> None:
    easel.tool("brush")
    easel.pen(_places(easel.frame, _WAY))


async def _pen_half(easel: Easel, held: Modifiers) -> None:
    easel.tool("brush")
    easel.pen(_places(easel.frame, _WAY), pressure=0.5)


async def _pen_eraser(easel: Easel, held: Modifiers) -> None:
    easel.app.studio.session.fill_mask()
    easel.tool("brush")
    easel.pen(_places(easel.frame, _WAY), eraser=True)


@lru_cache
def stroke(frame: Frame, share: float = 1.0) -> oracle.Drawn:
    """The way that the brush is led, with a share of its size.

    Where two of its lines meet in one pixel the larger share counts: strokes never add up.
    """
    places, radius = _places(frame, _WAY), share * _BRUSH_RADIUS * frame.unit
    lines = [oracle.covered(frame.box, oracle.capsule(*ends, radius)) for ends in itertools.pairwise(places)]
    return reduce(oracle.Drawn.add, lines)


def _stroke_faults(easel: Easel, picture: Picture) -> list[str]:
    return stroke(easel.frame).faults(easel.mask)


def _thin_stroke_faults(easel: Easel, picture: Picture) -> list[str]:
    return stroke(easel.frame, 0.5).faults(easel.mask)


def _erased_faults(easel: Easel, picture: Picture) -> list[str]:
    return stroke(easel.frame).faults(255 - easel.mask)


# --- outlines


async def _rectangle(easel: Easel, held: Modifiers) -> None:
    easel.tool("rectangle")
    await easel.found(lambda: easel.drag(_box(easel.frame), held))


async def _ellipse(easel: Easel, held: Modifiers) -> None:
    easel.tool("ellipse")
    await easel.found(lambda: easel.drag(_box(easel.frame), held))


async def _lasso(easel: Easel, held: Modifiers) -> None:
    easel.tool("lasso")
    await easel.found(lambda: easel.drag(_places(easel.frame, _CORNERS), held))


async def _polygon(easel: Easel, held: Modifiers) -> None:
    easel.tool("polygon")
    places = _places(easel.frame, _CORNERS)
    easel.click(places[0], held)
    for place in places[1:]:
        easel.click(place)
    await easel.found(lambda: easel.click(places[0]))


async def _keys(easel: Easel, held: Modifiers) -> None:
    """A rectangle without the mouse: into the picture's corner, to the middle, and from there on."""
    easel.tool("rectangle")
    easel.app.window.actions_["by_keys"].trigger()
    mask, canvas = easel.app.item.mask, easel.app.canvas
    x, y = int(easel.frame.x), int(easel.frame.y)
    _step(easel, -mask.width, -mask.height)
    _step(easel, x, y)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    _step(easel, 40, 30)
    _step(easel, -7, 0)
    await easel.found(lambda: QTest.keyClick(canvas, Qt.Key.Key_Space))
    easel.app.window.actions_["by_keys"].trigger()


def _step(easel: Easel, across: int, down: int) -> None:
    """Arrow keys, with Shift for every ten pixels: those that point that way on the screen."""
    for x, y in ((across, 0), (0, down)):
        tens, ones = divmod(abs(x + y), 10)
        key = _arrow(easel, x, y)
        for held, count in ((Qt.KeyboardModifier.ShiftModifier, tens), (PLAIN, ones)):
            for _ in range(count):
                QTest.keyClick(easel.app.canvas, key, held)


def _arrow(easel: Easel, x: int, y: int) -> Qt.Key:
    """The arrow that points most nearly where (x, y) of the picture points on the screen."""
    way = easel.over((x, y)) - easel.over((0, 0))
    if abs(way.x()) > abs(way.y()):
        return Qt.Key.Key_Right if way.x() > 0 else Qt.Key.Key_Left
    return Qt.Key.Key_Down if way.y() > 0 else Qt.Key.Key_Up


@lru_cache
def outline(name: str, frame: Frame) -> oracle.Drawn:
    """The shape that the tool of that name draws here."""
    a, _, b = _box(frame)
    x, y = frame.at(0, 0)
    match name:
        case "rectangle":
            inside = oracle.rectangle(a, b)
        case "ellipse":
            inside = oracle.ellipse(a, b)
        case "keys":
            inside = oracle.rectangle((x, y), (x + 33, y + 30))
        case _:
            inside = oracle.polygon(_places(frame, _CORNERS))
    return oracle.covered(frame.box, inside)


def _outline_faults(name: str) -> Judge:
    return lambda easel, picture: outline(name, easel.frame).faults(easel.mask)


# --- tools that look at the picture


async def _wand(easel: Easel, held: Modifiers) -> None:
    easel.tool("wand")
    x, y = easel.frame.at(0.2, -0.3)
    await easel.found(lambda: easel.click((x + 0.5, y + 0.5), held))


async def _magnetic(easel: Easel, held: Modifiers) -> None:
    easel.tool("magnetic")
    angles = 2 * np.pi * (np.arange(_ANCHORS) + 0.25) / _ANCHORS
    anchors = [easel.frame.at(0.8 * np.cos(angle), 0.8 * np.sin(angle)) for angle in angles]
    easel.click(anchors[0], held)
    for anchor in anchors[1:]:
        easel.click(anchor)
    await easel.found(lambda: easel.click(anchors[0]))


async def _quick(easel: Easel, held: Modifiers) -> None:
    easel.tool("quick")
    way = _places(easel.frame, ((-0.4, -0.2), (0.1, 0.3), (0.4, -0.1)))
    await easel.found(lambda: easel.drag(way, held))


def wand_faults(
    mask: NDArray[np.uint8],
    picture: Picture,
    pixel: tuple[int, int],
    tolerance: float,
) -> list[str]:
    """The selection holds what surely looks alike, nothing that surely doesn't, and a faint rim at most."""
    sent = mask >= 128
    least, furthest = (
        oracle.flooded(oracle.alike(picture, *pixel, tolerance + slack), *pixel)
        for slack in (-LAB_ROUNDING, LAB_ROUNDING)
    )
    found = (
        (least & ~sent, "pixels that look alike are left out"),
        (sent & ~furthest, "pixels that look different are taken"),
        ((mask > 0) & ~oracle.grown(sent), "pixels are touched away from the selection"),
        (sent & (mask < 255), "pixels inside are not whole"),
    )
    return [f"{np.count_nonzero(wrong)} {words}" for wrong, words in found if wrong.any()]


def _wand_faults(easel: Easel, picture: Picture) -> list[str]:
    left, top, right, bottom = easel.frame.box
    inner = np.s_[top:bottom, left:right]
    x, y = easel.frame.at(0.2, -0.3)
    far = int(np.count_nonzero(easel.mask)) - int(np.count_nonzero(easel.mask[inner]))
    words = wand_faults(easel.mask[inner], picture[inner], (int(x) - left, int(y) - top), 16)
    return [*words, f"{far} pixels far away"] if far else words


def disc(easel: Easel) -> NDArray[np.bool_]:
    """The picture's subject, as its definition says."""
    height, width = easel.mask.shape
    y, x = np.ogrid[:height, :width]
    inside: NDArray[np.bool_] = (
        np.hypot(x + 0.5 - easel.frame.x, y + 0.5 - easel.frame.y) <= 0.8 * easel.frame.unit
    )
    return inside


def _agrees(least: float) -> Judge:
    def faults(easel: Easel, picture: Picture) -> list[str]:
        share = oracle.agreement(easel.mask >= 128, disc(easel))
        return [] if share >= least else [f"agrees with the disc to {share:.3f} only"]

    return faults


def _places(frame: Frame, spots: tuple[tuple[float, float], ...]) -> list[Place]:
    return [frame.at(*spot) for spot in spots]


def _box(frame: Frame) -> list[Place]:
    """Corners on the pixel grid, where the box tools put theirs, with a detour between them."""
    (a, b), detour = _BOX, (0.7, -0.2)
    first, last = ((float(round(x)), float(round(y))) for x, y in (frame.at(*a), frame.at(*b)))
    return [first, frame.at(*detour), last]


DRAWINGS = {
    one.name: one
    for one in (
        Drawing("brush", _brush, _stroke_faults),
        Drawing("eraser", _erase, _erased_faults),
        Drawing("right drag", _right_drag, _erased_faults),
        Drawing("pen", _pen, _stroke_faults),
        Drawing("pen pressed by half", _pen_half, _thin_stroke_faults),
        Drawing("pen turned round", _pen_eraser, _erased_faults),
        Drawing("rectangle", _rectangle, _outline_faults("rectangle")),
        Drawing("ellipse", _ellipse, _outline_faults("ellipse")),
        Drawing("lasso", _lasso, _outline_faults("lasso")),
        Drawing("polygon", _polygon, _outline_faults("polygon")),
        Drawing("keys", _keys, _outline_faults("keys")),
        Drawing("wand", _wand, _wand_faults, slow=True),
        Drawing("magnetic", _magnetic, _agrees(0.97), slow=True),
        Drawing("quick", _quick, _agrees(0.95), slow=True),
    )
}
