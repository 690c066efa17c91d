"""What the desktop does with a file: opens it in its program, or shows it in its folder."""

import sys
from pathlib import Path

from PySide6.QtCore import QDir, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_FILES = "org.freedesktop.FileManager1"
_BUS_MS = 1500


def open_file(file: Path) -> bool:
    """Opens a file in the program that the user's system has for it; whether one was found."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))


def reveal(file: Path) -> bool:
    """Shows a file, selected, in the file manager, or where that can't be asked so, its folder; whether
    there was a file manager."""
    if sys.platform == "win32":
        return _started("explorer.exe", ["/select,", QDir.toNativeSeparators(str(file))])
    if sys.platform == "darwin":
        return _started("open", ["-R", str(file)])
    return _shown_by_bus(file) or open_file(file.parent)


def _started(program: str, arguments: list[str]) -> bool:
    return bool(QProcess.startDetached(program, arguments))


def _shown_by_bus(file: Path) -> bool:
    """Asks the file manager over the session's bus, which every larger Linux desktop has."""
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage  # hardly ever needed

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    message = QDBusMessage.createMethodCall(_FILES, "/org/freedesktop/FileManager1", _FILES, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(file)).toString()], ""])
    answer = bus.call(message, QDBus.CallMode.Block, _BUS_MS)
    return answer.type() == QDBusMessage.MessageType.ReplyMessage
