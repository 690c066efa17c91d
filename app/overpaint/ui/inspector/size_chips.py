"""Sizes that are one click away, as a row of small buttons, and the menu with all others at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from overpaint.ui.widgets.flow import FlowLayout
from overpaint.ui.widgets.labels import set_tone

_GAP = 4
_ANY_HEIGHT = (1 << 24) - 1
"""What Qt takes for no limit."""

_USUAL = 8
"""Made at once, so that Tab comes to them in their place and not after whatever was made before they came."""


class SizeChips(QWidget):
    """``chosen`` carries a size as the parameter is written: ``auto`` or ``WxH``.

    The buttons are kept and only say something else, so that the focus stays while sizes are typed and
    picked, and nothing is made or thrown away at a keystroke. Presets that don't fit into the row are left to
    ``more``; what would put a size right wraps.
    """

    chosen = Signal(str)

    def __init__(self, more: QToolButton) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=_GAP)
        self._chips = [self._new_chip(at) for at in range(_USUAL)]
        self._values: list[str] = []
        self._mending, self._count = False, 0
        self._fit_soon = QTimer(self)
        self._fit_soon.setSingleShot(True)
        self._fit_soon.setInterval(0)
        self._fit_soon.timeout.connect(lambda: self._show_fitting(self._count))
        self._more = more
        self._flow.addWidget(more)
        self._further = self._new_chip(len(self._chips))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_sizes(
        self,
        offers: Sequence[tuple[str, str]],
        value: str,
        *,
        mending: bool,
        further: tuple[str, str] | None = None,
    ) -> None:
        """Shows pairs of words and size: presets, ``value`` marked, or what would put it right; below them
        one ``further``. Raises ValueError for more than there is room for."""
        if len(offers) > _USUAL:
            raise ValueError(f"{len(offers)} sizes are more than {_USUAL}.")
        self._mending, self._values = mending, [size for _, size in offers]
        marked = -1 if mending or value not in self._values else self._values.index(value)
        for at, chip in enumerate(self._chips):
            if at < len(offers):
                _fill(chip, *offers[at], marked=at == marked, mending=mending)
            else:
                chip.setObjectName("")  # its old name may be another one's now
        if further is not None:
            self._values = [*self._values, *[""] * (_USUAL - len(offers)), further[1]]
            _fill(self._further, *further, marked=False, mending=True)
        self._further.setVisible(further is not None)
        self._show_fitting(len(offers))

    def _show_fitting(self, count: int) -> None:
        self._count = count
        wanted = self._chips[:count]
        for chip in (*wanted, self._more):
            chip.ensurePolished()
        spare = [chip for chip in wanted if not chip.isChecked()]
        while spare and not self._mending and self._needed(wanted) > self.width():
            wanted.remove(spare.pop())
        self._keep_height()
        for chip in self._chips:
            if chip.isHidden() == (chip in wanted):
                chip.setVisible(chip in wanted)
        self.updateGeometry()

    def _keep_height(self) -> None:
        """Rows of presets are as high at every width: one that grew while its last chip wraps would bring a
        scroll bar, which takes the room of that chip, whose going takes the scroll bar away, and so on."""
        if self._mending:
            self.setMinimumHeight(0)
            self.setMaximumHeight(_ANY_HEIGHT)
            return
        rows = 1 if self._further.isHidden() else 2
        self.setFixedHeight(rows * (self._more.sizeHint().height() + _GAP) - _GAP)

    def _needed(self, chips: Sequence[QPushButton]) -> int:
        return sum(chip.sizeHint().width() + _GAP for chip in chips) + self._more.sizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In the next turn: hiding a chip within a resize asks for the next one, without end where a scroll
        bar comes and goes with it."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_soon.start()

    def _new_chip(self, at: int) -> QPushButton:
        chip = QPushButton(self)
        chip.setProperty("role", "chip")
        chip.hide()
        chip.clicked.connect(lambda: self._choose(at))
        self._flow.addWidget(chip)
        return chip

    def _choose(self, at: int) -> None:
        value = self._values[at]
        self.chosen.emit(value)
        if value in self._values and self._values[at : at + 1] != [value]:  # the focus goes with the size
            [*self._chips, self._further][self._values.index(value)].setFocus()


def _fill(chip: QPushButton, words: str, size: str, *, marked: bool, mending: bool) -> None:
    chip.setText(words)
    chip.setObjectName(f"sizeChip_{size}")
    chip.setAccessibleName(f"Size {words}, {size}")
    chip.setToolTip(size.replace("x", " × "))
    chip.setCheckable(not mending)
    chip.setChecked(marked)
    set_tone(chip, "offer" if mending else "")
