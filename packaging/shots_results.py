"""The states of a result: alone, in each way of comparing it, and in the strip."""

from overpaint.studio.studio import Studio
from overpaint.ui.app.edit_strip import HIGHEST, LOWEST
from overpaint.ui.app.main_window import Window
from overpaint.ui.runs.run_details import RunDetails
from shots_camera import Camera, pause, until

_WAYS = ("split", "side", "all", "difference")


async def results(studio: Studio, window: Window, camera: Camera) -> None:
    """Asks for three variations of the edit that stands there, and looks at them."""
    before = studio.parameters.params
    count = len(studio.jobs.all)
    studio.parameters.set(prompt="Make it warmer", n=3)
    window.wiring.runs.generate()
    await until(lambda: len(studio.jobs.all) == count + 3)
    await until(lambda: not studio.jobs.running)
    await pause()
    await camera.take("results")
    for way in _WAYS:
        window.edit.compare.begin(way)
        await pause()
        await camera.take(f"compare-{way}")
    window.edit.compare.leave()
    window.edit.stage.back()
    studio.parameters.set(prompt=before.prompt, n=before.n)


async def strip(studio: Studio, window: Window, camera: Camera) -> None:
    """The strip as high as it gets, and what is told of a run that failed, opened from its tile."""
    window.edit.strip.set_height(HIGHEST)
    await camera.take("strip-high")
    window.edit.strip.set_height(LOWEST)
    failed = next(job for job in studio.jobs.all if job.error is not None)
    window.edit.runs.open_details(failed)
    await pause()
    (details,) = window.findChildren(RunDetails)
    await camera.take("run-details", details)
    details.close()
