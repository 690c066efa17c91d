"""Whether somebody is there to hand over the clipboard: reading it holds the window until they answer."""

import asyncio
from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from overpaint.studio.tasks import Tasks
from overpaint.ui.shell.ports import Notices

_SECONDS = 1.5
_SILENT = "The program that holds the clipboard doesn't answer. Copy again, then paste."


def when_clipboard_answers(then: Callable[[], object], tasks: Tasks, notices: Notices) -> None:
    """Calls ``then``, which reads the clipboard, or says that its owner hangs. At once where nobody else has
    to answer."""
    if _is_anothers():
        tasks.start(_call(then, notices), "ask the clipboard")
    else:
        then()


async def clipboard_answers(notices: Notices) -> bool:
    """Whether the clipboard can be read without waiting for a program that hangs; says so where it can't."""
    if not _is_anothers():
        return True
    from overpaint.ui.shell.xcb_selection import owner_answers  # loads here, with the first paste

    answers = await asyncio.to_thread(owner_answers, "CLIPBOARD", _SECONDS)
    if not answers:
        notices.notify(_SILENT, bad=True)
    return answers


async def _call(then: Callable[[], object], notices: Notices) -> None:
    if await clipboard_answers(notices):
        then()


def _is_anothers() -> bool:
    """Under X the program that something was copied in hands it over, when it comes to it."""
    return QGuiApplication.platformName() == "xcb" and not QGuiApplication.clipboard().ownsClipboard()
