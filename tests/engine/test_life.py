"""How the engine and its workers start, end, and end each other."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from tests.conftest import Photo
from tests.engine import serving
from tests.engine.serving import PATIENCE, Engine, becomes_true, children, is_alive, mask_of, picture

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

LARGE = (2560, 1600)
SLOW = {
    "model": "gpt-image-2",
    "prompt": "remove it",
    "size": "2560x1600",
    "stream": "true",
    "partial_images": "3",
}


@pytest.fixture
def own_engine() -> Iterator[Engine]:
    """An engine that the test may kill."""
    running = serving.start()
    yield running
    running.process.kill()
    running.stop()


@pytest.fixture
def slow_files(photo: Photo) -> list:
    return [picture(photo("coffee.jpg", LARGE), mime="image/jpeg"), mask_of(LARGE, (300, 200, 2200, 1400))]


@contextlib.contextmanager
def under_way(engine: Engine, files: list) -> Iterator[Iterator[str]]:
    """A slow edit whose first partial has come; the connection closes with the block."""
    with engine.client() as client, client.stream("POST", "/images/edits", data=SLOW, files=files) as reply:
        lines = reply.iter_lines()
        assert next(lines) == "event: image_edit.partial_image"
        yield lines


def test_client_when_it_leaves_mid_job_then_the_worker_is_gone(own_engine: Engine, slow_files: list):
    with under_way(own_engine, slow_files):
        (worker,) = own_engine.workers()
        assert is_alive(worker)

    assert becomes_true(lambda: not is_alive(worker))
    assert own_engine.process.poll() is None


def test_client_when_one_leaves_then_the_next_is_served(own_engine: Engine, slow_files: list, photo: Photo):
    with under_way(own_engine, slow_files):
        pass

    reply = own_engine.edit([picture(photo("coffee.png"))])

    assert reply.status_code == 200


def test_worker_when_idle_then_it_is_used_again(own_engine: Engine, photo: Photo):
    own_engine.edit([picture(photo("coffee.png"))])
    first = own_engine.workers()

    own_engine.edit([picture(photo("coffee.png"))])

    assert own_engine.workers() == first
    assert len(first) == 1


def test_worker_when_it_dies_mid_stream_then_the_stream_ends_with_an_error_event(
    own_engine: Engine, slow_files: list
):
    with under_way(own_engine, slow_files) as lines:
        (worker,) = own_engine.workers()
        os.kill(worker, signal.SIGKILL)
        rest = [line for line in lines if line]

    assert rest[-2] == "event: error"
    assert json.loads(rest[-1].removeprefix("data: "))["error"]["code"] == "server_error"


def test_engine_when_killed_then_its_worker_is_gone(own_engine: Engine, slow_files: list):
    with contextlib.suppress(httpx.HTTPError), under_way(own_engine, slow_files):
        (worker,) = own_engine.workers()
        own_engine.process.kill()

        assert becomes_true(lambda: not is_alive(worker))


def test_engine_when_its_input_closes_mid_job_then_it_ends_well_and_takes_its_worker(
    own_engine: Engine, slow_files: list
):
    with contextlib.suppress(httpx.HTTPError), under_way(own_engine, slow_files):
        (worker,) = own_engine.workers()

        assert own_engine.stop() == 0
        assert becomes_true(lambda: not is_alive(worker))


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_engine_when_told_to_end_then_it_ends_well(own_engine: Engine, name: signal.Signals):
    own_engine.process.send_signal(name)

    assert own_engine.process.wait(PATIENCE) == 0


def test_engine_when_its_parent_is_killed_then_it_and_its_worker_are_gone(photo: Photo):
    starter = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {serving.START!r}], stdin=subprocess.PIPE)\n"
        "child.wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE)
    engine = Engine(parent, *serving.first_line(parent.stdout))
    engine.edit([picture(photo("coffee.png"))])
    (child,) = children(parent.pid)
    workers = children(child)

    parent.kill()
    parent.communicate()

    assert len(workers) == 1
    assert becomes_true(lambda: not is_alive(child) and not any(map(is_alive, workers)))


def test_port_when_taken_then_one_line_and_exit_code_one(own_engine: Engine):
    port = own_engine.netloc.partition(":")[2]
    start = f"from overpaint.engine.serve import serve; raise SystemExit(serve({port}, None))"

    ended = subprocess.run(
        [sys.executable, "-c", start], input=b"", capture_output=True, timeout=20, check=False
    )

    assert ended.returncode == 1
    assert ended.stdout == b""
    assert (
        ended.stderr.decode().strip() == f"overpaint engine: port {port} on 127.0.0.1 is taken or not allowed"
    )


def test_port_and_token_when_given_then_used():
    start = "from overpaint.engine.serve import serve; raise SystemExit(serve(None, 'my-own-token'))"

    ended = subprocess.run(
        [sys.executable, "-c", start], input=b"", capture_output=True, timeout=20, check=True
    )

    assert b'"token": "my-own-token"' in ended.stdout
    assert ended.stdout.count(b"\n") == 1


def test_engine_when_started_then_it_has_loaded_no_picture_library():
    code = (
        "import sys, overpaint.engine.serve\n"
        "print([name for name in ('PIL', 'cv2', 'PySide6') if name in sys.modules])"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=20, check=True)

    assert ended.stdout.strip() == b"[]"
