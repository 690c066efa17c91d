"""The bar above the canvas: what the tool can be set to, undo, and how the mask is shown."""

from typing import get_args

from msgspec.structs import replace
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from overpaint.core.paint.brush_stroke import MAX_DIAMETER, MIN_DIAMETER, Brush
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.masks.overlay_modes import MaskViewButton
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tools.options.pen_panel import PenButton
from overpaint.ui.tools.options.selection_options import SelectionOption, SelectionOptions
from overpaint.ui.tools.options.selection_options_bar import SelectionOptionsBar
from overpaint.ui.tools.tool_spec import ToolSpec
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.labels import label

_SHORTEST_TITLE = 46
_STEPS = 7


class ToolOptionsBar(QWidget):
    """``brush_changed`` carries the tool's brush as the user sets it, ``selection_options_changed`` what the
    selecting tools are set to. ``entered`` comes after a number that was typed and ended by Enter.
    """

    brush_changed = Signal(object)
    selection_options_changed = Signal(object)
    entered = Signal()

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        keymap.changed.connect(lambda: self._say_hint(self._tool))
        self.setObjectName("optionBar")
        self.setFixedHeight(42)
        # Its needs change with the tool; they mustn't move what stands around it.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._brush = Brush(64)
        self._tool: ToolSpec | None = None
        self._sized = False
        self._title = label("Brush", "title", "toolTitle")
        self._hint = label("", "dim", "toolHint")
        self._size = SliderField("Size", "brushSize", MIN_DIAMETER, MAX_DIAMETER, "px", logarithmic=True)
        self._hardness = SliderField("Hardness", "brushHardness", 0, 1, "%", scale=100)
        self._opacity = SliderField("Opacity", "brushOpacity", 0, 1, "%", scale=100)
        self._sliders = (self._size, self._hardness, self._opacity)
        self._stroke = PenButton()
        self._stroke.changed.connect(self._put)
        self._select = SelectionOptionsBar()
        self._select.changed.connect(self.selection_options_changed)
        self._select.entered.connect(self.entered)
        self.mask_view = MaskViewButton()
        self._undoing: list[QToolButton] = []
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._title)
        for slider in self._sliders:
            slider.entered.connect(self.entered)
            row.addWidget(slider)
        row.addWidget(self._stroke)
        row.addWidget(self._hint)
        row.addWidget(self._select)
        row.addStretch(1)
        self._size.changed.connect(lambda value: self._put(replace(self._brush, diameter=value)))
        self._hardness.changed.connect(lambda value: self._put(replace(self._brush, hardness=value)))
        self._opacity.changed.connect(lambda value: self._put(replace(self._brush, opacity=value)))

    def add_actions(self, actions: ActionRegistry) -> None:
        """Puts undo, redo and the views of the mask at the right end."""
        for name in ("undo", "redo"):
            self._undoing.append(_button(name, actions[name]))
            self._row.addWidget(self._undoing[-1])
        self.mask_view.add_actions(actions)
        self._row.addWidget(self.mask_view)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self._stroke.set_icon(tokens)
        self._select.set_icons(tokens)
        self.mask_view.set_icon(tokens)

    def show_tool(self, tool: ToolSpec, brush: Brush | None) -> None:
        """Shows what a tool can be set to; ``brush`` is None for those that have none."""
        self._title.setText(tool.title)
        self._title.ensurePolished()
        words = self._title.fontMetrics().horizontalAdvance(tool.title)
        self._title.setFixedWidth(max(_SHORTEST_TITLE, words + 1))
        self._say_hint(tool)
        self._size.setVisible("size" in tool.options)
        self._hardness.setVisible("hardness" in tool.options)
        self._opacity.setVisible("opacity" in tool.options)
        self._stroke.setVisible("pen" in tool.options)
        self._select.offer(tool.options)
        self._select.setVisible(not tool.options.isdisjoint(get_args(SelectionOption)))
        if brush is not None:
            self._brush = brush
            self._size.set_value(brush.diameter)
            self._hardness.set_value(brush.hardness)
            self._opacity.set_value(brush.opacity)
            self._stroke.show_brush(brush)
        if tool is not self._tool:
            self._tool = tool
            self._fit_again()

    def _say_hint(self, tool: ToolSpec | None) -> None:
        self._hint.setText(self._keymap.in_words(tool.hint) if tool is not None else "")

    def show_selection_options(self, options: SelectionOptions) -> None:
        """Shows what the selecting tools are set to."""
        self._select.show_options(options)

    def offer_result(self, there: bool) -> None:
        """Whether there is a result that wand and quick select can look at."""
        self._select.offer_result(there)
        self._fit_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sized = True
        self._fit(event.size().width())

    def _fit_again(self) -> None:
        """Not before it has a width of its own, which its first showing brings."""
        if self._sized:
            self._fit(self.width())

    def _fit(self, width: int) -> None:
        """Says less where there is little room."""
        for step in range(_STEPS + 2):
            self._say_less(step)
            if self._needed() <= width:
                break

    def _say_less(self, step: int) -> None:
        """Sliders give way first, then words: a button without words has to be known. Last go the tool's
        name, which the strip at the side says too, and what menu and keys do as well: the mask's view, then
        undo and redo. With that, and a result's buttons, beside two panels the numbers lose their titles and
        the hint goes; on the smallest screens only the brush's size stays, the rest has keys.
        """
        margin = 14 if step < 4 else 8
        self._row.setContentsMargins(margin, 0, min(margin, 12), 0)
        self._row.setSpacing(12 if step < 2 else 8 if step < 4 else 6)
        for slider in self._sliders:
            slider.set_compact(step >= 1, titled=step < _STEPS)
        self._select.set_compact(step >= 2, titled=step < _STEPS)
        for part in (self._stroke, self.mask_view):
            part.set_compact(step >= 2)
        self._title.setHidden(step >= 4)
        self._hint.setVisible(bool(self._hint.text()) and step < _STEPS)
        self.mask_view.setHidden(step >= 5)
        for button in self._undoing:
            button.setHidden(step >= 6)
        options = self._tool.options if self._tool is not None else frozenset()
        self._hardness.setVisible("hardness" in options and step <= _STEPS)
        self._opacity.setVisible("opacity" in options and step <= _STEPS)

    def _needed(self) -> int:
        """The width that what is shown now can't do without."""
        for part in (*self._sliders, self._select):
            if (inner := part.layout()) is not None:
                inner.invalidate()
                part.updateGeometry()  # the row remembers what a part needed before it said less or more
        self._row.invalidate()
        return self._row.minimumSize().width()

    def _put(self, brush: Brush) -> None:
        self._brush = brush
        self.brush_changed.emit(brush)


def _button(name: str, action: QAction) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"option_{name}")
    button.setDefaultAction(action)
    button.setAccessibleName(action.text())
    button.setFixedSize(30, 30)
    button.setIconSize(QSize(18, 18))
    return button
