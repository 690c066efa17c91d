"""The windowed program from start to exit: application, studio, window."""

import asyncio
import gc
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from overpaint import __version__, resources
from overpaint.studio.config.folders import Folders
from overpaint.studio.process.core_dumps import forbid_core_dumps
from overpaint.studio.process.log_file import LogFile
from overpaint.studio.process.malloc import trim_large_blocks
from overpaint.studio.process.single_instance import SingleInstance
from overpaint.studio.studio import Studio
from overpaint.studio.unexpected import Contained
from overpaint.ui.app.main_window import Window
from overpaint.ui.app.runtime.event_loop import run
from overpaint.ui.app.runtime.garbage_collection import GarbageCollector
from overpaint.ui.masks.mask_clipboard import leave_clipboard
from overpaint.ui.theme import window_theme
from overpaint.ui.tools.tool_spec import Toolset
from overpaint.ui.tools.toolset import TOOLS
from overpaint.ui.tray.reload_changed import reload_changed

_SWITCH_INTERVAL = 0.0005
_SAMPLE = "sample.jpg"


def start(files: Sequence[Path]) -> int:
    """Opens the window with ``files`` in the tray, or with the sample picture; returns the exit code."""
    sys.setswitchinterval(_SWITCH_INTERVAL)  # so that a busy worker thread gives way to the window at once
    forbid_core_dumps(and_looking_in=False)
    log = LogFile(Folders.find().log_file)
    try:
        return run(application(), lambda: _main(files))
    finally:
        log.close()


def application() -> QApplication:
    """The Qt application with its names and icon."""
    QGuiApplication.setDesktopFileName("io.github.overpaint.Overpaint")
    app = QApplication(sys.argv[:1])
    # Every point of a stroke counts, so Qt must not merge the moves of a fast hand; X11's plugin turns that
    # on whenever it is loaded, whatever was set before.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    app.setApplicationName("overpaint")
    app.setApplicationDisplayName("Overpaint")
    app.setApplicationVersion(__version__)
    app.setWindowIcon(QIcon(str(resources.path("icons/overpaint.svg"))))
    app.setQuitOnLastWindowClosed(False)
    window_theme.prepare(app)
    return app


async def _main(files: Sequence[Path]) -> int:
    loop = asyncio.get_running_loop()
    closed: asyncio.Future[None] = loop.create_future()
    studio = Studio(Folders.find())

    def close() -> None:
        if not closed.done():
            closed.set_result(None)

    studio.closed.connect(close)
    window = open_window(studio, files)
    single_instance = answer_other_starts(studio, window)
    gc.freeze()  # what is loaded stays: the collector need not look at it again
    try:
        await closed
    finally:
        with Contained("hiding the window"):
            window.hide()
        with Contained("leaving other starts to themselves"):
            await single_instance.close()
        await studio.close()
        with Contained("leaving the clipboard"):
            leave_clipboard()
        window.error_sink.remove()
    return 0


def open_window(studio: Studio, files: Sequence[Path], tools: Toolset = TOOLS) -> Window:
    """The window with its ``tools``, shown, with its first pictures on their way."""
    with suppress(OSError):  # a home that can't be written to forgets where the window was, and no more
        studio.folders.config.mkdir(parents=True, exist_ok=True)
    memory = QSettings(str(studio.folders.config / "window.ini"), QSettings.Format.IniFormat)
    window = Window(studio, memory, tools)
    collector = GarbageCollector(lambda: window.edit.canvas.painting, window)
    studio.closed.connect(collector.stop)
    window.error_sink.install(asyncio.get_running_loop())
    window.show()
    window.edit.canvas.setFocus()
    first = studio.tasks.start(_first_pictures(studio, window, files), "first pictures")
    studio.tasks.start(_settle_in(studio, window, first), "settle in")
    return window


def answer_other_starts(studio: Studio, window: Window) -> SingleInstance:
    """Whatever another start was to open comes into this window, which shows itself."""
    single_instance = SingleInstance(studio.folders.state)

    def open_here(files: list[Path]) -> None:
        window.present()
        if files:
            window.wiring.tray.take_files(files)

    single_instance.received.connect(open_here)
    studio.tasks.start(single_instance.listen(), "listen for other starts")
    return single_instance


async def _first_pictures(studio: Studio, window: Window, files: Sequence[Path]) -> None:
    status = window.status
    if studio.settings.warning:
        status.notify(studio.settings.warning, bad=True)
    elif studio.start_error is not None:
        status.notify(studio.start_error.sentence(), bad=True)
    window.edit.tray.show_restoring(True)
    try:
        restored = await studio.draft_autosave.restore()
    finally:
        window.edit.tray.show_restoring(False)
    if restored:
        with Contained("looking for changed pictures"):
            await reload_changed(studio, window.edit.tray, window.status)
    if remark := studio.draft_autosave.remark:  # the worse news last, for it is what stays
        status.notify(remark, bad=True)
    if files:
        window.edit.tray.show_rejected(await studio.open(files))
    elif not restored:
        await studio.open_sample(resources.path(_SAMPLE))


async def _settle_in(studio: Studio, window: Window, first: asyncio.Task[None]) -> None:
    """What can wait until the window is there: runs that were interrupted, loading for the first edit, and
    once the ``first`` pictures are there, clearing away what none of all that needs."""
    with Contained("trimming the memory"):
        trim_large_blocks()
    with Contained("taking up interrupted runs"):
        await _recover(studio, window)
    await studio.warm_up()
    await asyncio.wait([first])
    with Contained("clearing old copies of pictures away"):
        await studio.clear_copies()


async def _recover(studio: Studio, window: Window) -> None:
    jobs = await studio.recover()
    saved = sum(len(job.results) for job in jobs)
    if saved:
        pictures = "picture" if saved == 1 else "pictures"
        window.status.notify(f"{saved} {pictures} of an interrupted run recovered and saved")
