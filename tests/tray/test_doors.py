"""The doors of the tray: folders, pictures out of a browser, the gallery, the clipboard."""

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit, QPushButton
from tests.fault_server import FaultServer, Script
from tests.flows.desk import CONTROL, Desk, child, desk, dropped
from tests.flows.wait import settled, until

from overpaint.ui.tray.drop_data import parse_mime

ORANGE = "#ff8800"


def mime_of(*, urls: Sequence[str] = (), html: str = "", image: QImage | None = None) -> QMimeData:
    """What a browser hands over."""
    mime = QMimeData()
    if urls:
        mime.setUrls([QUrl(url) for url in urls])
    if html:
        mime.setHtml(html)
    if image is not None:
        mime.setImageData(image)
    return mime


def uri_list(lines: bytes) -> QMimeData:
    """What a file manager hands over."""
    mime = QMimeData()
    mime.setData("text/uri-list", lines)
    return mime


def pixels() -> QImage:
    image = QImage(48, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    return image


def drop(app: Desk, mime: QMimeData) -> None:
    assert dropped(mime, app.window)


async def answer(app: Desk, button: str) -> str:
    """Presses a button of the question that comes; its title and words."""
    (dialog,) = await until(lambda: app.window.findChildren(QDialog, "askDialog"))
    words = f"{dialog.windowTitle()} {child(dialog, QLabel, 'askWords').text()}"
    app.click(child(dialog, QPushButton, button))
    await settled()
    return words


async def test_picture_dragged_out_of_a_browser_is_fetched_once_it_was_agreed_to(photo) -> None:
    picture = Script(body=photo("rocket.jpg").read_bytes())
    async with FaultServer(picture) as server, desk([photo("coffee.png")]) as app:
        drop(app, mime_of(urls=[f"{server.base_url}/pictures/moon%20shot.jpg"], image=pixels()))
        words = await answer(app, "askYes")
        await until(lambda: len(app.names) == 2)

        assert words.startswith("Fetch the picture? From 127.0.0.1")
        assert "over http, which others on the way can read." in words
        assert app.names == ["coffee.png", "moon shot.jpg"]
        assert str(app.item.picture.size) == "640x427"


async def test_nothing_is_fetched_without_leave(photo) -> None:
    async with FaultServer(Script()) as server, desk([photo("coffee.png")]) as app:
        drop(app, mime_of(urls=[f"{server.base_url}/1.jpg"]))

        await answer(app, "askNo")

        assert server.requests == []
        assert app.names == ["coffee.png"]


async def test_pixels_that_came_along_are_taken_where_the_address_brings_nothing(photo) -> None:
    async with FaultServer(Script(status=403)) as server, desk([photo("coffee.png")]) as app:
        drop(app, mime_of(urls=[f"{server.base_url}/1.jpg"], image=pixels()))
        await answer(app, "askYes")
        await until(lambda: len(app.names) == 2)

        assert app.names[1] == "Dropped picture"
        assert str(app.item.picture.size) == "48x32"


async def test_page_that_is_no_picture_is_refused_by_what_it_is(photo) -> None:
    page = Script(headers={"content-type": "image/png"}, body=b"<!DOCTYPE html><html></html>")
    async with FaultServer(page) as server, desk([photo("coffee.png")]) as app:
        drop(app, mime_of(urls=[f"{server.base_url}/article.html"]))
        await answer(app, "askYes")
        await until(lambda: app.find(QLabel, "trayWords").property("role") == "problem")

        assert app.words("trayWords") == "article.html is a web page file, not a picture."
        assert app.names == ["coffee.png"]


async def test_address_that_cannot_be_fetched_says_so_with_a_next_step(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        drop(app, mime_of(urls=["http://127.0.0.1:9/1.png"]))
        await answer(app, "askYes")
        await until(lambda: app.find(QLabel, "trayWords").property("role") == "problem")

        assert app.words("trayWords") == (
            "Couldn’t fetch the picture from 127.0.0.1:9. Save it from the browser, and add the file."
        )


async def test_pasted_pixels_are_taken_before_an_address_is_asked_about(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        html = '<img src="https://example.com/1.png">'
        QGuiApplication.clipboard().setMimeData(mime_of(html=html, image=pixels()))
        app.canvas.setFocus()

        app.key(Qt.Key.Key_V, CONTROL)
        await until(lambda: len(app.names) == 2)

        assert app.names[1] == "Pasted picture"
        assert app.window.findChildren(QDialog, "askDialog") == []


async def test_dropped_folder_brings_its_pictures_in_natural_order(photo, tmp_path) -> None:
    folder = tmp_path / "shoot"
    folder.mkdir()
    for number in (1, 2, 10):
        data = photo("camera.png", (40 + number, 30)).read_bytes()
        folder.joinpath(f"shot {number}.png").write_bytes(data)
    async with desk([photo("coffee.png")]) as app:
        await app.take(folder)

        assert app.names == ["coffee.png", "shot 1.png", "shot 2.png", "shot 10.png"]


async def test_gallery_is_a_door_that_opens_in_its_folder(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.gallery.mkdir(parents=True)
        kept = app.gallery / "result.jpg"
        kept.write_bytes(photo("rocket.jpg").read_bytes())
        app.window.actions_["from_gallery"].trigger()
        dialog = await until(lambda: app.window.findChild(QFileDialog, "addPicturesDialog"))

        assert Path(dialog.directory().absolutePath()) == app.gallery
        child(dialog, QLineEdit, "fileNameEdit").setText(str(kept))
        dialog.accept()
        await until(lambda: app.names == ["coffee.png", "result.jpg"])


@pytest.mark.parametrize(
    ("mime", "links"),
    [
        ({"urls": ["https://a.example/1.png"]}, ("https://a.example/1.png",)),
        ({"urls": ["ftp://a.example/1.png", "mailto:me@a.example"]}, ()),
        (
            {
                "urls": ["https://a.example/page"],
                "html": '<a href="/page"><img alt="x" src="https://b.example/p?a=1&amp;b=2"></a>',
            },
            ("https://b.example/p?a=1&b=2",),
        ),
        (
            {"urls": ["https://a.example/1.png"], "html": "<img src='/relative.png'>"},
            ("https://a.example/1.png",),
        ),
        (
            {"urls": ["https://a.example/1.png"], "html": "<script src='https://b.example/'>"},
            ("https://a.example/1.png",),
        ),
        ({"html": '<img src="data:image/png;base64,AAAA">'}, ("data:image/png;base64,AAAA",)),
        ({"html": '<img src="javascript:alert(1)">'}, ()),
        ({"html": '<img alt="a > b" src="https://b.example/p.png">'}, ("https://b.example/p.png",)),
        ({"html": "<IMG ALT=x SRC=https://b.example/p.png width=3>"}, ("https://b.example/p.png",)),
        ({"html": '<img src="//b.example/p.png">'}, ("https://b.example/p.png",)),
        (
            {"html": '<!-- <img src="https://a.example/no.png"> --><img src="https://b.example/p.png">'},
            ("https://b.example/p.png",),
        ),
        (
            {"html": '<img srcset="https://b.example/1.png 1x, https://b.example/2.png 2x">'},
            ("https://b.example/2.png",),
        ),
        (
            {
                "html": '<picture><source srcset="https://b.example/p.avif"><img src="https://b.example/p.jpg"></picture>'
            },
            ("https://b.example/p.jpg",),
        ),
        (
            {"html": '<img src="data:image/gif;base64,R0lGODlhAQAB" data-src="https://b.example/real.jpg">'},
            ("https://b.example/real.jpg",),
        ),
        ({"html": '<img src="data:image/svg+xml;utf8,<svg/>">'}, ()),
        ({"urls": ["blob:https://a.example/123"], "html": '<img src="blob:https://a.example/123">'}, ()),
    ],
)
def test_address_of_a_dropped_picture_is_that_of_the_picture(mime, links) -> None:
    assert parse_mime(mime_of(**mime)).links == links


def test_local_files_go_before_anything_else(tmp_path) -> None:
    file = QUrl.fromLocalFile(str(tmp_path / "a.png")).toString()

    found = parse_mime(mime_of(urls=[file], html='<img src="https://b.example/1.png">'))

    assert (found.links, found.files) == ((), (tmp_path / "a.png",))


@pytest.mark.skipif(sys.platform == "win32", reason="files there have other addresses")
@pytest.mark.parametrize(
    "line",
    [
        "file://{0}/a%231%20100%25.png",
        "file://localhost{0}/a%231%20100%25.png",
        f"file://{socket.gethostname()}{{0}}/a%231%20100%25.png",
        f"FILE://{socket.gethostname().upper()}{{0}}/a%231%20100%25.png\0",
        "file:{0}/a%231%20100%25.png",
        "# from a file manager\r\nfile://{0}/a#1%20100%25.png",
    ],
)
async def test_file_comes_in_however_its_address_is_spelled(photo, tmp_path, line) -> None:
    (tmp_path / "a#1 100%.png").write_bytes(photo("camera.png", (40, 30)).read_bytes())
    async with desk([photo("coffee.png")]) as app:
        drop(app, uri_list(line.format(tmp_path).encode() + b"\r\n"))

        await until(lambda: app.names == ["coffee.png", "a#1 100%.png"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere names are text")
async def test_file_whose_name_is_no_text_comes_in(photo, tmp_path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    (tmp_path / name).write_bytes(photo("camera.png", (40, 30)).read_bytes())
    async with desk([photo("coffee.png")]) as app:
        drop(app, uri_list(b"file://" + bytes(tmp_path) + b"/caf%E9.png\r\n"))

        await until(lambda: app.names == ["coffee.png", "caf?.png"])


@pytest.mark.parametrize(
    "address", ["smb://NAS/Share/trip/p.png", "sftp://me@nas/home/p.png", "mtp://phone/p.png"]
)
async def test_file_on_a_share_comes_in_where_that_is_mounted_and_is_explained_where_not(
    photo, tmp_path, monkeypatch, address
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    places = {
        "smb": "smb-share:server=nas,share=share/trip",
        "sftp": "sftp:host=nas,user=me/home",
        "mtp": "mtp:host=phone",
    }
    scheme = address.partition(":")[0]
    async with desk([photo("coffee.png")]) as app:
        drop(app, mime_of(urls=[address]))
        await until(lambda: app.find(QLabel, "trayWords").property("role") == "problem")

        assert app.words("trayWords") == (
            f"p.png lies on a network share or device ({scheme}:) that isn't mounted here. "
            "Copy it to this computer and add that."
        )
        mounted = tmp_path / "gvfs" / places[scheme] / "p.png"
        mounted.parent.mkdir(parents=True)
        mounted.write_bytes(photo("camera.png", (40, 30)).read_bytes())
        drop(app, mime_of(urls=[address]))
        await until(lambda: app.names == ["coffee.png", "p.png"])


async def test_file_of_another_computer_is_explained(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        drop(app, uri_list(b"file://other.example/home/p.png\r\n"))
        await until(lambda: app.find(QLabel, "trayWords").property("role") == "problem")

        assert app.words("trayWords").startswith("p.png lies on another computer that isn't mounted here.")


@pytest.mark.parametrize("way", ["pixels", "file"])
async def test_picture_pasted_into_the_prompt_goes_to_the_tray_and_text_into_the_prompt(photo, way) -> None:
    async with desk([photo("coffee.png")]) as app:
        prompt = app.window.edit.inspector.prompt.edit
        app.click(prompt.viewport())
        file = photo("camera.png", (40, 30))
        mime = (
            mime_of(image=pixels())
            if way == "pixels"
            else mime_of(urls=[QUrl.fromLocalFile(str(file)).toString()])
        )
        QGuiApplication.clipboard().setMimeData(mime)

        app.key(Qt.Key.Key_V, CONTROL)
        await until(lambda: len(app.names) == 2)

        assert app.names[1] == {"pixels": "Pasted picture", "file": "camera.png"}[way]
        assert prompt.toPlainText() == ""
        both = mime_of(image=pixels())
        both.setText("warm light")
        QGuiApplication.clipboard().setMimeData(both)
        app.key(Qt.Key.Key_V, CONTROL)
        assert prompt.toPlainText() == "warm light"
        assert len(app.names) == 2
