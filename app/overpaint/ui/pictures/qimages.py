"""Pixels as Qt takes them: arrays wrapped or copied into pictures, and pictures written as PNG."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPixmap

_QUICK = 80
"""For a PNG it means little compression, done quickly."""


def image_of(bgra: NDArray[np.uint8]) -> QImage:
    """A picture of its own from (height, width, 4) uint8, BGRA premultiplied."""
    rows = np.ascontiguousarray(bgra)
    height, width = rows.shape[:2]
    wrapped = QImage(rows.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return wrapped.copy()


def pixmap_of(bgra: NDArray[np.uint8]) -> QPixmap:
    """The same as a pixmap, for small pictures on the main thread."""
    return QPixmap.fromImage(image_of(bgra))


def png_of(image: QImage) -> bytes:
    """A picture as a PNG file; called off the main thread, since large ones take a while."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))  # QImage.save takes no format as its stubs spell it
    writer.setQuality(_QUICK)
    writer.write(image)
    return bytes(buffer.data().data())
