"""One classical edit from decoded pictures to finished pixels, with coarser versions on the way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from overpaint.core.request.sizes import Size
from overpaint.imaging.composite import paste_inside
from overpaint.imaging.offline_edit import tone
from overpaint.imaging.offline_edit.cutout import subject_coverage
from overpaint.imaging.offline_edit.edit_order import EditOrder, is_quarter_turn, target_size
from overpaint.imaging.offline_edit.fill import can_fill, fill, hole_box
from overpaint.imaging.offline_edit.fit import fit, fit_mask
from overpaint.imaging.offline_edit.grammar import Action, Operation, parse
from overpaint.imaging.offline_edit.inputs import Inputs

Rgb = NDArray[np.uint8]

_PARTIAL_DIVISORS = {0: (), 1: (4,), 2: (8, 2), 3: (8, 4, 2)}
_VARIED = (1.0, 0.75, 1.25, 0.5, 1.5, 0.6, 1.1, 0.85, 1.4, 0.4)
_EDGE_PX = 1.5
_BACKGROUND_BLUR = 0.012
_DRAFT = "low"
_NEEDS_SUBJECT = (Action.CUT_OUT, Action.BLUR_BACKGROUND)
_VARYING = (Action.BRIGHTNESS, Action.CONTRAST, Action.WARMTH, Action.SATURATION)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One picture: result number ``index``; ``partial`` counts its coarser versions from 0, None when it
    is finished; ``pixels`` (h, w, 3 or 4) uint8; ``done`` says in words what was done."""

    index: int
    partial: int | None
    pixels: NDArray[np.uint8] = field(repr=False)
    done: str


def render(inputs: Inputs, order: EditOrder) -> Iterator[Rendered]:
    """Makes the ``n`` results in turn, each after its coarser versions.

    ``low`` quality works at half the resolution. Further results of one order differ: fills start from
    another seed, tones are stronger or weaker.
    """
    edit = _Edit(inputs, order)
    finest = 2 if order.quality == _DRAFT else 1
    divisors = [finest * divisor for divisor in (*_PARTIAL_DIVISORS[order.partials], 1)]
    for index in range(order.n):
        for number, pixels in enumerate(edit.versions(divisors, index)):
            yield Rendered(index, number if number < order.partials else None, pixels, edit.done)


