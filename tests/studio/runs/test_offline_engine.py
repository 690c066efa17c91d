"""The engine as a child process: when it starts, how it dies, and what is said of that."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.conftest import Photo
from tests.studio.making import Workshop, job, request

from overpaint.core.errors import EngineError
from overpaint.core.results.job_state import JobState
from overpaint.studio.runs import offline_engine as module
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_runner import run
from overpaint.studio.runs.offline_engine import OfflineEngine

KILL = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[OfflineEngine]:
    one = OfflineEngine()
    yield one
    await asyncio.to_thread(one.close)


def commands(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Lets another program take the engine's place."""
    monkeypatch.setattr(module, "engine_command", lambda: [sys.executable, "-c", script])


async def test_engine_asked_for_by_two_at_once_starts_once(engine: OfflineEngine) -> None:
    first, second = await asyncio.gather(engine.address(), engine.address())

    assert first is second
    assert engine.pid is not None


async def test_engine_that_died_between_two_edits_is_started_anew(engine: OfflineEngine) -> None:
    before, pid = await engine.address(), engine.pid
    assert pid is not None
    os.kill(pid, KILL)
    assert await engine.exit_reason() is not None

    after = await engine.address()

    assert engine.pid not in (None, pid)
    assert after.token != before.token


async def test_start_whose_waiter_was_cancelled_serves_the_next(engine: OfflineEngine) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await engine.address()

    address = await engine.address()

    assert address.base_url.startswith("http://127.0.0.1:")


async def test_closing_while_it_starts_leaves_no_process(engine: OfflineEngine) -> None:
    start = asyncio.gather(engine.address(), return_exceptions=True)
    await asyncio.to_thread(engine.close)

    (outcome,) = await start

    assert isinstance(outcome, EngineError)
    assert engine.pid is None


async def test_token_is_not_in_what_the_address_says_of_itself(engine: OfflineEngine) -> None:
    address = await engine.address()

    assert address.token not in repr(address)


async def test_engine_that_says_why_it_cannot_start_is_quoted(
    engine: OfflineEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands(monkeypatch, "import sys; sys.exit('the port is taken')")

    with pytest.raises(EngineError) as caught:
        await engine.address()

    assert "the port is taken" in caught.value.cause
    assert caught.value.next_step


async def test_engine_that_talks_without_end_is_quoted_with_its_last_lines_only(
    engine: OfflineEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands(monkeypatch, "import sys; sys.stderr.write('noise ' * 500_000 + '\\n' * 9 + 'the last word')")

    with pytest.raises(EngineError) as caught:
        await engine.address()

    assert caught.value.cause.endswith("the last word")
    assert len(caught.value.cause) < 6000


async def test_engine_that_cannot_be_found_is_an_error_in_words(
    engine: OfflineEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "engine_command", lambda: ["/nowhere/overpaint"])

    with pytest.raises(EngineError, match="couldn't be started"):
        await engine.address()


async def test_engine_that_failed_to_start_is_tried_again(
    engine: OfflineEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        commands(broken, "raise SystemExit(1)")
        with pytest.raises(EngineError):
            await engine.address()

    assert (await engine.address()).token


async def test_engine_killed_in_the_middle_of_an_edit_fails_it_in_words_and_without_a_bill(
    offline: Workshop, photo: Photo
) -> None:
    one = job(request(photo("retina.png"), endpoint="Offline engine", size="2048x2048"))

    def kill(now: Job) -> None:
        pid = offline.tools.engine.pid
        if pid is not None and now.waiting is not None and now.waiting.phase == "waiting":
            os.kill(pid, KILL)

    await run(one, offline.tools, kill)

    assert isinstance(one.error, EngineError)
    assert "billed" not in one.error.sentence()
    assert one.error.next_step
    assert (one.state, one.may_have_been_billed) == (JobState.FAILED, False)
