"""The colours of the canvas, in a set for the dark window and one for the light."""

from dataclasses import dataclass, field

from PySide6.QtGui import QColor


def _mask_red() -> QColor:
    return QColor(255, 59, 92, round(0.46 * 255))


def _hatch_white() -> QColor:
    return QColor(255, 255, 255, round(0.35 * 255))


def _hatch_alone() -> QColor:
    return QColor(255, 255, 255, round(0.75 * 255))


def _hatch_gap() -> QColor:
    return QColor(0, 0, 0, round(0.35 * 255))


@dataclass(frozen=True, slots=True)
class CanvasColours:
    """What the canvas draws with; where a colour has an alpha, that is how strongly it is laid on.

    ``surround`` lies around the picture, ``checker`` (two tones) behind its transparent parts, ``shadow``
    below its edge. ``words`` are for the sentence on an empty canvas, ``focus`` for the frame when the
    keyboard came to it. ``mask`` and ``hatch`` mark what is painted; a hatch without
    the mask's colour is ``hatch_alone`` with ``hatch_gap`` between. ``chip`` and ``chip_words`` are for the
    caption.
    """

    surround: QColor
    checker: tuple[QColor, QColor]
    shadow: QColor
    words: QColor
    focus: QColor
    mask: QColor = field(default_factory=_mask_red)
    hatch: QColor = field(default_factory=_hatch_white)
    hatch_alone: QColor = field(default_factory=_hatch_alone)
    hatch_gap: QColor = field(default_factory=_hatch_gap)
    chip: QColor = field(default_factory=lambda: QColor(0, 0, 0, 190))
    chip_words: QColor = field(default_factory=lambda: QColor(255, 255, 255))


DARK = CanvasColours(
    surround=QColor("#1d1e21"),
    checker=(QColor("#4b4d52"), QColor("#3a3c40")),
    shadow=QColor(0, 0, 0, 150),
    words=QColor("#9aa0a8"),
    focus=QColor("#6aacff"),
)

LIGHT = CanvasColours(
    surround=QColor("#d9dadd"),
    checker=(QColor("#ffffff"), QColor("#d4d6da")),
    shadow=QColor(0, 0, 0, 80),
    words=QColor("#50555d"),
    focus=QColor("#1858c4"),
)
