"""The brush of each painting tool, remembered in the settings."""

from overpaint.core.brush import Brush
from overpaint.studio.settings import BrushSettings, SettingsStore

PAINTING = ("brush", "eraser", "quick")


class Brushes:
    """Brush, eraser and quick select, each with its own size, hardness and opacity."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings

    def of(self, tool: str) -> Brush | None:
        """The brush of a tool, None for one that doesn't paint."""
        if tool not in PAINTING:
            return None
        kept: BrushSettings = getattr(self._settings.current, tool)
        return Brush(kept.diameter, kept.hardness, kept.opacity, erase=tool == "eraser")

    def keep(self, tool: str, brush: Brush) -> None:
        """Remembers the brush of a tool. Raises SettingsError when the settings can't be written."""
        kept = BrushSettings(brush.diameter, brush.hardness, brush.opacity)
        self._settings.replace(**{tool: kept})
