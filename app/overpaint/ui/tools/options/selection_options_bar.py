"""The selecting tools' part of the option bar: how a selection combines, and what its edge is like."""

from collections.abc import Collection
from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from overpaint.core.masks.mask_combine import Combine
from overpaint.studio.config.settings import MAX_FEATHER, MAX_TOLERANCE, Sample
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.widgets.fields.segments import Segment, Segments
from overpaint.ui.widgets.fields.slider_field import SliderField

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
_SAMPLES = (
    Segment("picture", "Sample picture", "picture", "Sample picture: look for edges and colours in it"),
    Segment("result", "Sample result", "generate", "Sample result: look in the one that was shown last"),
)
_CONTIGUOUS = "Contiguous"
_SMOOTH, _SMOOTH_COMPACT = "Smooth edges", "Smooth"


class SelectionOptionsBar(QWidget):
    """``changed`` carries ``SelectionOptions`` as the user sets them; ``entered`` ends a number by Enter."""

    changed = Signal(object)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("selectBar")
        self._ways = Segments("selectWay", "Combine", _WAYS)
        self._feather = SliderField("Feather", "selectFeather", 0, MAX_FEATHER, "px")
        self._smooth = _box(_SMOOTH, "selectSmooth", "Smooth edges: pixels on the edge are masked in part")
        self._tolerance = SliderField("Tolerance", "selectTolerance", 0, MAX_TOLERANCE, "%")
        self._contiguous = _box(
            _CONTIGUOUS, "selectContiguous", "Contiguous: only what hangs together with the click"
        )
        self._sample = Segments("selectSample", "Sample", _SAMPLES)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for one in (self._ways, self._tolerance, self._contiguous, self._feather, self._smooth, self._sample):
            row.addWidget(one)
        self._ways.chosen.connect(self._edit)
        self._sample.chosen.connect(self._edit)
        for number in (self._feather, self._tolerance):
            number.changed.connect(self._edit)
            number.entered.connect(self.entered)
        for box in (self._smooth, self._contiguous):
            box.toggled.connect(self._edit)
        self._samples = self._has_result = False
        self.show_options(SelectionOptions())

    def show_options(self, options: SelectionOptions) -> None:
        """Shows what is chosen without telling anyone."""
        self._ways.choose(options.how)
        self._sample.choose(options.sample)
        self._feather.set_value(options.feather)
        self._tolerance.set_value(options.tolerance)
        for box, on in ((self._smooth, options.smooth), (self._contiguous, options.contiguous)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)

    def offer_result(self, there: bool) -> None:
        """Whether there is a result to look at; without one it is the picture, whatever was chosen."""
        self._has_result = there
        self._sample.setVisible(there and self._samples)

    def offer(self, options: Collection[str]) -> None:
        """Shows those ``options`` of a tool that are a selecting tool's."""
        self._samples = "sample" in options
        self._ways.setVisible("combine" in options)
        self._tolerance.setVisible("tolerance" in options)
        self._contiguous.setVisible("contiguous" in options)
        self._feather.setVisible("feather" in options)
        self._smooth.setVisible("smooth" in options)
        self._sample.setVisible(self._samples and self._has_result)

    def set_compact(self, compact: bool, *, titled: bool = True) -> None:
        """Fewer words, where there is little room; at worst numbers and box have no titles."""
        self._row.setSpacing(6 if compact else 12)
        self._ways.set_compact(compact)
        self._sample.set_compact(compact)
        self._feather.set_compact(compact, titled=titled)
        self._tolerance.set_compact(compact, titled=titled)
        self._smooth.setText(_SMOOTH_COMPACT if compact else _SMOOTH)
        self._contiguous.setText(_CONTIGUOUS if titled else "")

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self._ways.set_icons(tokens)
        self._sample.set_icons(tokens)

    def _edit(self) -> None:
        how = next(way for way in get_args(Combine) if way == self._ways.value)
        sample = next(one for one in get_args(Sample) if one == self._sample.value)
        choice = SelectionOptions(
            how,
            round(self._feather.value),
            self._smooth.isChecked(),
            round(self._tolerance.value),
            self._contiguous.isChecked(),
            sample,
        )
        self.changed.emit(choice)


def _box(words: str, name: str, tip: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setObjectName(name)
    box.setAccessibleName(words)
    box.setToolTip(tip)
    return box
