"""How the mask's marks look: the panel for their colour and their opacity, applied as they are chosen."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QButtonGroup, QColorDialog, QHBoxLayout, QPushButton, QToolButton, QWidget

from overpaint.studio.config.settings import LEAST_MASK_OPACITY, MASK_AUTO, MASK_COLOUR
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.labels import label
from overpaint.ui.widgets.popup import Popup

PALETTE = {
    MASK_AUTO: "Auto",
    MASK_COLOUR: "Red",
    "#f07000": "Orange",
    "#ffd60a": "Yellow",
    "#30d158": "Green",
    "#2a72e0": "Blue",
    "#a03ee0": "Violet",
}
"""Colours that show on most pictures, by their names; the first is chosen for each of them."""

_PARTS = (MASK_COLOUR, "#30d158", "#2a72e0")
_TURN = 360 * 16
_SWATCH = 18
_BUTTON = 28


class OverlayAppearance(Popup):
    """``changed`` carries the colour as ``#rrggbb`` and the opacity, 0.1 to 1, as the user sets them."""

    changed = Signal(str, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "maskLook", "Mask colour and opacity")
        self._colour = next(iter(PALETTE))
        self._border = QColor(128, 128, 128)
        self._swatches = {colour: _swatch(colour, name) for colour, name in PALETTE.items()}
        self._group = QButtonGroup(self)
        self._custom = QPushButton("Other…")
        self._custom.setObjectName("maskColourOther")
        self._custom.setAccessibleName("Another mask colour")
        self._custom.clicked.connect(self._ask)
        self._opacity = SliderField(
            "Opacity", "maskOpacity", LEAST_MASK_OPACITY, 1, "%", scale=100, wide=True
        )
        self._opacity.changed.connect(lambda _: self._tell())
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(label("Colour", "dim"))
        row.addSpacing(4)
        for colour, button in self._swatches.items():
            self._group.addButton(button)
            button.clicked.connect(partial(self._choose, colour))
            row.addWidget(button)
        row.addSpacing(4)
        row.addWidget(self._custom)
        self.column.addLayout(row)
        self.column.addWidget(self._opacity)

    def show_look(self, colour: str, opacity: float) -> None:
        """Shows what is chosen without telling anyone."""
        self._colour = colour
        self._opacity.set_value(opacity)
        self._group.setExclusive(False)  # a colour of one's own is none of them
        for own, button in self._swatches.items():
            button.setChecked(own == colour)
        self._group.setExclusive(True)
        self._custom.setIcon(QIcon() if colour in PALETTE else _chip(colour, self._border))

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the swatches' rims in the theme's colour."""
        self._border = QColor(tokens.dim)
        for colour, button in self._swatches.items():
            button.setIcon(_chip(colour, self._border))

    def _choose(self, colour: str, _: bool = True) -> None:
        self.show_look(colour, self._opacity.value)
        self._tell()

    def _ask(self) -> None:
        from overpaint.ui.dialogs.awaited import show  # loads here, when it is opened

        dialog = QColorDialog(
            QColor(MASK_COLOUR if self._colour == MASK_AUTO else self._colour), self.parentWidget()
        )
        dialog.setObjectName("maskColourDialog")
        dialog.setWindowTitle("Mask colour")
        dialog.colorSelected.connect(lambda colour: self._choose(colour.name()))
        self.close()
        show(dialog)

    def _tell(self) -> None:
        self.changed.emit(self._colour, self._opacity.value)


def _swatch(colour: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"maskColour_{name.lower()}")
    button.setAccessibleName(f"Mask colour: {name}")
    button.setToolTip("A colour that stands out against the picture" if colour == MASK_AUTO else name)
    button.setCheckable(True)
    button.setFixedSize(_BUTTON, _BUTTON)
    button.setIconSize(QSize(_SWATCH, _SWATCH))
    button.setIcon(_chip(colour, QColor(128, 128, 128)))
    return button


def _chip(colour: str, border: QColor) -> QIcon:
    """A round sample of a colour."""
    fine = 3  # sharp on every screen
    pixmap = QPixmap(_SWATCH * fine, _SWATCH * fine)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(border, fine))
    place = pixmap.rect().adjusted(fine, fine, -fine, -fine)
    if colour == MASK_AUTO:
        for at, part in enumerate(_PARTS):
            painter.setBrush(QColor(part))
            painter.drawPie(place, at * _TURN // len(_PARTS), _TURN // len(_PARTS))
    else:
        painter.setBrush(QColor(colour))
        painter.drawEllipse(place)
    painter.end()
    return QIcon(pixmap)
