"""What the View menu does with the picture's place: zoom, angle, and the navigator."""

from collections.abc import Callable
from functools import partial

from overpaint.studio.config.settings import SettingsStore
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.input.rotate_gesture import SNAP
from overpaint.ui.canvas.navigator import Navigator


class ViewActions:
    """Acts on the canvas; keeps in the settings whether the navigator is wanted."""

    def __init__(self, settings: SettingsStore, canvas: Canvas, navigator: Navigator) -> None:
        self._settings, self._canvas, self._navigator = settings, canvas, navigator

    def by_name(self) -> dict[str, Callable[[], object]]:
        """What to call for each act of the menu."""
        canvas = self._canvas
        return {
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "fit": canvas.fit,
            "actual": canvas.actual_size,
            "turn_left": partial(canvas.turn_by, -SNAP),
            "turn_right": partial(canvas.turn_by, SNAP),
            "turn_back": partial(canvas.turn_to, 0.0),
            "navigator": self._switch_navigator,
        }

    def bind(self, actions: ActionRegistry) -> None:
        """Shows the state as it was left."""
        self._actions = actions
        self._show_navigator()
        self._canvas.angle_changed.connect(self._show_angle)
        self._show_angle(self._canvas.view.angle)

    def _switch_navigator(self) -> None:
        self._settings.replace(navigator=self._actions["navigator"].isChecked())
        self._show_navigator()

    def _show_navigator(self) -> None:
        wanted = self._settings.current.navigator
        self._actions["navigator"].setChecked(wanted)
        self._navigator.want(wanted)

    def _show_angle(self, angle: float) -> None:
        self._actions["turn_back"].setEnabled(angle != 0.0)
