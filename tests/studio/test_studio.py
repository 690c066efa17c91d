"""The studio as a whole, with the real engine: from a dropped picture to a saved result and beyond."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.conftest import Photo
from tests.studio.making import until

from overpaint.core.results.job_state import JobState
from overpaint.library.gallery.sidecar import read
from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio


@asynccontextmanager
async def opened() -> AsyncIterator[Studio]:
    """A studio in this test's home, closed at the end."""
    studio = Studio(Folders.find())
    try:
        yield studio
    finally:
        await studio.close()


async def test_edit_of_a_dropped_picture_is_saved_and_taken_as_the_next_input(photo: Photo) -> None:
    async with opened() as studio:
        await studio.open([photo("chelsea.png"), photo("coffee.png")])
        studio.parameters.set(prompt="Make it warmer", size="1024x1024", n=1)

        job = studio.start(await studio.prepare())
        await until(studio.jobs.finished, lambda: not job.running)
        swap = await studio.result_in_tray.replacing(job.request.pictures[0], job.results[0].path)
        studio.result_in_tray.replace(swap, with_mask=False)
        request = await studio.edit.request()

        assert (job.state, job.error) == (JobState.SAVED, None)
        sidecar = job.results[0].sidecar
        assert sidecar is not None
        assert read(sidecar).params.prompt == "Make it warmer"
        assert studio.session.tray[0].source == job.results[0].path
        assert request.parents == (job.results[0].path,)


async def test_edit_keeps_price_and_host_of_the_moment_it_was_asked_for(photo: Photo) -> None:
    async with opened() as studio:
        await studio.open([photo("chelsea.png")])
        studio.parameters.set(prompt="Make it warmer", size="1024x1024", quality="low")
        studio.session.fill_mask()
        expected = studio.edit.state.estimate

        asking = asyncio.gather(studio.prepare())
        await asyncio.sleep(0)
        studio.settings.replace(endpoint="OpenAI")
        studio.parameters.set(quality="high")
        (order,) = await asking

        assert order.host == "the offline engine"
        assert order.request.params.quality == "low"
        assert order.estimate == expected


async def test_settings_and_parameters_are_there_again_at_the_next_start(home: Path) -> None:
    studio = Studio(Folders.find())
    studio.parameters.set(prompt="Remove the cup", n=3)
    studio.settings.replace(theme="light", endpoint="OpenAI")
    await studio.close()

    again = Studio(Folders.find())

    assert (again.parameters.params.prompt, again.parameters.params.n) == ("Remove the cup", 3)
    assert (again.settings.current.theme, again.profile.name) == ("light", "OpenAI")
    await again.close()


async def test_studio_that_is_closed_takes_its_engine_along(home: Path) -> None:
    studio = Studio(Folders.find())
    await studio.engine.address()
    process = studio.engine._process
    assert process is not None

    await studio.close()

    assert process.poll() is not None


async def test_model_table_that_makes_no_sense_is_said_and_passed_over(home: Path) -> None:
    folders = Folders.find()
    folders.config.mkdir(parents=True)
    folders.model_table.write_text("[[model]]\nfamly = 1\n")

    studio = Studio(folders)

    assert studio.start_error is not None
    assert "models.toml" in studio.start_error.sentence()
    assert studio.edit.state.spec.family
    await studio.close()


async def test_own_gallery_folder_is_made_and_a_chosen_one_that_is_gone_is_not(
    photo: Photo, tmp_path: Path
) -> None:
    async with opened() as studio:
        await studio.open([photo("chelsea.png")])
        studio.parameters.set(prompt="Make it warmer", size="1024x1024")
        studio.settings.replace(gallery=str(tmp_path / "unplugged disk"))

        job = studio.start(await studio.prepare())
        await until(studio.jobs.finished, lambda: not job.running)
        studio.jobs.save_elsewhere(job, type(studio.gallery())(studio.folders.pictures))
        await until(studio.jobs.finished, lambda: job.results)

        assert not (tmp_path / "unplugged disk").exists()
        assert job.results[0].path.parent == studio.folders.pictures


def test_folders_follow_the_one_that_is_named_for_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERPAINT_HOME", str(tmp_path / "portable"))

    folders = Folders.find()

    kept = (folders.settings_file, folders.journal, folders.ledger, folders.drafts, folders.log_file)
    assert all(one.is_relative_to(tmp_path / "portable") for one in (*kept, folders.pictures, folders.cache))


def test_folders_of_the_platform_are_used_without_that_name(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.delenv("OVERPAINT_HOME")

    folders = Folders.find()

    assert folders.settings_file.is_relative_to(home)
    assert folders.pictures.name == "Overpaint"
    assert not folders.config.exists()


_FIRST_EDIT = """
import asyncio, sys
from pathlib import Path
from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio

def of_the_client():
    names = ("httpx", "httpcore", "h11", "anyio", "sniffio")
    return {name for name in sys.modules if name.split(".")[0] in names}

async def main():
    studio = Studio(Folders.find())
    before = of_the_client()
    await studio.warm_up()
    loaded = of_the_client()
    await studio.open([Path(sys.argv[1])])
    studio.parameters.set(prompt="Make it warmer", size="1024x1024")
    job = studio.start(await studio.prepare())
    while job.running:
        await asyncio.sleep(0.01)
    print(len(before), "httpcore" in loaded, job.state, sorted(of_the_client() - loaded))
    await studio.close()

asyncio.run(main())
"""


async def test_first_edit_after_the_warm_up_loads_no_more_of_the_http_library(photo: Photo) -> None:
    words = [sys.executable, "-c", _FIRST_EDIT, str(photo("chelsea.png"))]

    done = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, check=False)

    assert done.stdout == "0 True saved []\n", done.stderr
