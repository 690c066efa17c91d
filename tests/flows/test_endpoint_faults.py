"""Endpoints that are down, slow, wrong or unwilling: words in the run's tile, one next step, nothing lost."""

import socket
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QToolButton
from tests.api import wire
from tests.fault_server import FaultServer, Received, Script
from tests.flows.desk import CONTROL, Desk, child, desk
from tests.flows.shop import choose, endpoint_dialog, shop
from tests.flows.wait import settled, until

from overpaint.core.results.job_state import JobState
from overpaint.ui.viewport.pyramids import decode_levels

HTML = {"content-type": "text/html; charset=utf-8"}
PAGE = b"<!DOCTYPE html><html><body><h1>Welcome to the proxy</h1></body></html>"


@dataclass(frozen=True)
class Fault:
    """What a server answers, and what the tile then says and offers."""

    script: Script
    words: str
    step: str


FAULTS = {
    "html for an answer": Fault(Script(200, HTML, PAGE), "web page", "Try again"),
    "html with an error": Fault(Script(502, HTML, PAGE), "127.0.0.1", "Try again"),
    "key refused": Fault(
        Script(401, body=wire.refusal("Incorrect API key provided.", code="invalid_api_key")),
        "key",
        "Endpoint settings…",
    ),
    "wrong path": Fault(Script(404, HTML, PAGE), "127.0.0.1", "Try the other path"),
    "no money": Fault(
        Script(429, body=wire.refusal("You exceeded your quota.", code="insufficient_quota")), "", "Try again"
    ),
    "field refused": Fault(
        Script(400, body=wire.refusal("Unknown parameter: 'size'.", param="size")), "size", "Try again"
    ),
    "hangs up": Fault(Script(hang_up=True), "127.0.0.1", "Try again"),
}


def tile_words(app: Desk) -> tuple[str, str]:
    """The sentence and the step that the newest run tells, opened from its tile."""
    told = app.details(app.runs[0])
    message, act = child(told, QLabel, "runMessage"), child(told, QPushButton, "runAction")
    assert message.isVisible()
    assert message.property("role") == "problem"
    words, step = message.text(), act.text() if act.isVisible() else ""
    told.close()
    return words, step


def without_boundary(request: Received) -> bytes:
    """A request's parts; only what keeps them apart differs from one sending to the next."""
    boundary = request.headers["content-type"].partition("boundary=")[2]
    return request.body.replace(boundary.encode(), b"")


async def prepare_an_edit(app: Desk) -> None:
    app.paint((250, 150), (300, 200))
    app.say("remove the cup")


def everything_stays(app: Desk, photo_name: str) -> None:
    assert app.names == [photo_name]
    assert not app.mask_is_empty()
    assert app.studio.parameters.params.prompt == "remove the cup"
    assert app.find(QPushButton, "generateButton").isEnabled()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_endpoint_that_fails_is_told_in_the_tile_and_nothing_is_lost(photo, fault) -> None:
    async with FaultServer(fault.script) as server, desk([photo("coffee.png")]) as app:
        app.use_endpoint(server.base_url)
        await prepare_an_edit(app)

        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()

        words, step = tile_words(app)
        assert fault.words in words
        assert words.endswith((".", "…"))
        assert not any(jargon in words for jargon in ("Traceback", "Error(", "httpx", "None", "<html"))
        assert step == fault.step
        everything_stays(app, "coffee.png")


async def test_endpoint_that_is_down_is_named_and_the_offline_engine_still_works(photo) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with desk([photo("coffee.png")]) as app:
            app.use_endpoint(f"http://127.0.0.1:{port}/v1")
            await prepare_an_edit(app)

            app.key(Qt.Key.Key_Return, CONTROL)
            await app.ended()
            assert "Couldn't reach 127.0.0.1" in tile_words(app)[0]
            everything_stays(app, "coffee.png")

            app.studio.settings.replace(endpoint="Offline engine")
            app.key(Qt.Key.Key_Return, CONTROL)
            await app.ended(2)
            assert app.job.state is JobState.SAVED


