"""Whatever step fails once an edit has left: it isn't paid for twice unasked, and its picture isn't lost."""

import asyncio
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import FunctionType

import pytest
from tests.api.wire import EVENT_STREAM, completed, partial, plain, profile
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script
from tests.studio.making import Workshop, request
from tests.studio.runs.failing_steps import InjectedError, failing, name_of, watched

from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery import provenance
from overpaint.library.journal.spool import Spool
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.spending_guard import fingerprint, same_request_question
from overpaint.studio.tasks import Tasks

HOLD_THE_CONNECTION = {
    *(f"studio/runs/job_runner.py: {name}" for name in ("run", "_run", "_edit", "_taken", "_tell")),
    *(
        f"api/client.py: {name}"
        for name in ("EditClient.edit", "EditClient._attempts", "EditClient._attempt", "_unkept")
    ),
    "api/transport/network.py: _Stream.read",
    "api/transport/reply_framing.py: ReplyFraming.feed",
    *(f"api/transport/awake_time.py: AwakeTimer.{name}" for name in ("__init__", "__enter__", "__exit__")),
}
"""What waits for the reply itself: an error there breaks it off, so that the picture may never have come."""


async def ended(workshop: Workshop, asked: EditRequest, during: AbstractContextManager[None]) -> Job:
    """Runs an edit as the window does, on threads of its own, so that they are watched as well."""
    tasks = Tasks()
    with ThreadPoolExecutor(2) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        jobs = Jobs(workshop.tools, tasks, lambda: 1)
        with during:
            (job,) = jobs.start_together([asked], "api.example.com", Estimate())
            await asyncio.wait([task for task in asyncio.all_tasks() if task.get_name().startswith("run ")])
        await tasks.close()
        await workshop.close()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
    return job


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every error that reached one of the last resorts of the process."""
    found: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: found.append(error))
    monkeypatch.setattr(threading, "excepthook", lambda args: found.append(args.exc_value))
    monkeypatch.setattr(sys, "unraisablehook", lambda args: found.append(args.exc_value))
    return found


@pytest.mark.parametrize(("streams", "since"), [(False, Spool.sent), (True, Spool.head)])
async def test_edit_whose_next_step_fails_is_neither_lost_nor_repeated_unasked(
    photo: Photo, tmp_path: Path, told: list[object], streams: bool, since: FunctionType
) -> None:
    final = photo("rocket.png").read_bytes()
    events = partial(photo("coffee.png").read_bytes(), 0) + completed(final)
    reply = Script(headers=EVENT_STREAM, body=events) if streams else Script(body=plain(final))
    asked = request(photo("chelsea.png"), stream=streams)
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context.get("exception")))
    steps: dict[str, None] = {}
    wrong: list[str] = []

    async with FaultServer(reply) as server:
        workshop = Workshop(tmp_path / "whole", profile(server.base_url, auth="none"))
        provenance._hash_of_version.cache_clear()
        await ended(workshop, asked, watched(lambda code: steps.setdefault(name_of(code)), since))
        assert workshop.pictures == [final]
        for number, step in enumerate(steps):
            told.clear()
            posts = server.posts
            workshop = Workshop(tmp_path / str(number), profile(server.base_url, auth="none"))
            provenance._hash_of_version.cache_clear()
            job = await ended(workshop, asked, failing(step, since))
            if (
                same_request_question(fingerprint(asked), {job: fingerprint(asked)}) is None
                or server.posts > posts + 1
            ):
                wrong.append(f"{step}: could be paid twice unasked")
            on_its_way = since is Spool.sent or step in HOLD_THE_CONNECTION
            if not on_its_way and final not in (*workshop.pictures, *(one.data for one in job.unsaved)):
                wrong.append(f"{step}: no picture ({job.state}, {job.error})")
            if not any(is_injected(error) for error in told):
                wrong.append(f"{step}: nobody heard of it ({job.error!r})")

    gc.collect()  # what was broken off in the middle complains while somebody listens
    assert len(steps) > 100
    assert not wrong, "\n".join(wrong)


def is_injected(error: object) -> bool:
    """Whether an error is the one that was planted, or came of it."""
    while isinstance(error, BaseException):
        if isinstance(error, InjectedError):
            return True
        error = error.__cause__ or error.__context__
    return False
