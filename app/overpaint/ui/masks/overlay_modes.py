"""The ways in which the mask is shown: their words, the button that lists them, and what chooses them."""

from functools import partial
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu, QToolButton

from overpaint.studio.config.settings import MASK_AUTO, MASK_COLOUR, MaskView
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.event import Names
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.theme.canvas_colours import DARK, CanvasColours
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens

if TYPE_CHECKING:
    from overpaint.ui.masks.overlay_appearance import OverlayAppearance

VIEWS: dict[MaskView, str] = {
    "both": "Tint and hatch",
    "tint": "Tint",
    "hatch": "Hatch",
    "ants": "Marching ants",
    "white": "Black and white",
    "sent": "Preview as sent",
    "off": "Mask hidden",
}


_TITLES: dict[MaskView, str] = {
    "both": "Mask as tint and hatch",
    "tint": "Mask as tint",
    "hatch": "Mask as hatch",
    "ants": "Mask by marching ants",
    "white": "Mask in black and white",
    "sent": "Preview as sent",
    "off": "Mask hidden",
}


class MaskViewButton(QToolButton):
    """Says how the mask is shown, and lists the other ways. ``look_changed`` carries the mask's colour as
    ``#rrggbb`` and its opacity, 0.1 to 1, as the user sets them in the panel below it."""

    look_changed = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("option_overlay")
        self.setProperty("role", "button")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(18, 18))
        self._menu = QMenu(self)
        self._menu.setObjectName("maskViewMenu")
        self.setMenu(self._menu)
        self._look: OverlayAppearance | None = None
        self._tokens: Tokens | None = None
        self.set_compact(False)
        self.show_view("both")

    def add_actions(self, actions: ActionRegistry) -> None:
        """Lists the ways."""
        actions.keymap.follow("How the mask is shown. {overlay} goes through the ways.", self.setToolTip)
        for view in VIEWS:
            self._menu.addAction(actions[f"view_{view}"])
        self._menu.addSeparator()
        self._menu.addAction(actions["mask_look"])

    def show_view(self, view: MaskView) -> None:
        """Says how the mask is shown."""
        self.setText(f" {VIEWS[view]}  ▾")
        self.setAccessibleName(f"Mask view: {VIEWS[view]}")

    def set_icon(self, tokens: Tokens) -> None:
        """Draws eye and swatches in the theme's colours."""
        self.setIcon(icon("overlay", tokens))
        self._tokens = tokens
        if self._look is not None:
            self._look.set_icons(tokens)

    def set_compact(self, compact: bool) -> None:
        """The eye alone, where there is little room."""
        styles = Qt.ToolButtonStyle
        self.setToolButtonStyle(styles.ToolButtonIconOnly if compact else styles.ToolButtonTextBesideIcon)

    def show_look(self, colour: str, opacity: float) -> None:
        """Shows colour and opacity where the panel is there already."""
        if self._look is not None:
            self._look.show_look(colour, opacity)

    def open_look(self, colour: str, opacity: float) -> None:
        """Opens the panel for colour and opacity, which is made when it is opened first."""
        if self._look is None:
            self._look = self._made_look()
        self._look.show_look(colour, opacity)
        bar = self.parentWidget()
        self._look.open_below(self if self.isVisible() or bar is None else bar)

    def _made_look(self) -> "OverlayAppearance":
        from overpaint.ui.masks.overlay_appearance import OverlayAppearance  # loads here, when it is opened

        look = OverlayAppearance(self)
        look.changed.connect(self.look_changed)
        if self._tokens is not None:
            look.set_icons(self._tokens)
        return look


class OverlayModes:
    """Keeps the way that is chosen in the settings, with colour and opacity, and shows it everywhere."""

    def __init__(self, settings: SettingsStore, canvas: Canvas, button: MaskViewButton) -> None:
        self._settings, self._canvas, self._button = settings, canvas, button
        self._colours = DARK
        button.look_changed.connect(self._change_look)
        settings.changed.connect(self._look_changed, ["mask_colour", "mask_opacity"])
        canvas.shown_changed.connect(self._picture_shown)

    def set_colours(self, colours: CanvasColours) -> None:
        """Takes the canvas's colours for the light or the dark window, with the mask's own."""
        self._colours = colours
        self._canvas.set_colours(self._marked())

    def open_look(self) -> None:
        """Opens the panel for colour and opacity."""
        settings = self._settings.current
        self._button.open_look(settings.mask_colour, settings.mask_opacity)

    def actions(self) -> tuple[Action, ...]:
        """Every way to show the mask, the next one, and how it looks."""
        ways = (self._way(view, title) for view, title in _TITLES.items())
        return (
            Action("overlay", "Next view of the mask", self.cycle, ("Q",), menu="Mask", group="view"),
            *ways,
            Action(
                "mask_look",
                "Mask colour and opacity…",
                self.open_look,
                menu="View/Mask",
                group="within",
                repeats=False,
            ),
        )

    def _way(self, view: MaskView, title: str) -> Action:
        return Action(
            f"view_{view}",
            title,
            partial(self.choose, view),
            menu="View/Mask",
            group="within",
            checked=lambda now: now.mask_view == view,
        )

    def show(self) -> None:
        """Shows the way that was chosen last."""
        self.choose(self._settings.current.mask_view)

    def choose(self, view: MaskView) -> None:
        """Shows the mask in another way."""
        self._settings.replace(mask_view=view)
        self._canvas.set_overlay(view)
        self._button.show_view(view)

    def cycle(self) -> None:
        """The next way."""
        ways = get_args(MaskView)
        at = ways.index(self._settings.current.mask_view)
        self.choose(ways[(at + 1) % len(ways)])

    def _change_look(self, colour: str, opacity: float) -> None:
        self._settings.replace(mask_colour=colour, mask_opacity=opacity)

    def _look_changed(self, _: Names) -> None:
        self._canvas.set_marks(self._marked())
        self._button.show_look(self._settings.current.mask_colour, self._settings.current.mask_opacity)

    def _picture_shown(self) -> None:
        """Another picture may ask for another colour."""
        if self._settings.current.mask_colour == MASK_AUTO:
            marked = self._marked()
            if marked.mask != self._canvas.colours.mask:
                self._canvas.set_marks(marked)

    def _marked(self) -> CanvasColours:
        settings = self._settings.current
        colour = settings.mask_colour
        if colour == MASK_AUTO:
            picture = self._canvas.picture
            colour = picture.mask_colour if picture is not None else MASK_COLOUR
        return self._colours.marked(QColor(colour), settings.mask_opacity)
