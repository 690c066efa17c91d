"""The selecting tools' part of the option bar: how a selection combines, and what its edge is like."""

from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from overpaint.core.combine import Combine
from overpaint.ui.theme import Tokens
from overpaint.ui.tools.choice import MAX_FEATHER, Choice
from overpaint.ui.widgets.segments import Segment, Segments
from overpaint.ui.widgets.slider_field import SliderField

_WAYS = (
    Segment("replace", "New", "way-new", "New: masks the selection and nothing else"),
    Segment("add", "Add", "way-add", "Add to the mask. Or hold Shift at the press."),
    Segment("subtract", "Subtract", "way-subtract", "Take away from the mask. Or hold Alt at the press."),
    Segment(
        "intersect",
        "Intersect",
        "way-intersect",
        "Keep of the mask what lies inside. Or hold Shift and Alt at the press.",
    ),
)
_SMOOTH, _SMOOTH_COMPACT = "Smooth edges", "Smooth"


class SelectBar(QWidget):
    """``changed`` carries the whole ``Choice`` as the user sets it."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("selectBar")
        self._ways = Segments("selectWay", "Combine", _WAYS)
        self._feather = SliderField("Feather", "selectFeather", 0, MAX_FEATHER, "px")
        self._smooth = QCheckBox(_SMOOTH)
        self._smooth.setObjectName("selectSmooth")
        self._smooth.setAccessibleName(_SMOOTH)
        self._smooth.setToolTip("Smooth edges: pixels on the edge are masked in part")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for one in (self._ways, self._feather, self._smooth):
            row.addWidget(one)
        self._ways.chosen.connect(self._edit)
        self._feather.changed.connect(self._edit)
        self._smooth.toggled.connect(self._edit)
        self.show_choice(Choice())

    def show_choice(self, choice: Choice) -> None:
        """Shows what is chosen without telling anyone."""
        self._ways.choose(choice.how)
        self._feather.set_value(choice.feather)
        self._smooth.blockSignals(True)
        self._smooth.setChecked(choice.smooth)
        self._smooth.blockSignals(False)

    def set_compact(self, compact: bool) -> None:
        """Fewer words, where there is little room."""
        self._ways.set_compact(compact)
        self._feather.set_compact(compact)
        self._smooth.setText(_SMOOTH_COMPACT if compact else _SMOOTH)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self._ways.set_icons(tokens)

    def _edit(self) -> None:
        how = next(way for way in get_args(Combine) if way == self._ways.value)
        self.changed.emit(Choice(how, round(self._feather.value), self._smooth.isChecked()))
