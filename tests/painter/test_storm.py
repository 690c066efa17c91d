"""Ten thousand random events: no exception, no word from Qt, bounded memory, and all can be undone."""

import asyncio
import gc
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from tests.flows.desk import Desk, desk
from tests.flows.wait import settled, until
from tests.painter.storm import LARGEST_BRUSH, Storm

from overpaint.studio.config.settings import BrushSettings
from overpaint.studio.document.tray import Tray
from overpaint.studio.studio import Studio

EVENTS, WARM, BREATH = 10_000, 2_000, 40
SMALL = BrushSettings(diameter=40, hardness=0.8, opacity=1.0)
MEMORY_MB = 100
"""How much more than its undo the program may hold after the storm than when it was warm."""


def resident_mb() -> float:
    """What the process holds now; 0 where the system doesn't say."""
    if not sys.platform.startswith("linux"):
        return 0.0
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def undo_mb(app: Desk) -> float:
    return app.studio.session.history.bytes_used / 2**20


def masks(items: Tray) -> list[str]:
    return [hashlib.blake2b(item.mask.coverage.tobytes()).hexdigest() for item in items]


def set_up(studio: Studio) -> None:
    """Brushes that paint parts of a picture, and undo that forgets nothing."""
    studio.settings.replace(brush=SMALL, eraser=SMALL, quick=SMALL, undo_megabytes=4096)


@contextmanager
def listening() -> Iterator[list[str]]:
    """All that Qt says meanwhile, but for a line that its offscreen platform says of every window."""
    said: list[str] = []

    def hear(kind: QtMsgType, _: QMessageLogContext, words: str) -> None:
        if kind != QtMsgType.QtDebugMsg and "propagateSizeHints" not in words:
            said.append(words)

    before = qInstallMessageHandler(hear)
    try:
        yield said
    finally:
        qInstallMessageHandler(before)


async def rage(app: Desk, storm: Storm, said: list[str]) -> tuple[float, int]:
    """All the events; returns the megabytes and the widgets that came since the program was warm."""
    held, widgets = 0.0, 0
    for number in range(EVENTS):
        if number % BREATH == 0:
            await settled()
            keep_small(app)
        if number == WARM:
            gc.collect()
            held, widgets = resident_mb() - undo_mb(app), len(QApplication.allWidgets())
        storm.blow()
        assert not said, (number, said, list(storm.last))
    storm.calm()
    await quiet(app)
    gc.collect()
    return resident_mb() - undo_mb(app) - held, len(QApplication.allWidgets()) - widgets


async def quiet(app: Desk) -> None:
    """Until nothing is looked for any more, and no act on the mask is under way."""
    names = ("find in the picture", "paste mask", "copy mask")
    await until(lambda: not any(task.get_name() in names for task in asyncio.all_tasks()))
    await settled()


def revert(app: Desk) -> None:
    """Takes all acts back, by the menu."""
    while app.window.actions_["undo"].isEnabled():
        app.window.actions_["undo"].trigger()


def redo(app: Desk, count: int) -> None:
    """Does acts again, by the menu."""
    for _ in range(count):
        app.window.actions_["redo"].trigger()


@pytest.mark.parametrize("seed", [20])
async def test_ten_thousand_random_events_do_no_harm_and_can_all_be_undone(photo, restless, seed) -> None:
    files = [photo("coffee.png"), photo("chelsea.png"), photo("camera.png")]
    with listening() as said:
        async with desk(files, before=set_up) as app:
            app.canvas.setFocus()
            storm = Storm(app, seed)

            more_mb, more_widgets = await rage(app, storm, said)

            items, entries = app.studio.session.tray, app.studio.session.history.position
            after = masks(items)
            revert(app)
            bare = [not item.mask.coverage.any() for item in items]
            redo(app, entries)
            again = masks(items)

    assert said == []
    assert bare == [True] * len(files)
    assert again == after
    assert len(set(after)) == len(files)
    assert entries > EVENTS / 100
    assert more_mb < MEMORY_MB
    assert more_widgets < 100


def keep_small(app: Desk) -> None:
    """Takes a brush that keys and drags have made too large back to a size that paints parts."""
    brush = app.window.edit.brushes.of("brush")
    assert brush is not None
    if brush.diameter > LARGEST_BRUSH:
        app.studio.settings.replace(brush=SMALL)
        app.window.actions_["brush"].trigger()
