"""The colours of the canvas, in a set for the dark window and one for the light."""

import msgspec
from PySide6.QtGui import QColor

from overpaint.studio.config.settings import MASK_COLOUR, MASK_OPACITY

_HATCH, _HATCH_ALONE, _HATCH_GAP = 0.35, 0.75, 0.5
_SHADE = 0.3
_BRIGHT_FROM = 0.42


def _laid_on(colour: QColor, opacity: float) -> QColor:
    return QColor(colour.red(), colour.green(), colour.blue(), round(opacity * 255))


def _shaded(colour: QColor, opacity: float) -> QColor:
    """A dark shade of a colour, so opaque."""
    red, green, blue = (round(part * _SHADE) for part in (colour.red(), colour.green(), colour.blue()))
    return QColor(red, green, blue, round(opacity * 255))


def _luminance(colour: QColor) -> float:
    """Relative luminance as in WCAG 2.2, 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mask_red() -> QColor:
    return _laid_on(QColor(MASK_COLOUR), MASK_OPACITY)


def _hatch_white() -> QColor:
    return QColor(255, 255, 255, round(_HATCH * 255))


def _hatch_alone() -> QColor:
    return QColor(255, 255, 255, round(_HATCH_ALONE * 255))


def _hatch_gap() -> QColor:
    return _shaded(_mask_red(), _HATCH_GAP)


class CanvasColours(msgspec.Struct, frozen=True):
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
    mask: QColor = msgspec.field(default_factory=_mask_red)
    hatch: QColor = msgspec.field(default_factory=_hatch_white)
    hatch_alone: QColor = msgspec.field(default_factory=_hatch_alone)
    hatch_gap: QColor = msgspec.field(default_factory=_hatch_gap)
    chip: QColor = msgspec.field(default_factory=lambda: QColor(0, 0, 0, 190))
    chip_words: QColor = msgspec.field(default_factory=lambda: QColor(255, 255, 255))

    def marked(self, colour: QColor, opacity: float) -> "CanvasColours":
        """The same with a mask of that colour, its tint laid on with ``opacity``, 0 to 1.

        The hatch always differs in lightness, whatever the colour, so that it shows to every eye: over a
        tint it is white, on bright ones black; alone it is white between stripes of the colour's shade.
        """
        strength = opacity / MASK_OPACITY  # the stripes go with the tint
        most = 1.0 / _HATCH_ALONE
        hatch = QColor(0, 0, 0) if _luminance(colour) >= _BRIGHT_FROM else QColor(255, 255, 255)
        return msgspec.structs.replace(
            self,
            mask=_laid_on(colour, opacity),
            hatch=_laid_on(hatch, _HATCH * min(strength, 1.0)),
            hatch_alone=_laid_on(QColor(255, 255, 255), _HATCH_ALONE * min(strength, most)),
            hatch_gap=_shaded(colour, _HATCH_GAP * min(strength, most)),
        )


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
