"""Draws the application's mark: a picture at dawn, painted over in coral, and the brush's ring.

Writes the SVG that the window shows, and the bitmaps that desktops, Windows and macOS want. Run it after
changing the drawing: ``python packaging/draw_icon.py``.
"""

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColorConstants, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

NAME = "io.github.overpaint.Overpaint"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SMALL = 32
"""Up to this many pixels the ring and the far hills would be crumbs; a bolder drawing does."""

HERE = Path(__file__).resolve().parent
SHOWN = HERE.parent / "resources" / "icons" / "overpaint.svg"
BITMAPS = HERE / "icons"

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">
<title>Overpaint</title>
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#2f5b8b"/><stop offset=".40" stop-color="#7fa5bf"/>
<stop offset=".66" stop-color="#fcdcae"/><stop offset=".74" stop-color="#fcdcae"/>
<stop offset=".86" stop-color="#1b3347"/>
</linearGradient>
<linearGradient id="paint" gradientUnits="userSpaceOnUse" x1="70" y1="400" x2="450" y2="90">
<stop offset="0" stop-color="#ff6d5c" stop-opacity=".86"/>
<stop offset=".6" stop-color="#ff4b57" stop-opacity=".94"/>
<stop offset="1" stop-color="#f8374f"/>
</linearGradient>
</defs>
{drawing}
</svg>
"""

LARGE_DRAWING = """\
<rect x="36" y="36" width="440" height="440" rx="104" fill="url(#sky)"/>
<path d="M36 318C84 268 122 246 172 274S246 330 296 300S402 232 476 282V372A104 104 0 0 1 372 476H140
A104 104 0 0 1 36 372Z" fill="#557a93"/>
<path d="M36 372C110 338 158 346 222 382S364 420 476 356V372A104 104 0 0 1 372 476H140
A104 104 0 0 1 36 372Z" fill="#1b3347"/>
<path d="M108 330C140 244 196 140 236 154S172 374 216 392S330 268 366 186" fill="none" stroke="url(#paint)"
stroke-width="84" stroke-linecap="round" stroke-linejoin="round"/>
<circle cx="366" cy="186" r="64" fill="none" stroke="#ffffff" stroke-width="16"/>"""

SMALL_DRAWING = """\
<rect x="16" y="16" width="480" height="480" rx="112" fill="url(#sky)"/>
<path d="M16 340C120 280 190 336 270 344S420 300 496 312V384A112 112 0 0 1 384 496H128
A112 112 0 0 1 16 384Z" fill="#1b3347"/>
<path d="M100 336C132 240 196 128 236 144S176 380 224 398S360 270 408 128" fill="none" stroke="#ff4a57"
stroke-width="104" stroke-linecap="round" stroke-linejoin="round"/>"""


def main() -> int:
    """Writes every form of the icon."""
    large, small = (SVG.format(drawing=drawing) for drawing in (LARGE_DRAWING, SMALL_DRAWING))
    scalable = BITMAPS / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
    for file in (SHOWN, scalable):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(large, encoding="utf-8", newline="\n")
    pictures = {size: _render(small if size <= SMALL else large, size) for size in SIZES}
    for size, picture in pictures.items():
        file = BITMAPS / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        picture.save(file, optimize=True)
    _save_bundles(pictures)
    print(f"{len(pictures)} sizes drawn into {BITMAPS.relative_to(HERE.parent)}")
    return 0


def _save_bundles(pictures: dict[int, Image.Image]) -> None:
    """The several sizes in one file, as Windows and macOS want them."""
    largest = pictures[512]
    largest.resize((256, 256), Image.Resampling.LANCZOS).save(
        BITMAPS / "overpaint.ico",
        sizes=[(size, size) for size in (16, 24, 32, 48, 64, 128, 256)],
        append_images=[picture for size, picture in pictures.items() if size <= 256],
    )
    largest.save(BITMAPS / "overpaint.icns", append_images=[pictures[size] for size in (32, 64, 128, 256)])


def _render(svg: str, size: int) -> Image.Image:
    canvas = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(QColorConstants.Transparent)
    painter = QPainter(canvas)
    QSvgRenderer(QByteArray(svg.encode("utf-8"))).render(painter, QRectF(0, 0, size, size))
    painter.end()
    straight = canvas.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (size, size), bytes(straight.constBits()))


if __name__ == "__main__":
    sys.exit(main())
