"""The states of the tray: pictures of many kinds, refusals, a name being typed, a drag, and a full tray."""

import tempfile
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from overpaint.ui.tray.tray_tile import TrayTile
from shots_camera import Camera, pause

_TOO_LARGE = (4200, 4100)
_NOTHING = Qt.KeyboardModifier.NoModifier


async def tray(studio: Studio, window: Window, camera: Camera) -> None:
    """Fills the tray by and by; the picture that is there stays first."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = _kinds(studio.session.tray[0].source, folder)
        window.edit.tray.show_rejected(await studio.picture_import.import_files(files))
        studio.session.show(studio.session.tray[0].id)
        await pause()
        await camera.take("tray-refusals")
        window.edit.tray.show_rejected(())
        window.edit.tray.edit_name(studio.session.tray[1].id)
        await camera.take("tray-rename")
        tiles = window.findChildren(TrayTile)
        QTest.keyClick(tiles[1].findChildren(QLineEdit)[0], Qt.Key.Key_Escape)
        window.wiring.tray.switch_eye(studio.session.tray[1].id)
        studio.session.show(studio.session.tray[2].id)
        await pause()
        await camera.take("tray-eyes")
        await _drag(tiles[3], tiles[1])
        await camera.take("tray-drag")
        _mouse(tiles[3], QEvent.Type.MouseButtonRelease, QPointF(tiles[3].rect().center()))
        rest = [studio.session.tray[0].source] * 17
        window.edit.tray.show_rejected(await studio.picture_import.import_files(rest))
    await pause()
    await camera.take("tray-full")


def _kinds(photo: Path, folder: Path) -> list[Path]:
    """Files of one photograph that are converted, that are too large, and that are none."""
    with Image.open(photo) as image:
        rgb = image.convert("RGB")
    rgb.convert("CMYK").save(folder / "for print.jpg")
    rgb.rotate(180).quantize(64).save(folder / "small web picture.gif")
    rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "mirrored.webp")
    rgb.resize(_TOO_LARGE).save(folder / "scan.bmp")
    (folder / "notes.png").write_text("not a picture")
    names = ("for print.jpg", "small web picture.gif", "mirrored.webp", "scan.bmp", "notes.png")
    return [folder / name for name in names]


async def _drag(tile: TrayTile, to: TrayTile) -> None:
    """Holds a tile before another one."""
    _mouse(tile, QEvent.Type.MouseButtonPress, QPointF(tile.rect().center()))
    goal = QPointF(tile.mapFromGlobal(to.mapToGlobal(QPoint(4, to.height() // 2))))
    _mouse(tile, QEvent.Type.MouseMove, goal)
    await pause()


def _mouse(tile: TrayTile, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    QApplication.sendEvent(tile, QMouseEvent(kind, at, QPointF(tile.mapToGlobal(at)), button, held, _NOTHING))
