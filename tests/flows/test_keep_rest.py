"""The rest of the picture stays as it was, though the service has redrawn, moved and tinted all of it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLineEdit
from tests.api import wire
from tests.drift.simulator import Move, drift
from tests.fault_server import Script
from tests.flows.desk import Desk
from tests.flows.shop import Shop, shop
from tests.flows.wait import settled, until

from overpaint.library.gallery import sidecar
from overpaint.studio.results import kept_words
from overpaint.studio.results.kept_results import KeptState

MOVE = Move(dx=6, dy=-4, zoom=0.985, turn=0.4, gains=(1.04, 0.98, 0.95), softness=0.6, jpeg=92)


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def pixels(file: Path) -> np.ndarray:
    return np.asarray(Image.open(file).convert("RGB"))


@asynccontextmanager
async def edited(photo, *results: bytes) -> AsyncIterator[Shop]:
    """A window in which a blob was painted and the edit has come back from a server as those results."""
    scripts = [Script(body=wire.plain(result)) for result in results]
    async with shop(photo, *scripts) as here:
        here.app.paint((200, 150), (260, 190), (320, 210))
        await here.generate()
        await here.app.ended()
        yield here


def drifted(photo) -> bytes:
    return png(drift(pixels(photo("chelsea.jpg")), None, MOVE).result)


def state(app: Desk) -> KeptState:
    return app.studio.kept_results.state_of(app.job.results[-1])


async def kept(app: Desk) -> Path:
    await until(lambda: not state(app).busy)
    file = state(app).kept
    assert file is not None, state(app).words
    return file


def painted(app: Desk) -> np.ndarray:
    return app.item.mask.coverage > 0


async def test_nothing_outside_the_mask_differs_in_the_picture_that_is_kept(photo) -> None:
    came = drifted(photo)
    async with edited(photo, came) as here:
        app = here.app
        result, picture = pixels(await kept(app)), pixels(photo("chelsea.jpg"))

        outside = ~painted(app)
        assert np.array_equal(result[outside], picture[outside])
        assert not np.array_equal(result, picture)
        assert app.job.results[-1].path.read_bytes() == came
        assert (pixels(app.job.results[-1].path) != picture).any(axis=2)[outside].mean() > 0.5
        assert app.words("seamProof") == f"✓ 0 of {outside.sum():,} pixels outside changed"
        assert app.words("seamFacts").startswith("Aligned: ")


async def test_canvas_shows_the_kept_picture_and_the_result_as_it_came_without_the_switch(photo) -> None:
    async with edited(photo, drifted(photo)) as here:
        app, file = here.app, await kept(here.app)
        expected, raw = pixels(file), pixels(app.job.results[-1].path)
        await until(lambda: shows(app, expected))

        app.find(QCheckBox, "keepRest").click()
        await until(lambda: shows(app, raw))
        assert not app.words("seamProof")

        app.find(QCheckBox, "keepRest").click()
        await until(lambda: shows(app, expected))


def shows(app: Desk, expected: np.ndarray) -> bool:
    shown = app.canvas.result
    return shown is not None and np.array_equal(shown.pixels[..., 2::-1], expected)


async def test_sidecar_says_how_it_was_made_and_the_gallery_finds_it(photo) -> None:
    async with edited(photo, drifted(photo)) as here:
        file = await kept(here.app)

        saved = here.app.studio.gallery().result(here.app.job.results[-1].path.name)
        assert saved.kept == file
        assert saved.sidecar is not None
        composite = sidecar.read(saved.sidecar).composite
        assert composite is not None
        assert composite.layers[0].placement.way == "aligned"
        assert composite.drift.changed_after == 0
        assert composite.drift.rerendered > 0.3
        assert len(here.app.studio.gallery().results()) == 1


async def test_feather_is_set_after_the_run_and_the_outside_stays(photo) -> None:
    async with edited(photo, drifted(photo)) as here:
        app = here.app
        before = pixels(await kept(app))

        app.type_over(app.find(QLineEdit, "seamFeatherValue"), "30")
        app.key(Qt.Key.Key_Return)
        await until(lambda: app.studio.settings.current.seam.feather == 30)
        await until(lambda: (made := state(app).composite) is not None and made.seam.feather == 30)
        await settled()

        after, picture = pixels(await kept(app)), pixels(photo("chelsea.jpg"))
        assert not np.array_equal(after, before)
        assert np.array_equal(after[~painted(app)], picture[~painted(app)])


async def test_replace_takes_the_kept_picture_and_notes_the_result_as_its_parent(photo) -> None:
    async with edited(photo, drifted(photo), drifted(photo)) as here:
        app = here.app
        expected, first = pixels(await kept(app)), app.job.results[-1].path
        app.window.wiring.runs.replace_by_result()
        app.click(await until(lambda: app.window.findChild(QAbstractButton, "which0")))
        await until(lambda: "kept" in app.item.source.name)

        assert np.array_equal(pixels(app.item.picture.path), expected)
        assert (await app.studio.edit.request()).parents == (first,)


async def test_other_picture_stands_as_it_came_and_says_so(photo) -> None:
    came = photo("coffee.png").read_bytes()
    async with edited(photo, came) as here:
        app = here.app
        await until(lambda: not state(app).busy)

        assert state(app).kept is None
        assert app.words("seamFacts") == kept_words.ANOTHER_PICTURE
        assert app.job.error is None
        assert [one.name for one in app.gallery.glob("*.kept.png")] == []


@pytest.mark.error_logs("laying a result into its picture")
async def test_failing_step_leaves_the_result_as_if_it_were_switched_off(photo, monkeypatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("overpaint.studio.results.kept_result.match_colours", fail)
    came = drifted(photo)
    async with edited(photo, came) as here:
        app = here.app
        await until(lambda: not state(app).busy)

        assert app.words("seamFacts") == kept_words.NOT_KEPT
        assert app.job.results[-1].path.read_bytes() == came
        assert app.job.error is None
        await until(lambda: shows(app, pixels(app.job.results[-1].path)))


async def test_without_a_mask_the_whole_is_the_result(photo) -> None:
    async with shop(photo, Script(body=wire.plain(drifted(photo)))) as here:
        await here.generate()
        await here.app.ended()
        await settled()

        assert state(here.app).kept is None
        assert not state(here.app).busy
