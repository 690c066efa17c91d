"""Saving by itself: soon, rarely, one write at a time, and trouble told once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from overpaint.studio.config import settings_autosave as module
from overpaint.studio.config.settings import Settings
from overpaint.studio.config.settings_autosave import SettingsAutosave
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.tasks import Tasks


class Counted(SettingsStore):
    """A store that says when it was written."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.writes = 0
        self.tried = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def save(self) -> None:
        self.writes += 1
        try:
            super().save()
        finally:
            self._loop.call_soon_threadsafe(self.tried.set)


@pytest_asyncio.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counted:
    monkeypatch.setattr(module, "_PAUSE", 0.02)
    return Counted(tmp_path / "config" / "settings.toml")


@pytest_asyncio.fixture
async def tasks() -> AsyncIterator[Tasks]:
    one = Tasks()
    yield one
    await one.close()


def saved(store: SettingsStore) -> Settings:
    return SettingsStore(store._file.path).current


async def written(store: Counted, tasks: Tasks) -> None:
    """Returns after the next write and all that follows from it."""
    store.tried.clear()
    async with asyncio.timeout(10):
        await store.tried.wait()
        while tasks._tasks:
            await asyncio.wait(tasks._tasks)
            await asyncio.sleep(0)


async def test_many_changes_are_one_write_with_the_last_of_them(store: Counted, tasks: Tasks) -> None:
    autosave = SettingsAutosave(store, tasks, lambda: None)

    for megabytes in range(16, 200):
        store.replace(undo_megabytes=megabytes)
        autosave.schedule()
    await written(store, tasks)

    assert store.writes == 1
    assert saved(store).undo_megabytes == 199


async def test_what_is_noted_only_at_a_write_is_in_it(store: Counted, tasks: Tasks) -> None:
    autosave = SettingsAutosave(store, tasks, lambda: store.replace(theme="dark"))
    store.changed.connect(autosave.schedule)

    autosave.schedule()
    await written(store, tasks)

    assert saved(store).theme == "dark"
    assert store.writes == 1


async def test_trouble_is_told_once_and_again_after_it_went_well(
    store: Counted, tasks: Tasks, tmp_path: Path
) -> None:
    told: list[str] = []
    tasks.failed.connect(lambda fault: told.append(fault.message))
    autosave = SettingsAutosave(store, tasks, lambda: None)
    (tmp_path / "config").write_text("a file where the folder should be")
    counts = []

    for megabytes in (20, 21, 22, 23):
        if megabytes == 22:
            (tmp_path / "config").unlink()
        store.replace(undo_megabytes=megabytes)
        autosave.schedule()
        await written(store, tasks)
        counts.append(len(told))

    assert counts == [1, 1, 1, 1]
    assert saved(store).undo_megabytes == 23


async def test_closing_writes_what_is_left(store: Counted, tasks: Tasks) -> None:
    autosave = SettingsAutosave(store, tasks, lambda: store.replace(theme="dark"))
    autosave.schedule()
    await tasks.close()

    await autosave.close()

    assert saved(store).theme == "dark"


async def test_change_after_closing_is_not_written(store: Counted, tasks: Tasks) -> None:
    autosave = SettingsAutosave(store, tasks, lambda: None)
    await autosave.close()

    store.replace(theme="light")
    autosave.schedule()

    assert not tasks._tasks
