"""The icons: every one that the window asks for is in the font that is shipped."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QRawFont
from pytestqt.qtbot import QtBot

import overpaint
from overpaint import resources
from overpaint.ui.theme.icons import FONT, GLYPHS, icon
from overpaint.ui.theme.window_theme import LIGHT

UI = Path(overpaint.__file__).parent / "ui"


def asked_for() -> set[str]:
    """The names that the code spells out where it asks for an icon."""
    calls = (
        node
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "icon"
    )
    first = [call.args[0] for call in calls]
    return {word.value for word in first if isinstance(word, ast.Constant) and isinstance(word.value, str)}


@pytest.mark.parametrize("name", sorted(GLYPHS))
def test_icon_is_drawn_from_the_shipped_font_in_the_colour_asked_for(qtbot: QtBot, name: str) -> None:
    image = icon(name, LIGHT, colour="#ff0000").pixmap(QSize(32, 32)).toImage()

    pixels = [QColor.fromRgba(image.pixel(x, y)) for x in range(32) for y in range(32)]
    red = sum(one.alpha() == 255 and one.red() == 255 for one in pixels)
    assert 12 <= red <= 900
    assert QRawFont(str(resources.path(FONT)), 24).supportsCharacter(GLYPHS[name])


def test_icons_that_the_code_spells_out_all_have_a_glyph() -> None:
    names = asked_for()

    assert len(names) > 10
    assert names - GLYPHS.keys() == set()


def test_icon_without_a_glyph_is_refused_where_it_is_asked_for() -> None:
    with pytest.raises(KeyError):
        icon("no such icon", LIGHT)


def test_font_comes_with_its_licence() -> None:
    licence = resources.path("icons/material-design-icons.LICENSE.txt").read_text("utf-8")

    assert "Material Design Icons" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