class _Edit:
    """An edit framed at its final size, with everything decided that doesn't depend on the variation."""

    def __init__(self, inputs: Inputs, order: EditOrder) -> None:
        asked = parse(order.prompt)
        first, hole = inputs.first, inputs.hole
        if hole is None:
            first = _turned(first, asked)
            asked = tuple(one for one in asked if one.action is not Action.ROTATE or one.amount % 90)
        height, width = inputs.first.shape[:2]
        size = target_size(order, Size(width, height), masked=hole is not None)
        framed = fit(first, size)
        self._hole = None if hole is None else fit_mask(hole, size)
        if self._hole is not None and not self._hole.any():
            self._hole = None
        self._references = inputs.references
        self._rgb, self._alpha = _flattened(framed, keep_alpha=order.alpha and order.background != "opaque")
        self._notes: list[str] = []
        self._fills = self._decide_fill(asked)
        self._subject = self._find_subject(asked, order)
        self._operations = self._possible(asked)
        self.done = self._words(order, Size(first.shape[1], first.shape[0]), size, parse(order.prompt))

    def versions(self, divisors: Sequence[int], variation: int) -> Iterator[NDArray[np.uint8]]:
        """The result at each divisor of its resolution, at full size, coarsest first."""
        if self._fills and self._hole is not None:
            starts = fill(self._rgb, self._hole, divisors, seed=variation)
        else:
            starts = (self._coarse(divisor) for divisor in divisors)
        strength = _VARIED[variation % len(_VARIED)]
        for start in starts:
            yield self._finished(start, strength)

    def _decide_fill(self, asked: Sequence[Operation]) -> bool:
        wanted = any(one.action is Action.FILL for one in asked)
        if self._hole is None:
            if wanted:
                self._notes.append("removed nothing, since nothing was painted")
            return False
        if asked and not wanted:
            return False
        if not can_fill(self._hole):
            self._notes.append(
                "filled nothing, since everything was painted and there is nothing to fill from"
            )
            return False
        self._notes.append("filled the masked area from its surroundings")
        return True

    def _find_subject(self, asked: Sequence[Operation], order: EditOrder) -> NDArray[np.uint8] | None:
        cuts = order.background == "transparent" and self._alpha is None
        if not cuts and not any(one.action in _NEEDS_SUBJECT for one in asked):
            return None
        subject = subject_coverage(self._rgb)
        if subject is None:
            self._notes.append("found no subject that stands out from its background")
        elif cuts or any(one.action is Action.CUT_OUT for one in asked):
            self._notes.append("cut the subject out of its background")
            self._alpha = subject
        if self._alpha is not None and not order.alpha:
            self._rgb = paste_inside(np.full_like(self._rgb, 255), self._rgb, self._alpha)
            self._alpha = None
        return subject

    def _possible(self, asked: Sequence[Operation]) -> list[Operation]:
        kept = [one for one in asked if one.action not in (Action.FILL, Action.CUT_OUT)]
        if self._subject is None:
            kept = [one for one in kept if one.action is not Action.BLUR_BACKGROUND]
        if self._hole is None and any(one.action is Action.RECOLOUR for one in kept):
            self._notes.append("recoloured nothing, since nothing was painted")
            kept = [one for one in kept if one.action is not Action.RECOLOUR]
        return kept

    def _words(self, order: EditOrder, before: Size, size: Size, asked: Sequence[Operation]) -> str:
        quarter = [one.done() for one in asked if self._hole is None and is_quarter_turn(one)]
        notes = [*quarter, *self._notes, *(one.done() for one in self._operations)]
        if self._uses_references():
            notes.append("drew the colours half-way to those of the further pictures")
        if not notes:
            notes.append("changed nothing, since it knows none of these words and nothing was painted")
        if before != size:
            notes.append(f"fitted to {size}")
        if order.quality == _DRAFT and self._fills:
            notes.append("worked at half the resolution")
        return f"Offline engine, no AI: {'; '.join(notes)}."

    def _uses_references(self) -> bool:
        return bool(self._references) and not self._fills

    def _coarse(self, divisor: int) -> Rgb:
        height, width = self._rgb.shape[:2]
        if divisor == 1:
            return self._rgb
        small = (max(1, width // divisor), max(1, height // divisor))
        reduced = cv2.resize(self._rgb, small, interpolation=cv2.INTER_AREA)
        rough = np.asarray(
            cv2.resize(reduced, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
        return rough if self._hole is None else paste_inside(self._rgb, rough, _coverage(self._hole))

    def _finished(self, start: Rgb, strength: float) -> NDArray[np.uint8]:
        pixels = start
        for operation in self._operations:
            pixels = self._applied(pixels, operation, strength)
        if self._uses_references():
            pixels = self._within(pixels, lambda part: tone.toward(part, self._references))
        return pixels if self._alpha is None else np.dstack((pixels, self._alpha))

    def _applied(self, pixels: Rgb, operation: Operation, strength: float) -> Rgb:
        if operation.action is Action.BLUR_BACKGROUND:
            assert self._subject is not None  # operations without one were dropped
            behind = 255 - self._subject
            if self._hole is not None:
                behind = np.where(self._hole, behind, 0).astype(np.uint8)
            return paste_inside(pixels, tone.blurred(pixels, _BACKGROUND_BLUR), behind)
        varied = operation
        if operation.action in _VARYING:
            varied = replace(operation, amount=max(-1.0, min(1.0, operation.amount * strength)))
        return self._within(pixels, lambda part: tone.apply(part, varied))

    def _within(self, pixels: Rgb, edit: Callable[[Rgb], Rgb]) -> Rgb:
        """The edit done to the whole picture, or to the box of the mask and seen inside the mask."""
        if self._hole is None:
            return edit(pixels)
        box = hole_box(self._hole)
        part = np.ascontiguousarray(pixels[box])
        edited = edit(part)
        if edited.shape != part.shape:  # a quarter turn of the painted part
            edited = fit(edited, Size(part.shape[1], part.shape[0]))
        output = pixels.copy()
        output[box] = paste_inside(part, edited, _coverage(self._hole[box]), _EDGE_PX)
        return output


def _turned(first: NDArray[np.uint8], asked: Sequence[Operation]) -> NDArray[np.uint8]:
    """Quarter turns of a whole picture come before framing, so that nothing is cropped that need not be."""
    quarters = sum(int(one.amount // 90) for one in asked if is_quarter_turn(one))
    return np.ascontiguousarray(np.rot90(first, k=-quarters % 4))


def _flattened(framed: NDArray[np.uint8], *, keep_alpha: bool) -> tuple[Rgb, NDArray[np.uint8] | None]:
    rgb, alpha = np.ascontiguousarray(framed[..., :3]), np.ascontiguousarray(framed[..., 3])
    if alpha.min() == 255:
        return rgb, None
    if keep_alpha:
        return rgb, alpha
    return paste_inside(np.full_like(rgb, 255), rgb, alpha), None


def _coverage(hole: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return hole.astype(np.uint8) * 255
