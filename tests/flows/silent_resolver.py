"""A window whose resolver keeps silent: eight runs wait for it while a stroke is painted, then it is closed.

Called with the picture's path. Prints a line of JSON with the seconds until the stroke was on disk.
"""

import json
import os
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton
from tests.flows.wait import until

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.runtime.event_loop import run

RUNS = 8
_real = socket.getaddrinfo


def resolve(host, *rest, **named):
    if os.fsencode(host or "").endswith(b".silent"):
        asked.append(host)
        threading.Event().wait(30)
    return _real(host, *rest, **named)


asked: list[str] = []
socket.getaddrinfo = resolve


async def main(picture: Path) -> int:
    studio = Studio(Folders.find())
    window = program.open_window(studio, [picture])
    await until(lambda: bool(studio.session.tray))
    studio.settings.replace(running_at_once=RUNS)
    (button,) = window.findChildren(QPushButton, "generateButton")
    for number in range(RUNS):
        where = EndpointProfile("Silent", f"https://n{number}.silent/v1", auth="none")
        studio.settings.replace_all(studio.settings.current.with_profile(where))
        studio.settings.replace(endpoint="Silent")
        studio.parameters.set(prompt=f"remove it {number}")
        button.click()
        await until(partial(is_asked, number))
    draft = studio.folders.draft
    before = newest(draft)
    began = time.monotonic()
    studio.session.fill_mask()
    await until(lambda: newest(draft) != before)
    sys.stdout.write(json.dumps({"stroke": time.monotonic() - began}) + "\n")
    sys.stdout.flush()
    window.hide()
    await studio.close()
    return 0


def is_asked(number: int) -> bool:
    return len(set(asked)) > number


def newest(folder: Path) -> set[str]:
    return {one.name for one in folder.rglob("*.png")}


if __name__ == "__main__":
    sys.exit(run(program.application(), lambda: main(Path(sys.argv[1]))))
