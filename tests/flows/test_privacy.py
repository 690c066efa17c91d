"""What a picture's file holds besides its pixels stays at home, by every way on which a picture leaves."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from tests.api.transport.test_multipart import parsed
from tests.api.wire import EVENT_STREAM, completed, plain
from tests.cli.running import ended, started
from tests.fault_server import FaultServer, Received, Script
from tests.flows.desk import CONTROL, SHIFT, Desk, desk
from tests.flows.wait import until
from tests.imaging.metadata.planted import PLACES, SECRET, pixels, sources

from overpaint.library.drafts.draft_store import DraftStore
from overpaint.studio.config.folders import Folders

SUFFIX = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


def planted(folder: Path, kind: str, places: list[str]) -> list[Path]:
    """Files of a kind, each with a secret in one of the places."""
    files = []
    for at, place in enumerate(places):
        file = folder / f"{kind} {at}{SUFFIX[kind]}"
        file.write_bytes(PLACES[kind][place](sources(kind)[0], SECRET))
        files.append(file)
    return files


def sent(request: Received) -> list[bytes]:
    """The pictures in a request, as files."""
    return [data for *_, data in parsed(request.headers["content-type"], request.body)[1]]


async def edited(app: Desk) -> None:
    app.say("make it warmer")
    app.key(Qt.Key.Key_Return, CONTROL)
    await app.ended(len(app.studio.jobs.all) + 1)


async def test_headless_edit_sends_pixels_and_says_what_it_left_out(tmp_path, photo) -> None:
    reply = plain(photo("rocket.png").read_bytes())
    for kind, places in PLACES.items():
        files = planted(tmp_path, kind, sorted(places)[:16])
        images = [word for file in files for word in ("--image", file)]
        async with FaultServer(Script(body=reply)) as server:
            words = ("--prompt", "x", "--out", tmp_path / "o", "--base-url", f"{server.base_url}/v1")
            done = await ended(await started("edit", *images, *words))

        assert done.code == 0, done.err
        assert SECRET[:5] not in server.requests[0].body
        first, *_ = sent(server.requests[0])
        assert np.array_equal(pixels(first), pixels(sources(kind)[0]))
        assert "Left out: " in done.err


async def test_headless_edit_sends_everything_where_it_is_asked_to(tmp_path, photo) -> None:
    (file,) = planted(tmp_path, "JPEG", ["EXIF"])
    async with FaultServer(Script(body=plain(photo("rocket.png").read_bytes()))) as server:
        words = ("--prompt", "x", "--out", tmp_path / "o", "--base-url", f"{server.base_url}/v1")
        done = await ended(await started("edit", "--image", file, "--keep-metadata", *words))

    assert done.code == 0, done.err
    assert sent(server.requests[0]) == [file.read_bytes()]


async def test_window_sends_pixels_alone_of_the_picture_and_of_its_references(tmp_path, photo) -> None:
    good = Script(200, EVENT_STREAM, completed(photo("rocket.png").read_bytes()))
    files = planted(tmp_path, "PNG", ["EXIF"]) + planted(tmp_path, "JPEG", ["video", "EXIF"])
    async with FaultServer(good) as server, desk(files) as app:
        app.use_endpoint(server.base_url)
        await edited(app)

        assert SECRET not in server.requests[0].body
        assert app.tiles[0].toolTip().splitlines()[2] == "Left out: place, camera, text"
        assert [file.read_bytes().count(SECRET) > 0 for file in files] == [True] * 3


async def test_panel_says_what_is_left_out(tmp_path) -> None:
    async with desk(planted(tmp_path, "JPEG", ["EXIF"])) as app:
        app.say("make it warmer")
        app.window.activateWindow()
        app.key(Qt.Key.Key_Return, CONTROL | SHIFT)

        await until(lambda: app.window.findChild(QLabel, "sendingFileNote0"))
        await until(lambda: app.words("sendingFileNote0") == "Left out: place, camera, text")


async def test_metadata_goes_along_while_the_user_wants_it_and_not_a_moment_longer(tmp_path, photo) -> None:
    good = Script(200, EVENT_STREAM, completed(photo("rocket.png").read_bytes()))
    (file,) = planted(tmp_path, "JPEG", ["EXIF"])
    async with FaultServer(good, good, good) as server, desk([file]) as app:
        app.use_endpoint(server.base_url)
        for keeps in (False, True, False):
            app.studio.settings.replace(keep_metadata=keeps)
            await app.studio.changed_files.look()
            app.say(f"make it warmer, {len(server.requests)}")
            app.key(Qt.Key.Key_Return, CONTROL)
            await app.ended(len(app.studio.jobs.all) + 1)

            assert (SECRET in server.requests[-1].body) is keeps


async def test_tray_of_an_earlier_version_is_read_again_before_it_is_sent(
    tmp_path: Path, photo: Callable[..., Path]
) -> None:
    (file,) = planted(tmp_path, "PNG", ["EXIF"])
    async with desk([photo("coffee.png")]) as app:
        await app.take(file)
    store = DraftStore(Folders.find().draft)
    assert store.own()
    draft = store.load()
    assert draft is not None
    first, second = draft.pictures
    facts = msgspec.structs.replace(second.facts, path=str(file), bytes=file.stat().st_size)
    old = msgspec.structs.replace(second, facts=facts, note="")
    store.save(msgspec.structs.replace(draft, pictures=(first, old), version=1), {}, None)
    store.release()

    async with desk() as again:
        await until(lambda: len(again.names) == 2)
        await again.studio.changed_files.look()

        assert again.studio.session.tray[1].note == "Left out: place, camera, text"
        assert SECRET not in again.studio.session.tray[1].picture.path.read_bytes()
