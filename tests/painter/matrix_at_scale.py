"""Run by itself with QT_SCALE_FACTOR set: every drawing in every view; at the end its faults as JSON."""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tests.painter.drawings import DRAWINGS
from tests.painter.easel import SMALL, easel
from tests.painter.views import ALL, FEW, faults

from overpaint.ui.app import program
from overpaint.ui.app.runtime.event_loop import run


async def draw_everything(path: Path, ratio: float) -> int:
    """Prints what is wrong; nothing when every mask is right."""
    with Image.open(path) as image:
        picture = np.asarray(image)
    found: dict[str, list[str]] = {}
    async with easel(path, SMALL) as table:
        assert table.app.canvas.devicePixelRatioF() == ratio
        for drawing in DRAWINGS.values():
            found |= await faults(table, picture, drawing, FEW if drawing.slow else ALL)
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(program.application(), lambda: draw_everything(Path(sys.argv[1]), float(sys.argv[2]))))
