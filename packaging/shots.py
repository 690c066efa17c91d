"""Renders the main states of the window into PNGs, to be looked at, by real events and the real engine."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for the tests' servers

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.library.gallery.gallery import SavedResult
from overpaint.studio.config.folders import HOME_VARIABLE, Folders
from overpaint.studio.config.settings import BrushSettings
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.event_loop import run
from shots_brush import brush
from shots_camera import Camera, pause, until
from shots_inspector import inspector
from shots_masks import masks
from shots_painter import painter
from shots_prompt import prompt
from shots_results import results, strip
from shots_servers import servers
from shots_tray import tray
from shots_wire import wire

_BALLOON = (
    *((1000, 160), (1095, 160), (1096, 235), (998, 235), (998, 195), (1094, 195)),
    *((1046, 250), (1015, 290), (1078, 290), (1046, 335), (1046, 375)),
)
_BRUSH = BrushSettings(diameter=104, hardness=0.9)
_NOBODY_THERE = "http://127.0.0.1:9/v1"
_SECOND = 2


async def shoot(out: Path, only: list[str]) -> int:
    """Goes through the states in the order in which a user meets them."""
    studio = Studio(Folders.find())
    studio.settings.replace(brush=_BRUSH)
    window = program.open_window(studio, [])
    camera = Camera(studio, window, out, only)
    shown: list[object] = []
    window.edit.stage.shown.connect(shown.append)
    await until(lambda: bool(shown))
    await pause()
    await camera.take("first-start")
    await _paint(window)
    studio.parameters.set(prompt="Remove the balloon", size="1536x1024", partial_images=3)
    await camera.take("painted-mask")
    await painter(studio, window, camera)
    await brush(studio, window, camera)
    await masks(studio, window, camera)
    await _run(studio, window, camera)
    await results(studio, window, camera)
    await _endpoint_error(studio, window, camera)
    await strip(studio, window, camera)
    await _size_error(studio, window, camera)
    await inspector(studio, window, camera)
    await servers(studio, window, camera)
    await wire(studio, window, camera)
    await tray(studio, window, camera)
    await prompt(studio, window, camera)
    await _advanced(studio, window, camera)
    window.close()
    await studio.close()
    return 0


async def _paint(window: Window) -> None:
    """A stroke over the balloon, with the mouse."""
    canvas = window.edit.canvas
    points = [QPoint(*(round(side) for side in canvas.view.to_widget(x, y))) for x, y in _BALLOON]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
        await pause(0.05)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=points[-1])
    await pause()


async def _run(studio: Studio, window: Window, camera: Camera) -> None:
    """A run, taken when its second partial is on the canvas, and at its end: after and before."""
    shown: list[object] = []
    window.edit.stage.shown.connect(shown.append)
    window.wiring.runs.generate()
    await until(lambda: len(shown) == _SECOND or _ended(studio))
    await camera.take("running")
    await until(lambda: _ended(studio) and isinstance(shown[-1], SavedResult))
    await pause()
    await camera.take("finished-after")
    window.edit.canvas.show_before(True)
    await camera.take("finished-before")
    window.edit.canvas.show_before(False)


async def _endpoint_error(studio: Studio, window: Window, camera: Camera) -> None:
    """An endpoint where nobody answers."""
    profile = EndpointProfile("Studio server", _NOBODY_THERE, auth="none")
    studio.settings.replace_all(studio.settings.current.with_profile(profile))
    studio.settings.replace(endpoint=profile.name)
    before = len(studio.jobs.all)
    window.wiring.runs.generate()
    await until(lambda: len(studio.jobs.all) > before and _ended(studio))
    await pause()
    await camera.take("endpoint-error")


async def _size_error(studio: Studio, window: Window, camera: Camera) -> None:
    """A width that no model takes, at a price."""
    studio.settings.replace(endpoint="OpenAI")
    studio.parameters.set(size="1537x1024", quality="high")
    window.edit.stage.back()
    await camera.take("size-error")
    studio.parameters.set(size="1536x1024")


async def _advanced(studio: Studio, window: Window, camera: Camera) -> None:
    """The inspector with everything open."""
    studio.parameters.set(model="gpt-image-1.5", size="auto", background="transparent")
    window.edit.inspector.advanced.open()
    await pause()
    await camera.take_tall("advanced")


def _ended(studio: Studio) -> bool:
    return bool(studio.jobs.all) and not studio.jobs.all[0].running


def main() -> int:
    """Takes the pictures that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", metavar="STATE", help="states to take; all by default")
    parser.add_argument("--out", type=Path, default=Path("build/shots"), metavar="DIR")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="overpaint-shots-") as home:
        os.environ[HOME_VARIABLE] = home
        return run(program.application(), lambda: shoot(given.out, given.only))


if __name__ == "__main__":
    sys.exit(main())
