"""The brush of each painting tool, remembered in the settings."""

from typing import Literal

from overpaint.core.paint.brush_stroke import Brush
from overpaint.core.paint.pen_pressure import FIRM, LINEAR, SOFT, Pen
from overpaint.studio.config.settings import BrushSettings, Curve, PenSettings
from overpaint.studio.config.settings_store import SettingsStore

BrushName = Literal["brush", "eraser", "quick"]
"""The brushes that the settings hold."""
BrushOption = Literal["size", "hardness", "opacity", "pen"]
"""What a tool with a brush may offer to be set to; ``pen`` goes with smoothing."""

CURVES: dict[Curve, float] = {"soft": SOFT, "linear": LINEAR, "firm": FIRM}
"""The pressure curves by name."""


class BrushSettingsStore:
    """Brush, eraser and quick select, each with its own size, hardness, opacity, smoothing and pen."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def of(self, name: BrushName) -> Brush:
        """A brush as it was left."""
        kept: BrushSettings = getattr(self._settings.current, name)
        return Brush(kept.diameter, kept.hardness, kept.opacity, pen=_pen(kept.pen), smoothing=kept.smoothing)

    def store(self, name: BrushName, brush: Brush) -> None:
        """Remembers a brush. Raises SettingsError when the settings can't be written."""
        kept = BrushSettings(brush.diameter, brush.hardness, brush.opacity, brush.smoothing, _kept(brush.pen))
        self._settings.replace(**{name: kept})


def curve_name(exponent: float) -> Curve:
    """What the curve nearest to an exponent is called."""
    return min(CURVES, key=lambda name: abs(CURVES[name] - exponent))


def _pen(kept: PenSettings) -> Pen:
    return Pen(
        kept.to_size,
        CURVES[kept.size_curve],
        kept.least_size,
        kept.to_opacity,
        CURVES[kept.opacity_curve],
    )


def _kept(pen: Pen) -> PenSettings:
    return PenSettings(
        pen.to_size,
        curve_name(pen.size_curve),
        pen.least_size,
        pen.to_opacity,
        curve_name(pen.opacity_curve),
    )
