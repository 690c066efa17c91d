"""What is on the clipboard. Whoever holds it may hang or take long: under X it is read on another thread."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QMimeData
from PySide6.QtGui import QGuiApplication, QImage, QImageReader

from overpaint.core.request.picture_formats import FORMATS
from overpaint.studio.tasks import Tasks
from overpaint.ui.shell.ports import Notices

_SECONDS = 1.5, 6.0
"""What a program has to say what it holds, and then for each thing or piece of one that it hands over."""

_SILENT = "The program that holds the clipboard doesn't answer. Copy again, then paste."
_FILES = ("text/uri-list", "x-special/gnome-copied-files")
_IMAGES = tuple(one.mime for one in FORMATS if one.becomes in ("sent", "converted"))
_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain")
_WANTED = (
    *((one,) for one in (*_FILES, "text/x-moz-url", "text/html", "application/x-overpaint-mask")),
    _TEXTS,
    _IMAGES,
)
"""What any paste here reads; of one kind in several formats the first that is there."""


def when_clipboard_answers(then: Callable[[QMimeData], object], tasks: Tasks, notices: Notices) -> None:
    """Calls ``then`` with what is on the clipboard, or says that its owner hangs. At once where nobody else
    has to answer."""
    if _is_anothers():
        tasks.start(_call(then, notices), "read the clipboard")
    else:
        then(QGuiApplication.clipboard().mimeData())


async def clipboard_data(notices: Notices) -> QMimeData | None:
    """What is on the clipboard; None, and words, where the program that holds it hangs."""
    if not _is_anothers():
        return QGuiApplication.clipboard().mimeData()
    from overpaint.ui.shell.xcb_selection import SilentOwnerError  # loads here, with the first paste

    try:
        found = await asyncio.to_thread(_read)
    except SilentOwnerError:
        notices.notify(_SILENT, bad=True)
        return None
    return QGuiApplication.clipboard().mimeData() if found is None else _mime(*found)


async def _call(then: Callable[[QMimeData], object], notices: Notices) -> None:
    data = await clipboard_data(notices)
    if data is not None:
        then(data)


def _is_anothers() -> bool:
    """Under X the program that something was copied in hands it over, when it comes to it."""
    return QGuiApplication.platformName() == "xcb" and not QGuiApplication.clipboard().ownsClipboard()


def _read() -> tuple[dict[str, bytes], QImage] | None:
    """What another program hands over, and the picture in it, decoded."""
    from overpaint.ui.shell.xcb_selection import read_selection

    found = read_selection("CLIPBOARD", _WANTED, _SECONDS, _is_of_files)
    if found is None:
        return None
    picture = next((found.pop(one) for one in _IMAGES if one in found), b"")
    return found, _image(picture) if picture else QImage()


def _image(data: bytes) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    return QImageReader(buffer).read()


def _is_of_files(found: dict[str, bytes]) -> bool:
    """Files are taken as they are, whatever else a file manager puts beside them."""
    return any(b"file:" in found.get(one, b"") for one in _FILES)


def _mime(found: dict[str, bytes], image: QImage) -> QMimeData:
    mime = QMimeData()
    for name, data in found.items():
        mime.setData("text/plain" if name in _TEXTS else name, QByteArray(data))
    if not image.isNull():
        mime.setImageData(image)
    return mime
