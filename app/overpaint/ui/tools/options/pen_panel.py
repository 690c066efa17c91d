"""How a stroke follows the pointer: the panel for smoothing and for what a pen's pressure does."""

from typing import get_args

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QWidget

from overpaint.core.paint.brush_stroke import Brush
from overpaint.core.paint.pen_pressure import Pen
from overpaint.studio.config.settings import Curve
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tools.options.brush_settings import CURVES, curve_name
from overpaint.ui.widgets.fields.segments import Segment, Segments
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.labels import label, line
from overpaint.ui.widgets.popup import Popup

_INDENT = 24
_FEELS = (
    Segment("soft", "Soft", "", "Soft: a light touch does much already"),
    Segment("linear", "Linear", "", "Linear: twice the pressure does twice as much"),
    Segment("firm", "Firm", "", "Firm: only a strong hand does much"),
)


class PenButton(QToolButton):
    """Opens the panel; ``changed`` carries the brush as the user sets it there."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("option_stroke")
        self.setProperty("role", "button")
        self.setText(" Pen  ▾")
        self.setAccessibleName("Pen and smoothing")
        self.setToolTip("Smoothing of the line, and what a pen's pressure does")
        self.setIconSize(QSize(18, 18))
        self._brush = Brush(64)
        self._panel: PenPanel | None = None
        self.clicked.connect(self._open)
        self.set_compact(False)

    def show_brush(self, brush: Brush) -> None:
        """Shows a brush without telling anyone."""
        self._brush = brush
        if self._panel is not None:
            self._panel.show_brush(brush)

    def set_icon(self, tokens: Tokens) -> None:
        """Draws the pen in the theme's colours."""
        self.setIcon(icon("pen", tokens))

    def set_compact(self, compact: bool) -> None:
        """The pen alone, where there is little room."""
        styles = Qt.ToolButtonStyle
        self.setToolButtonStyle(styles.ToolButtonIconOnly if compact else styles.ToolButtonTextBesideIcon)

    def _open(self) -> None:
        """The panel is made when it is opened first."""
        if self._panel is None:
            self._panel = PenPanel(self)
            self._panel.changed.connect(self.changed)
            self._panel.show_brush(self._brush)
        self._panel.open_below(self)


class PenPanel(Popup):
    """``changed`` carries the whole brush, of which it sets the smoothing and the pen."""

    changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "strokePanel", "Pen and smoothing")
        self._brush = Brush(64)
        self._smoothing = SliderField("Smoothing", "brushSmoothing", 0, 1, "%", scale=100, wide=True)
        self._smoothing.setToolTip(
            "Pulls the brush behind the pointer on a string, so that the line stays calm"
        )
        self._to_size = _box("Pressure changes size", "penToSize")
        self._size_curve = Segments("penSizeCurve", "Size curve", _FEELS)
        self._least = SliderField("Least size", "penLeastSize", 0, 1, "%", scale=100, wide=True)
        self._least.setToolTip("The size that the lightest touch leaves")
        self._to_opacity = _box("Pressure changes opacity", "penToOpacity")
        self._opacity_curve = Segments("penOpacityCurve", "Opacity curve", _FEELS)
        self.column.addWidget(self._smoothing)
        self.column.addWidget(line())
        self.column.addWidget(self._to_size)
        self.column.addWidget(_indented(label("Feel", "dim"), self._size_curve))
        self.column.addWidget(_indented(self._least))
        self.column.addSpacing(4)
        self.column.addWidget(self._to_opacity)
        self.column.addWidget(_indented(label("Feel", "dim"), self._opacity_curve))
        for slider in (self._smoothing, self._least):
            slider.changed.connect(self._edit)
        for box in (self._to_size, self._to_opacity):
            box.toggled.connect(self._edit)
        for curve in (self._size_curve, self._opacity_curve):
            curve.chosen.connect(self._edit)

    def show_brush(self, brush: Brush) -> None:
        """Shows a brush without telling anyone."""
        self._brush = brush
        self._smoothing.set_value(brush.smoothing)
        self._least.set_value(brush.pen.least_size)
        self._size_curve.choose(curve_name(brush.pen.size_curve))
        self._opacity_curve.choose(curve_name(brush.pen.opacity_curve))
        for box, on in ((self._to_size, brush.pen.to_size), (self._to_opacity, brush.pen.to_opacity)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self._enable()

    def _enable(self) -> None:
        for one in (self._size_curve, self._least):
            one.setEnabled(self._to_size.isChecked())
        self._opacity_curve.setEnabled(self._to_opacity.isChecked())

    def _edit(self) -> None:
        pen = Pen(
            self._to_size.isChecked(),
            _exponent(self._size_curve),
            self._least.value,
            self._to_opacity.isChecked(),
            _exponent(self._opacity_curve),
        )
        self._brush = replace(self._brush, pen=pen, smoothing=self._smoothing.value)
        self._enable()
        self.changed.emit(self._brush)


def _exponent(segments: Segments) -> float:
    return next(CURVES[name] for name in get_args(Curve) if name == segments.value)


def _box(words: str, name: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setObjectName(name)
    box.setAccessibleName(words)
    return box


def _indented(*parts: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(_INDENT, 0, 0, 0)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part, 1 if isinstance(part, SliderField) else 0)
    if not isinstance(parts[-1], SliderField):
        row.addStretch(1)
    return made
