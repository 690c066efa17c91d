"""The look of the window: colour tokens for dark and light, the style sheet made of them, and the palette."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from overpaint import resources


class Tokens(msgspec.Struct, frozen=True):
    """Colours by their use, as ``#rrggbb``; text on ``fill`` is white."""

    surround: str
    panel: str
    field: str
    border: str
    line: str
    text: str
    dim: str
    fill: str
    fill_over: str
    accent: str
    selection: str
    hover: str
    ok: str
    bad: str
    warn: str
    disabled: str
    dark: bool


DARK = Tokens(
    surround="#1d1e21",
    panel="#232529",
    field="#2d3035",
    border="#3c4047",
    line="#33363c",
    text="#e7e8ea",
    dim="#9aa0a8",
    fill="#2a72e0",
    fill_over="#3b80ea",
    accent="#6aacff",
    selection="#2a3f5c",
    hover="#2f3339",
    ok="#4cc38a",
    bad="#ff6b6b",
    warn="#f5a524",
    disabled="#6b7078",
    dark=True,
)

LIGHT = Tokens(
    surround="#d9dadd",
    panel="#f7f7f8",
    field="#ffffff",
    border="#cfd2d7",
    line="#dddfe3",
    text="#1d1f23",
    dim="#5d636c",
    fill="#1f6feb",
    fill_over="#1a62d3",
    accent="#1858c4",
    selection="#dbe8fd",
    hover="#e9eaed",
    ok="#197a4b",
    bad="#c62f3b",
    warn="#9a6200",
    disabled="#9a9fa7",
    dark=False,
)

TEXT_PIXELS = 13
_FAMILIES = (
    "Inter",
    "Inter Variable",
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    "Cantarell",
    "Noto Sans",
)


def tokens_for(choice: str) -> Tokens:
    """The tokens for ``light``, ``dark``, or what the system says for ``system``."""
    if choice == "system":
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK
    return LIGHT if choice == "light" else DARK


def apply(app: QApplication, tokens: Tokens) -> None:
    """Gives the whole program one look."""
    app.setPalette(palette(tokens))
    app.setStyleSheet(style_sheet(tokens))


def prepare(app: QApplication) -> None:
    """Sets style and font; before the first widget is made, since a style sheet keeps later fonts out."""
    app.setStyle("Fusion")
    app.setFont(_font())


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of ``resources/themes/window.qss`` with its ``@names`` replaced by the tokens."""
    sheet = resources.path("themes/window.qss").read_text(encoding="utf-8")
    icons = resources.path("themes")
    for name in sorted(tokens.__struct_fields__, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", str(getattr(tokens, name)))
    return sheet.replace("@icons", icons.as_posix()).replace("@shade", "dark" if tokens.dark else "light")


def palette(tokens: Tokens) -> QPalette:
    """The palette for what the style sheet leaves to the style: selections, links, placeholders."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.panel,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.field,
        QPalette.ColorRole.AlternateBase: tokens.panel,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.field,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.ToolTipBase: tokens.field,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.dim,
        QPalette.ColorRole.Highlight: tokens.fill,
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.Accent: tokens.fill,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return made


def _font() -> QFont:
    """Inter where it is installed, otherwise the platform's usual face, with figures of one width."""
    font = QFont()
    font.setFamilies([*_FAMILIES, QGuiApplication.font().family()])
    font.setPixelSize(TEXT_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
