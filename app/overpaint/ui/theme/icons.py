"""Icons by what they mean: glyphs of Material Design Icons, in the colours of the theme.

The shipped font holds the glyphs of `GLYPHS` and no other; after a change here, `packaging/subset_icons.py`
makes it again.
"""

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPixmap, QRawFont

from overpaint import resources
from overpaint.ui.theme.window_theme import Tokens

FONT = "icons/material-design-icons.ttf"

GLYPHS = {
    "add": 0xF0415,
    "again": 0xF0450,
    "all": 0xF11D9,
    "back": 0xF17B3,
    "bookmark": 0xF00C3,
    "brush": 0xF00E3,
    "cancel": 0xF0156,
    "blink": 0xF0241,
    "check": 0xF012C,
    "chevron-down": 0xF0140,
    "chevron-right": 0xF0142,
    "compare": 0xF1492,
    "cross": 0xF0156,
    "ellipse": 0xF0EA1,
    "delete": 0xF0A7A,
    "difference": 0xF0301,
    "eraser": 0xF01FE,
    "export": 0xF0B93,
    "eye": 0xF0208,
    "eye-off": 0xF0209,
    "generate": 0xF0674,
    "hand": 0xF182D,
    "hint": 0xF02FD,
    "history": 0xF02DA,
    "lasso": 0xF0F03,
    "link": 0xF0339,
    "magnetic": 0xF0559,
    "minus": 0xF0374,
    "overlay": 0xF06D0,
    "pen": 0xF0F49,
    "picture": 0xF0976,
    "polygon": 0xF0560,
    "presets": 0xF0A24,
    "rectangle": 0xF0489,
    "reference": 0xF1B46,
    "replace": 0xF11E4,
    "retouch": 0xF1892,
    "quick": 0xF0068,
    "redo": 0xF044E,
    "sending": 0xF0EAF,
    "side": 0xF1487,
    "star": 0xF04CE,
    "star-outline": 0xF04D2,
    "rename": 0xF0CB6,
    "swap": 0xF04E1,
    "undo": 0xF054C,
    "use": 0xF011D,
    "wand": 0xF1844,
    "way-add": 0xF0564,
    "way-intersect": 0xF055D,
    "way-new": 0xF0763,
    "way-subtract": 0xF055B,
    "zoom": 0xF0349,
}
"""Code points of Material Design Icons 6.9.96, by the names that `icon` takes."""

_EM = 240.0


def icon(name: str, tokens: Tokens, *, colour: str = "", on: str = "") -> QIcon:
    """An icon by its meaning: dim as a rule, in the accent (or the colour ``on``) where it is switched on.

    Raises KeyError for a name that isn't in `GLYPHS`.
    """
    colours = (colour or tokens.dim, on or colour or tokens.accent, tokens.disabled)
    return QIcon(_GlyphEngine(GLYPHS[name], colours))


class _GlyphEngine(QIconEngine):
    """Fills a glyph's outline, so that it is sharp at every size and screen scale."""

    def __init__(self, code_point: int, colours: tuple[str, str, str]) -> None:
        super().__init__()
        self._code_point = code_point
        self._colours = colours

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        off, on, disabled = self._colours
        lively = on if state == QIcon.State.On else off
        colour = QColor(disabled if mode == QIcon.Mode.Disabled else lively)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(rect.width(), rect.height())
        middle = QRectF(rect).center()
        painter.translate(middle.x() - side / 2, middle.y() - side / 2)
        painter.scale(side / _EM, side / _EM)
        painter.fillPath(_outline(self._code_point), colour)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._code_point, self._colours)


@lru_cache(maxsize=len(GLYPHS))
def _outline(code_point: int) -> QPainterPath:
    """The glyph in a square of ``_EM`` units."""
    font = _font()
    glyph = font.glyphIndexesForString(chr(code_point))[0]
    return font.pathForGlyph(glyph).translated(0, font.ascent())


@lru_cache(maxsize=1)
def _font() -> QRawFont:
    return QRawFont(str(resources.path(FONT)), _EM)
