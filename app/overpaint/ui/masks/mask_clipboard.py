"""Masks on the system's clipboard: a grey picture for other programs, the very bytes for this one."""

import secrets
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication, QImage

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

Coverage = NDArray[np.uint8]

_MASK = "application/x-overpaint-mask"
"""Marks a picture on the clipboard as a mask; its data say which copy it is."""

_HANDING_OVER = ("xcb", "wayland", "windows", "cocoa")
"""Platforms that hand the clipboard to the desktop while the program ends; others keep it for themselves."""


class MaskClipboard:
    """Remembers the mask that was copied here last, and finds what is newer on the clipboard."""

    def __init__(self) -> None:
        self._copied: Coverage | None = None
        self._token = b""

    def copy(self, coverage: Coverage) -> None:
        """Copies a mask, uint8 (height, width), which nobody changes afterwards."""
        from PySide6.QtCore import QMimeData  # loads here, with the first mask that is copied

        self._copied, self._token = coverage, secrets.token_bytes(8)
        height, width = coverage.shape
        mime = QMimeData()
        mime.setImageData(QImage(coverage.data, width, height, width, QImage.Format.Format_Grayscale8).copy())
        mime.setData(_MASK, self._token)
        QGuiApplication.clipboard().setMimeData(mime)

    def paste(self, mime: "QMimeData") -> Coverage | QImage | None:
        """What was copied last, here or elsewhere: a mask, or a picture that doesn't say how it is one.
        ``mime`` is what is on the clipboard."""
        image = mime.imageData()
        if not isinstance(image, QImage) or image.isNull():
            return self._copied
        if not mime.hasFormat(_MASK):
            return image
        ours = self._copied is not None and mime.data(_MASK).data() == self._token
        return self._copied if ours else _grey(image)


def leave_clipboard() -> None:
    """Clears the clipboard of a platform that would free it after the interpreter has ended, and crash over
    what Python made. On a desktop what was copied stays."""
    if not QGuiApplication.platformName().startswith(_HANDING_OVER):
        QGuiApplication.clipboard().clear()


def _grey(image: QImage) -> Coverage:
    """The bytes of a mask that another window copied."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()
