"""What will be sent: the panel says what the wire then carries, and the copied command sends the same."""

import asyncio
import io
import os
import shutil
import sys

import msgspec
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from tests.api.transport.test_multipart import parsed
from tests.api.wire import EVENT_STREAM, completed
from tests.fault_server import FaultServer, Received, Script
from tests.flows.desk import CONTROL, SHIFT, Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.api.transport.multipart import FileBody
from overpaint.studio.runs.request_preview import RequestPreview
from overpaint.ui.request_preview.request_preview_panel import SendingPanel
from overpaint.ui.theme import window_theme
from overpaint.ui.widgets.tile import PictureTile

CURL = shutil.which("curl")
needs_curl = pytest.mark.skipif(
    CURL is None or sys.platform == "win32", reason="needs curl and a POSIX shell"
)

PROMPT = "<x> put a 'red' hat on; $HOME `id` \\ \"left\" = a@b.c, 100 %"
"""Everything that a shell or curl could take for its own."""


@pytest.fixture
def good(photo) -> Script:
    return Script(200, EVENT_STREAM, completed(photo("rocket.png").read_bytes()))


async def open_panel(app: Desk) -> SendingPanel:
    app.window.activateWindow()
    app.key(Qt.Key.Key_Return, CONTROL | SHIFT)
    panel = await until(lambda: app.window.findChild(SendingPanel))
    await until(lambda: panel.shown)
    await settled()
    return panel


def arrived(request: Received) -> tuple[list[tuple[str, str]], list[tuple[str, str, str, bytes]]]:
    return parsed(request.headers["content-type"], request.body)


def shown(edit: RequestPreview) -> tuple[list[tuple[str, str]], list[tuple[str, str, int]]]:
    files = [(part.name, part.filename) for part in edit.wire.files]
    return list(edit.wire.fields), [
        (*names, file.length) for names, file in zip(files, edit.files, strict=True)
    ]


async def test_panel_shows_exactly_what_the_wire_then_carries(photo, good) -> None:
    async with FaultServer(good) as server, desk([photo("chelsea.jpg"), photo("coffee.png")]) as app:
        app.use_endpoint(server.base_url)
        app.studio.parameters.set(size="1536x1024", quality="high")
        app.studio.parameters.set(output_format="webp", output_compression=80)
        app.paint((100, 100), (300, 200))
        app.say("remove the cup")
        panel = await open_panel(app)
        edit = panel.shown
        assert edit is not None

        app.window.activateWindow()
        await settled()
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()

        texts, files = arrived(server.requests[0])
        fields, lengths = shown(edit)
        assert fields == texts
        assert lengths == [(name, file, len(data)) for name, file, _, data in files]
        assert [name for name, *_ in lengths] == ["image[]", "image[]", "mask"]
        assert [file for _, file, _ in lengths] == ["image-1.jpg", "image-2.png", "mask.png"]
        assert [file.upload_name for file in edit.files] == ["image-1.jpg", "image-2.png", "mask.png"]
        said = [child(panel, QLabel, f"sendingFileField{at}").text() for at in range(3)]
        assert said == ["image[]\nimage-1.jpg", "image[]\nimage-2.png", "mask\nmask.png"]
        assert edit.wire.url == f"{server.base_url}/images/edits"
        names = {name for name, _ in texts} | {"image", "mask"}
        every = set(app.studio.parameters.params.__struct_fields__)
        assert {name for name, _ in edit.left_off} == every - names


async def test_picture_that_the_server_cannot_read_is_shown_and_sent_as_a_copy(photo, good) -> None:
    async with FaultServer(good) as server, desk([photo("coffee.webp")]) as app:
        app.use_endpoint(server.base_url)
        settings = app.studio.settings
        profile = msgspec.structs.replace(settings.current.active, formats=("png", "jpeg"))
        settings.replace_all(settings.current.with_profile(profile))
        app.say("remove the cup")
        panel = await open_panel(app)
        edit = panel.shown
        assert edit is not None

        why = "Goes up as a PNG copy: 127.0.0.1 reads PNG and JPEG only"
        assert why in app.tiles[0].toolTip()
        assert edit.files[0].note == why
        assert "“coffee.webp” goes up as a PNG copy" in app.studio.edit.state.warning

        app.window.activateWindow()
        await settled()
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()

        ((_, name, kind, data),) = arrived(server.requests[0])[1]
        assert (name, kind) == ("image-1.png", "image/png")
        body = edit.wire.files[0].content
        assert isinstance(body, FileBody)
        assert data == body.path.read_bytes()
        assert np.array_equal(rgb(data), rgb(photo("coffee.webp").read_bytes()))


