"""A key that sings: given to the whole program, it must be in the request's header and nowhere else.

Looked through are the home (settings, journal, spool, ledger, log, crash file, drafts, sidecars), results,
temporary files, everything said at log level DEBUG, tracebacks, and the list of processes.
"""

import asyncio
import base64
import faulthandler
import logging
import os
import signal
import sys
import tempfile
import threading
import traceback
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.api.wire import EVENT_STREAM, completed, partial, plain, profile, refusal
from tests.cli.running import ended, environment
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import until
from tests.wire.canary import hits, processes

from overpaint.core.errors import OverpaintError
from overpaint.studio.config.folders import Folders
from overpaint.studio.process.log_file import LogFile
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio

KEYS = ["sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d", "CanaryWithout+Prefix/0f9e8d7c6b5a4938=="]
"""One that looks like a key, and one that nothing could know for one by its looks."""

LOUD = (
    "import faulthandler, logging, sys; faulthandler.enable(); logging.basicConfig(level=logging.DEBUG); "
    "from overpaint.cli import main; sys.exit(main(sys.argv[1:]))"
)


def scripts(key: str, picture: bytes) -> dict[str, Script]:
    """Servers that do well, fail, and repeat the key in every way that a gateway has been seen to."""
    wrong = f"Incorrect API key provided: {key}."
    stream = partial(picture, 0) + completed(picture)
    return {
        "success": Script(body=plain(picture)),
        "stream": Script(headers=EVENT_STREAM, body=stream, framing="chunked"),
        "key wrong": Script(401, {"x-request-id": key}, refusal(wrong, code="invalid_api_key")),
        "escaped JSON": Script(401, {}, refusal(wrong).replace(b"/", b"\\/")),
        "web page": Script(403, {"content-type": "text/html"}, f"<title>{key}</title>".encode()),
        "base64": Script(500, {}, base64.b64encode(key.encode())),
        "twelve spellings": Script(401, {"content-type": "text/plain"}, b"\n".join(twelve(key))),
        "the other case": Script(401, {"x-request-id": key.swapcase()}, refusal(wrong.upper())),
        "escapes in a success": Script(
            200, {}, plain(picture, revised_prompt="@").replace(b"@", escaped(key, "\\u{:04x}"))
        ),
        "hex": Script(502, {}, key.encode().hex().encode()),
        "redirect": Script(302, {"location": f"https://other.example/{quote(key)}?key={quote(key)}"}),
        "header of a success": Script(200, {"x-echo": f"Bearer {key}", "set-cookie": key}, plain(picture)),
        "text of a success": Script(200, {}, plain(picture, revised_prompt=f"a cat and {key}")),
        "error frame": Script(
            200, EVENT_STREAM, partial(picture, 0) + b"event: error\ndata: " + refusal(wrong) + b"\n\n"
        ),
        "cut": Script(headers=EVENT_STREAM, body=stream, cut_at=len(stream) - 500),
        "reset": Script(hang_up=True, reset=True),
        "no credit": Script(429, {}, refusal(wrong, code="insufficient_quota")),
    }


def twelve(key: str) -> list[bytes]:
    """How else a service may write a key."""
    header = f"Bearer {key}".encode()
    return [
        base64.b64encode(header),
        base64.urlsafe_b64encode(f"api-key: {key}; user: me".encode()),
        key.encode("utf-16-le"),
        key.encode("utf-16-be"),
        *(escaped(key, form) for form in ("\\u{:04X}", "%{:02X}", "%25{:02x}", "&#x{:x};", "&#{};")),
        quote(quote(key, safe=""), safe="").encode(),
        key.upper().encode(),
        key[::-1].encode(),
    ]


def escaped(key: str, form: str) -> bytes:
    return "".join(form.format(ord(one)) for one in key).encode()


@pytest.fixture(params=KEYS, ids=["looks like a key", "looks like nothing"])
def key(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this process and its children."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def loud(*words: str | Path, key: str) -> Process:
    """A headless command that logs all there is to log, with the key in its environment."""
    told = environment(OVERPAINT_API_KEY=key)
    command = (sys.executable, "-c", LOUD, *map(str, words))
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=told)


def edit_words(photo: Photo, out: Path, base_url: str) -> tuple[str | Path, ...]:
    picture = photo("chelsea.jpg", (64, 48))
    where = ("--base-url", base_url) if base_url else ()
    return "edit", "--image", picture, "--prompt", "Make it warmer", "--out", out, "--json", *where


