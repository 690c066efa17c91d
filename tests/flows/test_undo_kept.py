"""Undo goes on where the program ended, however it ended: closed, or killed in the middle of painting."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.flows.desk import CONTROL, SHIFT, Desk, desk
from tests.flows.wait import until

Photo = Callable[..., Path]

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def painter(picture: Path, strokes: int) -> AsyncIterator[subprocess.Popen[bytes]]:
    process = start(picture, strokes)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def start(picture: Path, strokes: int) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("killed_painter.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(picture), str(strokes)],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'app'}{os.pathsep}{ROOT}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def line(process: subprocess.Popen[bytes]) -> str:
    """The next line that the painter prints."""
    assert process.stdout is not None
    assert process.stderr is not None
    said = await asyncio.to_thread(process.stdout.readline)
    assert said, process.stderr.read().decode()
    return said.decode().strip()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def digest(app: Desk) -> str:
    return hashlib.sha256(app.item.mask.coverage.tobytes()).hexdigest()


async def restored(app: Desk, picture: str) -> None:
    await until(lambda: app.names == [picture])
    await app.on_canvas()
    app.canvas.setFocus()


async def test_five_strokes_of_a_killed_window_are_undone_and_redone_byte_for_byte(photo: Photo) -> None:
    async with painter(photo("coffee.png"), 5) as process:
        said = [await line(process) for _ in range(7)]
        kill(process)
    painted = said[5]

    async with desk() as app:
        await restored(app, "coffee.png")
        assert digest(app) == painted
        for _ in range(5):
            assert app.item.mask.coverage.any()
            app.key(Qt.Key.Key_Z, CONTROL)
        assert not app.item.mask.coverage.any()
        for _ in range(5):
            assert digest(app) != painted
            app.key(Qt.Key.Key_Z, CONTROL | SHIFT)
        assert digest(app) == painted


@pytest.mark.parametrize("strokes", [2, 60, 190, 400])
async def test_window_killed_at_any_moment_of_painting_never_undoes_wrongly(
    photo: Photo, strokes: int
) -> None:
    async with painter(photo("coffee.png"), 0) as process:
        for _ in range(strokes):
            await line(process)
        kill(process)

    async with desk() as app:
        await restored(app, "coffee.png")
        kept, history = digest(app), app.studio.session.history
        assert history.names().count("Brush stroke") >= 1
        app.studio.session.go_to(1)
        assert not app.item.mask.coverage.any()
        app.studio.session.go_to(len(history.names()))
        assert digest(app) == kept


async def test_undone_strokes_can_be_redone_after_the_program_was_closed(photo: Photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        for y in (80.0, 160.0, 240.0):
            app.paint((100.0, y), (300.0, y))
        painted = digest(app)
        app.studio.session.undo()
        app.studio.session.undo()

    async with desk() as again:
        await restored(again, "coffee.png")
        assert again.studio.session.history.redo_name == "Brush stroke"

        again.key(Qt.Key.Key_Y, CONTROL)
        again.key(Qt.Key.Key_Y, CONTROL)

        assert digest(again) == painted
        assert not again.studio.session.history.can_redo