def rgb(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


async def test_panel_follows_what_is_changed_while_it_is_open(photo, good) -> None:
    async with FaultServer(good) as server, desk([photo("chelsea.jpg")]) as app:
        app.use_endpoint(server.base_url)
        app.say("remove the cup")
        panel = await open_panel(app)
        assert panel.shown is not None
        assert "mask" in dict(panel.shown.left_off)

        app.paint((100, 100), (300, 200))
        await until(lambda: panel.shown is not None and panel.shown.coverage > 0)
        app.studio.parameters.set(n=3)
        await until(lambda: panel.shown is not None and panel.shown.times == 3)
        app.studio.parameters.set(prompt="")
        await until(lambda: panel.shown is None)

        assert child(panel, QLabel, "sendingWhere").text() == "Say what should change."
        assert not child(panel, QPushButton, "sendingCopy").isEnabled()


async def test_panel_opens_by_its_button_and_closes_by_escape(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        app.say("make it warmer")
        app.click(app.find(QToolButton, "sendingButton"))
        panel = await until(lambda: app.window.findChild(SendingPanel))
        await until(lambda: panel.shown)
        assert panel.isVisible()
        assert not panel.isModal()

        panel.activateWindow()
        await settled()
        app.key(Qt.Key.Key_Escape)

        assert not panel.isVisible()


async def test_panel_follows_a_change_of_look_while_it_is_open(photo) -> None:
    async with desk([photo("chelsea.jpg")], look="dark") as app:
        app.say("make it warmer")
        panel = await open_panel(app)
        before = panel.findChildren(PictureTile)[0].tokens

        app.studio.settings.replace(theme="light")
        await settled()

        assert (before, panel.findChildren(PictureTile)[0].tokens) == (window_theme.DARK, window_theme.LIGHT)


@needs_curl
async def test_copied_command_sends_the_same_as_generate(photo, good) -> None:
    async with FaultServer(good) as server, desk([photo("chelsea.jpg")]) as app:
        app.use_endpoint(server.base_url, auth="bearer")
        app.paint((100, 100), (300, 200))
        app.studio.parameters.set(prompt=PROMPT, output_format="jpeg")
        command = await copied(app)

        assert await run(command, "sk-from-the-environment") == 0

        ours = app.studio.parameters.params
        assert server.requests[0].headers["authorization"] == "Bearer sk-from-the-environment"
        texts, files = arrived(server.requests[0])
        assert ("prompt", PROMPT) in texts
        panel = app.window.findChild(SendingPanel)
        assert panel is not None
        assert panel.shown is not None
        assert (texts, [(name, file, len(data)) for name, file, _, data in files]) == shown(panel.shown)
        assert files[-1][3] == panel.shown.request.mask
        assert ours.output_format == "jpeg"


@needs_curl
async def test_copied_command_is_answered_by_the_offline_engine(photo, tmp_path) -> None:
    odd = tmp_path / 'it\'s; a "cat", $x.png'
    shutil.copy(photo("chelsea.png"), odd)
    async with desk([odd]) as app:
        app.studio.parameters.set(prompt="make it warmer", stream=False, size="1024x1024")
        command = await copied(app)
        address = await app.studio.engine.address()

        process = await asyncio.create_subprocess_shell(
            f"{command} --silent",
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OPENAI_API_KEY": address.token},
        )
        answer, _ = await process.communicate()

        assert process.returncode == 0
        assert b'"b64_json"' in answer


async def copied(app: Desk) -> str:
    """The command that the button puts on the clipboard."""
    panel = await open_panel(app)
    QGuiApplication.clipboard().clear()
    app.click(child(panel, QPushButton, "sendingCopy"))
    return await until(lambda: QGuiApplication.clipboard().text())


async def run(command: str, key: str) -> int | None:
    process = await asyncio.create_subprocess_shell(
        f"{command} --silent --output {os.devnull}", env={**os.environ, "OPENAI_API_KEY": key}
    )
    return await process.wait()
