"""Run by itself with QT_SCALE_FACTOR set: the canvas at that many device pixels per widget pixel."""

import sys
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from tests.pixels import load_bgra
from tests.ui.canvas.canvas_stage import NONE, Stage, set_up
from tests.ui.tools.drawn import ellipse, polygon, rectangle

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke

BRUSH = Brush(24.0, 0.7)


def main(picture: Path, ratio: float) -> None:
    """Raises AssertionError for the first thing that is not exact."""
    app = QApplication([])
    stage = set_up(picture)
    assert stage.canvas.devicePixelRatioF() == ratio
    for zoom, angle in ((0.5, 0.0), (1.0, 0.0), (2.7, 0.0), (1.0, 90.0), (0.6, -37.0), (1.9, 161.0)):
        stage.canvas.turn_to(angle)
        check_stroke(stage, zoom)
        check_selections(stage, zoom)
        check_pieces(stage, app)
    stage.canvas.turn_to(0.0)
    stage.zoom_to(2.7)
    check_ring(stage)
    stage.session.clear_mask()
    for angle in (0, 90, 180, -90):
        check_pixels(stage, load_bgra(picture), app, angle)


def check_stroke(stage: Stage, zoom: float) -> None:
    """A stroke over the picture's coordinates is the stroke that the brush itself makes there."""
    stage.session.clear_mask()
    stage.canvas.set_brush(BRUSH)
    stage.zoom_to(zoom)
    places = [(300.0, 250.0), (340.4, 260.0), (410.0, 330.8)]
    mask, history = Mask(stage.mask.width, stage.mask.height), History()
    stroke = Stroke(mask, history, BRUSH)
    points = [stage.canvas.view.to_picture(*place) for place in places]
    stroke.begin(*points[0])
    for point in points[1:]:
        stroke.extend(*point)

    stage.drag(*places)

    assert np.array_equal(stage.mask.coverage, mask.coverage), f"stroke at {zoom}"


def check_selections(stage: Stage, zoom: float) -> None:
    """What is dragged over the picture's coordinates is masked there, whatever the screen's scale."""
    shape, corners = (stage.mask.height, stage.mask.width), [(260, 170), (341, 176), (322, 232)]
    for tool, expected in (
        ("rectangle", rectangle(shape, 260, 170, 322, 232)),
        ("ellipse", ellipse(shape, 260, 170, 322, 232)),
        ("lasso", polygon(shape, corners)),
    ):
        stage.session.clear_mask()
        stage.canvas.set_tool(tool)
        stage.drag(*stage.over(*corners))
        off = np.abs(stage.mask.coverage / 255 - expected).max()
        assert off < 0.1, f"{tool} at {zoom}: {off}"
    stage.canvas.set_tool("brush")


def check_pieces(stage: Stage, app: QApplication) -> None:
    """What was drawn piece by piece looks as drawn at once; turned, Qt may round a little otherwise."""
    stage.canvas.set_brush(Brush(90.0, 0.5))
    stage.press((300.0, 250.0))
    for step in range(12):
        stage.move((300.0 + 7.3 * step, 250.0 + 3.1 * step))
        app.processEvents()
    stage.release((380.0, 290.0))
    in_pieces = pixels(stage.seen())
    stage.canvas.refresh()
    off = np.abs(in_pieces.astype(int) - pixels(stage.seen()))
    assert off.max() <= (0 if stage.canvas.view.square else 2), f"pieces at {stage.canvas.view}"


def check_ring(stage: Stage) -> None:
    """The ring is as wide as the brush, and leaves nothing behind."""
    stage.canvas.set_brush(Brush(40.0))
    bare = pixels(stage.seen())
    stage.move((400.0, 300.0), held=NONE)
    ringed = pixels(stage.canvas.grab().toImage())
    columns = np.nonzero((ringed != bare).any(axis=(0, 2)))[0]
    width = 40.0 * stage.canvas.view.zoom
    assert abs(columns.max() - columns.min() - width) <= 6 * stage.canvas.view.ratio, "ring"
    stage.move((100.0, 100.0), held=NONE)
    assert np.array_equal(bare, pixels(stage.seen())), "ring left behind"


def check_pixels(stage: Stage, bgra: np.ndarray, app: QApplication, angle: int) -> None:
    """At 100 % every pixel of the picture is one of the screen, even where the widget begins between two."""
    window = QWidget()
    window.resize(900, 700)
    stage.canvas.setParent(window)
    stage.canvas.setGeometry(7, 13, 801, 601)
    window.show()
    app.processEvents()
    stage.canvas.turn_to(angle)
    stage.canvas.actual_size()
    shown = pixels(window.grab().toImage())[..., :3]
    corner = np.rot90(bgra[100:140, 200:240, :3], -angle // 90)
    view, ratio = stage.canvas.view, stage.canvas.view.ratio
    device = view.to_device(Rect(200, 100, 40, 40))
    assert (device.width, device.height) == (40, 40)
    left, top = round(7 * ratio) + device.x, round(13 * ratio) + device.y
    found = [
        (dx, dy)
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
        if np.array_equal(shown[top + dy : top + dy + 40, left + dx : left + dx + 40], corner)
    ]
    stage.canvas.setParent(None)
    assert len(found) == 1, f"pixels are smeared or shifted at {angle} degrees: {found}"


def pixels(image: QImage) -> np.ndarray:
    """The image's bytes, shape (height, width, 4), BGRA."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
