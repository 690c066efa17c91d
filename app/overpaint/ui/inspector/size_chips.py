"""Sizes that are one click away, as a row of small buttons that wraps."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from overpaint.ui.widgets.flow import FlowLayout
from overpaint.ui.widgets.labels import set_tone

_GAP = 6
_ROOM_FOR_TWO_LINES = 50
_USUAL = 8
"""Made at once, so that Tab comes to them in their place and not after whatever was made before they came."""


class SizeChips(QWidget):
    """``chosen`` carries a size as the parameter is written: ``auto`` or ``WxH``.

    The buttons are kept and only say something else, so that the focus stays while sizes are typed and
    picked, and nothing is made or thrown away at a keystroke.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=_GAP)
        self._chips = [self._new_chip(at) for at in range(_USUAL)]
        self._values: list[str] = []
        self.setMinimumHeight(_ROOM_FOR_TWO_LINES)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_sizes(self, offers: Sequence[tuple[str, str]], value: str, *, mending: bool) -> None:
        """Shows pairs of words and size: presets, ``value`` marked, or what would put it right."""
        self._values = [size for _, size in offers]
        while len(self._chips) < len(offers):
            self._chips.append(self._new_chip(len(self._chips)))
        for at, chip in enumerate(self._chips):
            chip.setVisible(at < len(offers))
            if at < len(offers):
                _fill(chip, *offers[at], value, mending=mending)
            else:
                chip.setObjectName("")  # its old name may be another one's now
        self.updateGeometry()

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
            self._chips[self._values.index(value)].setFocus()


def _fill(chip: QPushButton, words: str, size: str, value: str, *, mending: bool) -> None:
    chip.setText(words)
    chip.setObjectName(f"sizeChip_{size}")
    chip.setAccessibleName(f"Size {words}, {size}")
    chip.setToolTip(size.replace("x", " × "))
    chip.setCheckable(not mending)
    chip.setChecked(not mending and size == value)
    set_tone(chip, "offer" if mending else "")
