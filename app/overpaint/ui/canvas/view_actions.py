"""What the View menu does with the picture's place: zoom, angle, and the navigator."""

from collections.abc import Callable
from functools import partial

from overpaint.studio.config.settings_store import SettingsStore
from overpaint.ui.actions.action import Action
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.input.rotate_gesture import SNAP
from overpaint.ui.canvas.key_actions import CANVAS_KEYS
from overpaint.ui.canvas.navigator import Navigator


class ViewActions:
    """Acts on the canvas; keeps in the settings whether the navigator is wanted."""

    def __init__(self, settings: SettingsStore, canvas: Canvas, navigator: Navigator) -> None:
        self._settings, self._canvas, self._navigator = settings, canvas, navigator

    def actions(self) -> tuple[Action, ...]:
        """Zoom, angle and navigator."""
        canvas = self._canvas
        return (
            _on_view("zoom_in", "Zoom in", canvas.zoom_in, "zoom", "Ctrl++", "Ctrl+="),
            _on_view("zoom_out", "Zoom out", canvas.zoom_out, "zoom", "Ctrl+-"),
            _on_view("fit", "Fit in the window", canvas.fit, "zoom", "Ctrl+0"),
            _on_view("actual", "100 %", canvas.actual_size, "zoom", "Ctrl+1"),
            _on_view("turn_left", "Rotate left by 15°", partial(canvas.turn_by, -SNAP), "within"),
            _on_view("turn_right", "Rotate right by 15°", partial(canvas.turn_by, SNAP), "within"),
            Action(
                "turn_back",
                "Reset rotation",
                partial(canvas.turn_to, 0.0),
                menu="View/Rotate",
                group="within",
                enabled=lambda now: now.rotated,
            ),
            Action(
                "navigator",
                "Navigator",
                self._switch_navigator,
                menu="View",
                group="navigator",
                checked=lambda now: now.navigator,
            ),
            Action(
                "by_keys",
                "Point by keys",
                lambda: canvas.point_by_keys(not canvas.keyboard_cursor_on),
                ("Ctrl+Alt+K",),
                menu="Tools",
                group="keyboard",
                checked=lambda now: now.keyboard_cursor,
            ),
            *CANVAS_KEYS,
            Action(
                "before", "See the picture before", keys=("\\",), group="compare", hold=canvas.show_before
            ),
        )

    def show(self) -> None:
        """Shows the navigator as it was left."""
        self._navigator.want(self._settings.current.navigator)

    def _switch_navigator(self) -> None:
        self._settings.replace(navigator=not self._settings.current.navigator)
        self.show()


def _on_view(name: str, title: str, run: Callable[[], object], group: str, *keys: str) -> Action:
    menu = "View/Rotate" if group == "within" else "View"
    return Action(name, title, run, keys, menu=menu, group=group, enabled=lambda now: now.has_picture)
