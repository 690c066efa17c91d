"""Makes the icon font that is shipped: the glyphs that `overpaint.ui.icons` names, out of the whole font.

Run it after adding an icon: ``python packaging/subset_icons.py materialdesignicons-webfont.ttf``. The whole
font is the TrueType file of Material Design Icons 6.9.96 (npm package @mdi/font). It needs fonttools, which
nothing else does: install it into an environment of your own. The same input makes the same file.
"""

import sys

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from overpaint import resources
from overpaint.ui.theme.icons import FONT, GLYPHS

ORIGIN = "Material Design Icons by Pictogrammers, cut down to the icons of Overpaint"
LICENCE = "Apache License, Version 2.0"
LICENCE_PLACE = "https://www.apache.org/licenses/LICENSE-2.0"


def main(words: list[str]) -> int:
    """Write the font; `words` holds the path of the whole font."""
    if len(words) != 1:
        print(__doc__)
        return 2
    # The boxes of the whole font begin at 0 like its bearings; true boxes would shift every glyph.
    font = TTFont(words[0], recalcBBoxes=False, recalcTimestamp=False)
    missing = [name for name, code in GLYPHS.items() if code not in font.getBestCmap()]
    if missing:
        print(f"{words[0]} has no glyph for: {', '.join(missing)}.")
        return 1
    _cut(font)
    _tell_licence(font)
    place = resources.path(FONT)
    font.save(place)
    print(f"{place.name}: {len(set(GLYPHS.values()))} glyphs, {place.stat().st_size:,} bytes")
    return 0


def _cut(font: TTFont) -> None:
    options = Options(layout_features=[], glyph_names=False, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=GLYPHS.values())
    subsetter.subset(font)


def _tell_licence(font: TTFont) -> None:
    for number, words in ((10, ORIGIN), (13, LICENCE), (14, LICENCE_PLACE)):
        font["name"].setName(words, number, 3, 1, 0x409)  # for Windows, in English


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
