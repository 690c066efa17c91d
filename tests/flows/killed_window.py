"""A window that starts an edit by its own button and stands still at the first partial, to be killed there.

Called with the picture's path. Prints a line of JSON with the engine's process id, then stops itself, so that
the moment of its death doesn't depend on who is quicker.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from overpaint.studio.config.folders import Folders
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.runtime.event_loop import run


async def main(picture: Path) -> int:
    studio = Studio(Folders.find())
    window = program.open_window(studio, [picture])
    ready = asyncio.Event()
    studio.session.current_changed.connect(ready.set)
    await ready.wait()
    studio.session.fill_mask()
    studio.parameters.set(prompt="remove it", size="1024x1024", partial_images=3)
    (button,) = window.findChildren(QPushButton, "generateButton")
    button.click()
    studio.jobs.changed.connect(lambda job: stand_still(studio, job))
    await asyncio.Event().wait()
    return 0


def stand_still(studio: Studio, job: Job) -> None:
    if job.partial is not None:
        sys.stdout.write(json.dumps({"engine": studio.engine.pid}) + "\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGSTOP)


if __name__ == "__main__":
    sys.exit(run(program.application(), lambda: main(Path(sys.argv[1]))))