async def test_endpoint_without_its_key_asks_for_it_and_the_settings_open(photo) -> None:
    async with FaultServer() as server, desk([photo("coffee.png")]) as app:
        app.use_endpoint(server.base_url, auth="bearer")
        await prepare_an_edit(app)

        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()
        words, step = tile_words(app)
        assert "needs a key" in words
        assert step == "Endpoint settings…"
        assert server.posts == 0

        app.click(child(app.details(app.runs[0]), QPushButton, "runAction"))
        dialog = await until(lambda: app.window.findChild(QDialog, "endpointDialog"))
        await settled()
        assert child(dialog, QLineEdit, "endpointBaseUrl").text() == server.base_url
        dialog.reject()
        await settled()


async def test_stream_that_is_cut_keeps_the_last_partial_in_view(photo) -> None:
    picture = photo("coffee.png").read_bytes()
    body = wire.partial(picture, 0) + wire.completed(picture)
    cut = Script(200, wire.EVENT_STREAM, body, framing="chunked", cut_at=len(wire.partial(picture, 0)) + 40)
    async with FaultServer(cut) as server, desk([photo("chelsea.jpg")]) as app:
        app.use_endpoint(server.base_url)
        app.say("remove the cup")

        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()
        await until(lambda: app.canvas._scene.result is not None)

        shown = app.canvas._scene.result
        assert shown is not None
        assert (shown._arrays[0] == decode_levels(picture)._arrays[0]).all()
        assert app.canvas._caption.text == "Unfinished: partial 1"
        assert app.job.state is JobState.OUTCOME_UNKNOWN
        assert "billed" in tile_words(app)[0]


async def test_try_again_sends_the_same_edit_and_dismiss_takes_the_tile_away(photo) -> None:
    picture = photo("coffee.png").read_bytes()
    good = Script(200, wire.EVENT_STREAM, wire.completed(picture))
    async with FaultServer(Script(502, HTML, PAGE), good) as server, desk([photo("chelsea.jpg")]) as app:
        app.use_endpoint(server.base_url)
        app.say("remove the cup")
        app.key(Qt.Key.Key_Return, CONTROL)
        await app.ended()

        app.click(child(app.details(app.runs[0]), QPushButton, "runAction"))
        await app.ended(2)
        assert app.job.results[0].path.read_bytes() == picture
        first, second = (without_boundary(one) for one in server.requests)
        assert first == second

        app.click(child(app.details(app.runs[1]), QPushButton, "runDismiss"))
        await settled()
        assert len(app.runs) == len(app.studio.jobs.all) == 1


async def test_dot_tells_of_a_refused_key_until_an_edit_goes_through(photo) -> None:
    good = Script(200, wire.EVENT_STREAM, wire.completed(photo("coffee.png").read_bytes()))
    refused = Script(401, {"content-type": "application/json"}, b'{"error": {"message": "no such key"}}')
    async with shop(photo, refused, good) as here:
        button = here.app.find(QToolButton, "endpointButton")
        assert button.accessibleName() == "Endpoint: Elsewhere"

        await here.generate()
        await here.app.ended()
        assert "key" in button.toolTip()
        assert "key" in button.accessibleName()

        await here.generate()
        await here.app.ended(2)
        assert button.accessibleName() == "Endpoint: Elsewhere"


async def test_choosing_an_endpoint_without_a_key_asks_for_the_key_at_once(photo) -> None:
    async with shop(photo) as here:
        choose(here.app, "OpenAI")
        dialog = await endpoint_dialog(here.app)
        key = child(dialog, QLineEdit, "endpointKey")
        await until(key.hasFocus)
        assert "No key" in here.app.find(QToolButton, "endpointButton").toolTip()
        dialog.reject()
