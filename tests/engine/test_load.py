"""The engine with more to do than it can hold, and with uploads it does not want."""

import concurrent.futures
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import Photo
from tests.engine import serving
from tests.engine.serving import Engine, becomes_true, picture

MOST = 10


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Engine, Path]]:
    """An engine with a temporary folder of its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    running = serving.start()
    yield running, folder
    running.stop()


def test_queue_when_full_then_the_next_is_told_when_to_come_back(engine: Engine, photo: Photo):
    held = [_started_upload(engine) for _ in range(MOST)]
    try:
        reply = engine.edit([picture(photo("coffee.png"))])
    finally:
        for one in held:
            one.close()

    assert reply.status_code == 429
    assert reply.json()["error"]["code"] == "rate_limit_exceeded"
    assert int(reply.headers["retry-after"]) >= 1
    assert int(reply.headers["retry-after-ms"]) >= 1000


def test_queue_when_clients_have_left_it_then_there_is_room_again(engine: Engine, photo: Photo):
    for one in [_started_upload(engine) for _ in range(MOST)]:
        one.close()

    replies = [engine.edit([picture(photo("coffee.png"))]).status_code for _ in range(3)]

    assert replies[-1] == 200


def test_edits_when_eight_come_at_once_then_all_are_made(engine: Engine, photo: Photo):
    files = [picture(photo("chelsea.png"))]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: engine.edit(files, size="1024x640").status_code, range(8)))

    assert replies == [200] * 8


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_uploads_when_eight_begin_at_once_then_no_more_than_two_workers_are_started(
    watched: tuple[Engine, Path], photo: Photo
):
    engine, _ = watched
    held = [_started_upload(engine) for _ in range(8)]
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            files = [picture(photo("chelsea.png"))]
            replies = list(pool.map(lambda _: engine.edit(files, size="1024x640").status_code, range(2)))
        workers = len(engine.workers())
    finally:
        for one in held:
            one.close()

    assert replies == [200, 200]
    assert 1 <= workers <= 2


@pytest.mark.parametrize("mask", [b"", b"no picture"], ids=["empty", "garbage"])
def test_mask_when_broken_then_is_refused_before_any_picture_is_decoded(
    engine: Engine, photo: Photo, mask: bytes
):
    whole = photo("chelsea.png").read_bytes()
    files = [picture(whole, "image[]"), picture(whole[: len(whole) // 2], "image[]")]

    reply = engine.edit([*files, ("mask", ("mask.png", mask, "image/png"))])

    assert reply.status_code == 400
    assert reply.json()["error"]["message"] == "Invalid mask image format - mask must be a valid PNG file"


@pytest.mark.parametrize("cut", [7, 8, 300], ids=["end mark", "closing boundary", "in the mask"])
def test_form_when_its_end_is_missing_then_400_and_not_an_edit_without_its_mask(
    engine: Engine, photo: Photo, cut: int
):
    parts = [(name, photo("chelsea.png").read_bytes()) for name in ("image", "mask")]
    head = '--b\r\nContent-Disposition: form-data; name="{}"; filename="a.png"\r\n'
    body = b"".join(
        head.format(name).encode() + b"Content-Type: image/png\r\n\r\n" + data + b"\r\n"
        for name, data in parts
    )
    body = (b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nwarmer\r\n' + body + b"--b--\r\n")[
        :-cut
    ]

    with engine.client(**{"Content-Type": "multipart/form-data; boundary=b"}) as client:
        reply = client.post("/images/edits", content=body)

    assert reply.status_code == 400
    assert "closing boundary" in reply.json()["error"]["message"]


def test_upload_when_it_says_it_is_huge_then_413_before_it_is_read(engine: Engine):
    connection = socket.create_connection(("127.0.0.1", int(engine.netloc.partition(":")[2])), timeout=20)
    with connection:
        connection.sendall(_head(engine, 2_000_000_000) + b"x" * 1000)
        answer = connection.recv(65536)

    assert b"413" in answer.splitlines()[0]


def test_text_field_when_megabytes_long_then_400(engine: Engine, photo: Photo):
    reply = engine.edit([picture(photo("coffee.png"))], prompt="x" * 2_000_000)

    assert reply.status_code == 400


def test_fields_when_a_hundred_then_400(engine: Engine, photo: Photo):
    reply = engine.edit([picture(photo("coffee.png"))], **{f"field{number}": "x" for number in range(100)})

    assert reply.status_code == 400


def test_uploads_when_answered_refused_or_broken_off_then_nothing_is_left_on_disk(
    watched: tuple[Engine, Path], photo: Photo
):
    engine, folder = watched
    files = [picture(photo("retina.png"), "image[]")] * 3

    engine.edit(files, size="1024x640")
    engine.edit(files, n="99")
    _started_upload(engine, b"x" * 3_000_000).close()
    engine.edit(files, size="1024x640")

    assert becomes_true(lambda: not [*folder.iterdir(), *_deleted_files(engine, folder)])


def _head(engine: Engine, length: int) -> bytes:
    return (
        f"POST /v1/images/edits HTTP/1.1\r\nHost: {engine.netloc}\r\nAuthorization: Bearer {engine.token}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _started_upload(engine: Engine, more: bytes = b"") -> socket.socket:
    """A connection that has begun to send a picture and does not go on."""
    connection = socket.create_connection(("127.0.0.1", int(engine.netloc.partition(":")[2])), timeout=20)
    part = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n'
    connection.sendall(_head(engine, 40_000_000) + part + b"Content-Type: image/png\r\n\r\n" + more)
    return connection


def _deleted_files(engine: Engine, folder: Path) -> list[str]:
    """Files of a folder that the engine holds open although they have no name any more (Linux)."""
    handles = Path(f"/proc/{engine.process.pid}/fd")
    if not handles.is_dir():
        return []
    names = [str(one.readlink()) for one in handles.iterdir() if one.is_symlink()]
    return [name for name in names if name.startswith(str(folder))]
