"""Running work in steps: reports come out, everything else passes, and one task does it all."""

import asyncio
from typing import Any

import pytest

from overpaint.api.transport.stepped_coroutine import Report, SteppedCoroutine


async def test_steps_then_give_each_report_and_then_the_result() -> None:
    async def work() -> str:
        await Report(1)
        await asyncio.sleep(0)
        await Report(2)
        return "done"

    steps: SteppedCoroutine[int, str] = SteppedCoroutine(work())

    assert [await steps.next(), await steps.next(), await steps.next()] == [1, 2, None]
    assert steps.result == "done"


async def test_steps_then_the_work_waits_until_it_is_told_to_go_on() -> None:
    seen = []

    async def work() -> None:
        seen.append("before")
        await Report("here")
        seen.append("after")

    steps: SteppedCoroutine[str, None] = SteppedCoroutine(work())

    await steps.next()
    assert seen == ["before"]
    await steps.next()
    assert seen == ["before", "after"]


async def test_steps_then_run_in_the_task_of_whoever_awaits_them() -> None:
    async def work() -> Any:
        await asyncio.sleep(0)
        return asyncio.current_task()

    steps: SteppedCoroutine[None, Any] = SteppedCoroutine(work())
    await steps.next()

    assert steps.result is asyncio.current_task()


async def test_steps_when_the_work_fails_then_raise_what_it_raised() -> None:
    async def work() -> None:
        await Report(1)
        raise ValueError("no")

    steps: SteppedCoroutine[int, None] = SteppedCoroutine(work())
    await steps.next()

    with pytest.raises(ValueError, match="no"):
        await steps.next()


async def test_steps_when_what_the_work_awaits_fails_then_the_work_can_catch_it() -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_exception, OSError("gone"))

    async def work() -> str:
        try:
            await future
        except OSError as fault:
            return str(fault)
        return ""

    steps: SteppedCoroutine[None, str] = SteppedCoroutine(work())
    await steps.next()

    assert steps.result == "gone"


async def test_steps_when_a_timeout_strikes_then_the_work_is_cancelled_and_cleans_up() -> None:
    seen = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            seen.append("clean")

    steps: SteppedCoroutine[None, None] = SteppedCoroutine(work())

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await steps.next()
    assert seen == ["clean"]


async def test_abandoning_then_lets_the_work_clean_up_where_it_stands() -> None:
    seen = []

    async def work() -> None:
        try:
            await Report(1)
        finally:
            await asyncio.sleep(0)
            seen.append("clean")

    steps: SteppedCoroutine[int, None] = SteppedCoroutine(work())
    await steps.next()

    await steps.abandon()
    await steps.abandon()

    assert seen == ["clean"]


async def test_abandoning_before_the_first_step_then_the_work_never_starts() -> None:
    seen = []

    async def work() -> None:
        seen.append("started")

    steps: SteppedCoroutine[None, None] = SteppedCoroutine(work())

    await steps.abandon()

    assert seen == []