async def test_headless_edits_of_every_ending_then_leave_the_key_nowhere(
    photo: Photo, home: Path, tmp_path: Path, temporary: Path, key: str
) -> None:
    played = scripts(key, photo("rocket.jpg", (300, 200)).read_bytes())
    out, said = tmp_path / "out", b""

    async with FaultServer() as server:
        for script in played.values():
            server.scripts = [script]
            process = await loud(*edit_words(photo, out, server.base_url), key=key)
            done = await ended(process)
            said += f"{done.out}\n{done.err}\n".encode()

    assert {one.headers["authorization"] for one in server.requests} == {f"Bearer {key}"}
    assert len(server.requests) == len(played)
    assert b"DEBUG" in said
    assert list(out.glob("*.png")) + list(out.glob("*.jpg"))
    assert hits(key, said, home, out, temporary) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_headless_edit_while_it_waits_then_shows_the_key_in_no_process_but_its_own(
    photo: Photo, home: Path, tmp_path: Path, temporary: Path, key: str
) -> None:
    async with FaultServer(Script(stall_before_head=True)) as server:
        process = await loud(*edit_words(photo, tmp_path / "out", server.base_url), key=key)
        await asyncio.wait_for(server.arrived.wait(), 30)
        shown = processes(key, process.pid)
        process.send_signal(signal.SIGABRT)  # the crash output of a death in native code
        crash = await ended(process)

    assert shown == []
    assert "Fatal Python error: Aborted" in crash.err
    assert hits(key, crash.err, home, temporary) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_engine_and_its_workers_then_are_not_handed_the_key_of_the_environment(
    photo: Photo, tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERPAINT_API_KEY", key)
    studio = Studio(Folders.find())
    await studio.open([photo("chelsea.png")])
    studio.parameters.set(prompt="Make it warmer", size="1024x1024")

    job = await ran(studio)
    shown = processes(key, os.getpid())
    await studio.close()

    assert job.results
    assert shown == []


@dataclass
class Desk:
    """A studio with its log as the window has it, and its runs."""

    studio: Studio
    jobs: list[Job]


async def ran(studio: Studio) -> Job:
    """An edit of what is in the studio, run to its end."""
    host, estimate = studio.profile.host_words, studio.edit.state.estimate
    (job,) = studio.jobs.start_together([await studio.edit.request()], host, estimate)
    await until(studio.jobs.finished, lambda: not job.running)
    return job


@asynccontextmanager
async def desk(photo: Photo, base_url: str, key: str) -> AsyncIterator[Desk]:
    studio = Studio(Folders.find())
    log = LogFile(studio.folders.log_file)
    logging.getLogger("overpaint").setLevel(logging.DEBUG)
    try:
        endpoint = profile(base_url)
        await studio.keys.store(endpoint, key)
        studio.settings.replace_all(studio.settings.current.with_profile(endpoint))
        studio.settings.replace(endpoint=endpoint.name)
        await studio.open([photo("chelsea.jpg", (64, 48))])
        studio.parameters.set(prompt="Make it warmer", stream=True, partial_images=1)
        yield Desk(studio, [])
        with studio.folders.log_file.with_suffix(".crash").open("a") as crash:
            faulthandler.dump_traceback(crash)
    finally:
        await studio.close()
        log.close()


@pytest.mark.error_logs("uncaught in")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_studio_with_runs_of_every_ending_then_leaves_the_key_nowhere(
    photo: Photo, home: Path, temporary: Path, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    played = scripts(key, photo("rocket.jpg", (300, 200)).read_bytes())

    async with FaultServer() as server, desk(photo, server.base_url, key) as one:
        for script in played.values():
            server.scripts = [script]
            one.jobs.append(await ran(one.studio))
        crash_in_a_thread(one.jobs)
        said = [text for job in one.jobs for text in texts(job)]
        said += [repr(one.studio.keys), repr(one.studio.settings.current), repr(one.studio.tools)]

    assert [one.headers["authorization"] for one in server.requests] == [f"Bearer {key}"] * len(played)
    assert "uncaught in" in (Folders.find().log_file).read_text()
    assert hits(key, caplog.text, *said, home, temporary) == []
    assert {"settings.toml", "ledger.jsonl", "job.jsonl", "reply.body", "overpaint.log"} <= names(home)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def crash_in_a_thread(jobs: list[Job]) -> None:
    """A bug whose trace passes through what failed runs hold."""

    def stumble() -> None:
        failed = next(job.error for job in jobs if job.error is not None)
        raise RuntimeError(f"a bug with {failed!r} and {jobs!r}") from failed

    thread = threading.Thread(target=stumble)
    thread.start()
    thread.join()


def texts(job: Job) -> list[str]:
    """Everything that a log or a crash report could print of a run and its failure."""
    found, fault = [repr(job), repr(job.request)], job.error
    chain: BaseException | None = fault
    while chain is not None:
        found += [str(chain), repr(chain), repr(vars(chain)), *traceback.format_exception(chain)]
        chain = chain.__cause__ or chain.__context__
    return found + ([fault.sentence(), fault.cause] if isinstance(fault, OverpaintError) else [])


@pytest.mark.parametrize("spelling", ["raw", "base64", "hex", "utf-16", "name"])
def test_the_search_then_finds_a_key_that_is_there(tmp_path: Path, key: str, spelling: str) -> None:
    raw = key.encode()
    content = {
        "raw": raw,
        "base64": base64.b64encode(b"{'auth': '" + raw + b"'}"),
        "hex": raw.hex().encode(),
        "utf-16": key.encode("utf-16"),
        "name": b"",
    }[spelling]
    name = f"{quote(key, safe='')}.txt" if spelling == "name" else "file"

    (tmp_path / name).write_bytes(b"before " + content + b" behind")

    assert hits(key, tmp_path)
