"""Writing in the background: soon, one write at a time, failures told once, the rest at the end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from overpaint.core.errors import DiskFull, OverpaintError
from overpaint.studio.background_writer import BackgroundWriter
from overpaint.studio.tasks import Tasks


class Disk:
    """Takes writes that block until they are let go, and fail with ``faults`` as long as there are some."""

    def __init__(self) -> None:
        self.begun = self.ended = self.at_once = self.most = 0
        self.free = asyncio.Event()
        self.free.set()
        self.changed = asyncio.Condition()
        self.faults: list[Exception] = []

    async def write(self) -> None:
        self.begun += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            async with self.changed:
                self.changed.notify_all()
            await self.free.wait()
            if self.faults:
                raise self.faults.pop(0)
        finally:
            self.at_once -= 1
            self.ended += 1
            async with self.changed:
                self.changed.notify_all()

    async def until_begun(self, count: int) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: self.begun >= count)

    async def until_ended(self, count: int) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: self.ended >= count)


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    made = Tasks()
    yield made
    await made.close()


async def idle(tasks: Tasks) -> None:
    while tasks._tasks:
        await asyncio.wait(tasks._tasks)


async def test_changes_that_come_while_it_writes_make_one_more_write(tasks: Tasks) -> None:
    disk = Disk()
    writer = BackgroundWriter(disk.write, tasks, "a list")
    disk.free.clear()

    writer.schedule()
    writer.schedule()
    await disk.until_begun(1)
    writer.schedule()
    writer.schedule()
    disk.free.set()
    await idle(tasks)

    assert (disk.ended, disk.most) == (2, 1)


async def test_failure_is_told_once_and_again_after_a_write_that_went_well(tasks: Tasks) -> None:
    disk, told = Disk(), list[OverpaintError]()
    tasks.failed.connect(told.append)
    writer = BackgroundWriter(disk.write, tasks, "a list")
    seen = []

    for fault in (DiskFull("full"), DiskFull("still full"), None, DiskFull("full again")):
        disk.faults = [fault] if fault is not None else []
        writer.schedule()
        await idle(tasks)
        seen.append(writer.failing)

    assert seen == [True, True, False, True]
    assert [fault.message for fault in told] == ["full", "full again"]


async def test_unexpected_error_is_reported_and_stops_no_later_write(tasks: Tasks) -> None:
    disk, reported = Disk(), list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
    writer = BackgroundWriter(disk.write, tasks, "a list")
    disk.faults = [error := KeyError("a bug")]

    for _ in range(2):
        writer.schedule()
        await idle(tasks)

    assert reported == [error]
    assert (disk.ended, writer.failing) == (2, False)


async def test_failed_write_is_tried_again_by_itself_where_that_is_asked_for(tasks: Tasks) -> None:
    disk = Disk()
    disk.faults = [DiskFull("full"), DiskFull("full")]
    writer = BackgroundWriter(disk.write, tasks, "the draft", retry=0.001)

    writer.schedule()
    await disk.until_ended(3)
    await idle(tasks)

    assert (disk.ended, writer.failing) == (3, False)


async def test_close_waits_for_the_write_that_goes_on_and_writes_what_is_left(tasks: Tasks) -> None:
    disk = Disk()
    writer = BackgroundWriter(disk.write, tasks, "a list")
    disk.free.clear()
    writer.schedule()
    await disk.until_begun(1)

    async with asyncio.TaskGroup() as group:
        group.create_task(writer.close())
        await asyncio.sleep(0)
        assert disk.begun == 1
        disk.free.set()
    writer.schedule()
    await idle(tasks)

    assert (disk.ended, disk.most) == (2, 1)


async def test_close_on_a_full_disk_ends_all_the_same(tasks: Tasks) -> None:
    disk = Disk()
    disk.faults = [DiskFull("full")]
    writer = BackgroundWriter(disk.write, tasks, "a list")

    await writer.close()

    assert writer.failing
