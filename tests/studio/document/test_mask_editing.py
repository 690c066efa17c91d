"""Changes of a mask that take their time: they wait, try again, and never undo what was painted meanwhile."""

import asyncio
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from tests.conftest import Photo
from tests.studio.making import picture

from overpaint.core.errors import MaskBusy
from overpaint.core.masks import mask_combine
from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.studio.document.mask_editing import edit_mask
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem

SPOT = Rect(10, 10, 20, 20)


@pytest.fixture
def session(photo: Photo) -> Session:
    made = Session(8 * 1024 * 1024)
    one = picture(photo("chelsea.png"))
    made.start_with([TrayItem(0, one, Path(one.path), mask=Mask(one.size.width, one.size.height))])
    return made


@pytest.fixture
def mask(session: Session) -> Mask:
    return session.tray[0].mask


def begun(session: Session) -> Stroke:
    stroke = session.stroke(Brush(30, 1.0, 1.0))
    assert stroke is not None
    session.notify_stroke(stroke.begin(200, 200))
    return stroke


def ended(session: Session, stroke: Stroke) -> None:
    stroke.finish()
    session.notify_stroke(EMPTY)


def spot(mask: Mask) -> MaskEntry | None:
    """Adds a square."""
    return mask_combine.prepare(mask, "Spot", (SPOT, np.full((20, 20), 255, np.uint8)), "add")


def inverted(mask: Mask) -> MaskEntry | None:
    """A change that depends on every pixel that is there."""
    whole = mask.rect, np.invert(mask.coverage)
    return mask_combine.prepare(mask, "Invert", whole, "replace")


async def test_change_waits_until_the_stroke_is_over(session: Session, mask: Mask) -> None:
    stroke = begun(session)
    asyncio.get_running_loop().call_soon(ended, session, stroke)
    recording = []

    def prepare() -> MaskEntry | None:
        recording.append(session.history.recording)
        return spot(mask)

    assert await edit_mask(session, mask, prepare)

    assert recording == [False]
    assert session.history.names() == ["Brush stroke", "Spot"]


async def test_mask_painted_meanwhile_keeps_its_paint_and_the_change_is_prepared_again(
    session: Session, mask: Mask
) -> None:
    loop, tries = asyncio.get_running_loop(), []
    painted = Event()

    def paint() -> None:
        ended(session, begun(session))
        painted.set()

    def prepare() -> MaskEntry | None:
        tries.append(True)
        entry = inverted(mask)
        if len(tries) == 1:
            loop.call_soon_threadsafe(paint)
            painted.wait(10)
        return entry

    assert await edit_mask(session, mask, prepare)

    assert len(tries) == 2
    assert session.history.names() == ["Brush stroke", "Invert"]
    assert mask.coverage[200, 200] == 0
    assert mask.coverage[15, 15] == 255


async def test_mask_that_is_never_left_alone_is_given_up_in_words(session: Session, mask: Mask) -> None:
    loop, tries = asyncio.get_running_loop(), []

    def paint(done: Event) -> None:
        ended(session, begun(session))
        session.undo()
        done.set()

    def prepare() -> MaskEntry | None:
        tries.append(True)
        done = Event()
        loop.call_soon_threadsafe(paint, done)
        done.wait(10)
        return spot(mask)

    with pytest.raises(MaskBusy, match="nothing was done"):
        await edit_mask(session, mask, prepare)

    assert 1 < len(tries) <= 20
    assert mask.bounds().empty


async def test_picture_that_left_the_tray_meanwhile_is_left_alone(session: Session, mask: Mask) -> None:
    loop, gone = asyncio.get_running_loop(), Event()

    def remove() -> None:
        session.remove(session.tray[0].id)
        gone.set()

    def prepare() -> MaskEntry | None:
        loop.call_soon_threadsafe(remove)
        gone.wait(10)
        return spot(mask)

    assert not await edit_mask(session, mask, prepare)

    assert mask.bounds().empty
    assert session.history.names() == ["Remove picture"]
