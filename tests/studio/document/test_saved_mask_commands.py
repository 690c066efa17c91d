"""Named masks: saved with their picture, brought back in four ways, each act undone in one step."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.studio.making import picture

from overpaint.core.errors import PictureError
from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask, stretched
from overpaint.core.masks.mask_combine import Combine
from overpaint.core.paint.brush_stroke import Brush
from overpaint.studio.document.saved_mask_commands import SavedMaskCommands
from overpaint.studio.document.saved_masks import SavedMask, SavedMasks
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem


@pytest.fixture
def session(photo: Photo) -> Session:
    one = Session(8 * 1024 * 1024)
    found = [picture(photo(name)) for name in ("chelsea.png", "coffee.png")]
    one.start_with(
        TrayItem(0, made, made.path, "", Mask(made.size.width, made.size.height)) for made in found
    )
    return one


@pytest.fixture
def masks(session: Session) -> SavedMaskCommands:
    return SavedMaskCommands(session)


def mark(session: Session, rect: Rect, value: int = 255) -> None:
    """Replaces the current mask by a rectangle of one strength."""
    assert session.current is not None
    patch = rect, np.full((rect.height, rect.width), value, np.uint8)
    session.select(session.current.mask, "Rectangle", patch, "replace")


def coverage(session: Session) -> np.ndarray:
    assert session.current is not None
    return session.current.mask.coverage.copy()


def names(masks: SavedMaskCommands) -> list[str]:
    return [mask.name for mask in masks.masks]


async def saved(masks: SavedMaskCommands, name: str) -> SavedMask:
    one = await masks.save(name)
    assert one is not None
    return one


LEFT, RIGHT = Rect(10, 10, 100, 80), Rect(60, 30, 120, 90)


@pytest.mark.parametrize("how", ["replace", "add", "subtract", "intersect"])
async def test_saved_mask_that_is_taken_follows_the_rule_of_its_way(
    session: Session, masks: SavedMaskCommands, how: Combine
) -> None:
    mark(session, LEFT, 200)
    one = await saved(masks, "Left")
    new = coverage(session)
    mark(session, RIGHT)
    old = coverage(session)
    expected = {
        "replace": new,
        "add": np.maximum(old, new),
        "subtract": np.minimum(old, 255 - new),
        "intersect": np.minimum(old, new),
    }

    assert await masks.load(one, how)

    assert np.array_equal(coverage(session), expected[how])
    session.undo()
    assert np.array_equal(coverage(session), old)


async def test_every_act_is_one_entry_with_its_name(session: Session, masks: SavedMaskCommands) -> None:
    mark(session, LEFT)
    one = await saved(masks, "Sky")
    mark(session, RIGHT)
    await masks.load(one, "add")
    await masks.load(one, "subtract")
    await masks.load(one, "replace")
    mark(session, RIGHT)
    await masks.load(one, "intersect")
    masks.rename(one, "Clouds")
    masks.delete(masks.masks[0])

    assert session.history.names() == [
        "Rectangle",
        "Save mask “Sky”",
        "Rectangle",
        "Add mask “Sky”",
        "Subtract mask “Sky”",
        "Load mask “Sky”",
        "Rectangle",
        "Intersect with mask “Sky”",
        "Rename mask to “Clouds”",
        "Delete mask “Clouds”",
    ]


async def test_saving_renaming_and_deleting_are_undone_and_redone_one_by_one(
    session: Session, masks: SavedMaskCommands
) -> None:
    await saved(masks, "A")
    await saved(masks, "B")
    masks.rename(masks.masks[0], "C")
    masks.delete(masks.masks[0])
    seen = [names(masks)]

    for act in [session.undo] * 4 + [session.redo] * 4:
        act()
        seen.append(names(masks))

    assert seen == [["B"], ["C", "B"], ["A", "B"], ["A"], [], ["A"], ["A", "B"], ["C", "B"], ["B"]]


async def test_name_that_is_taken_gets_a_number(masks: SavedMaskCommands) -> None:
    for name in ("Sky", "sky", " Sky ", "", "\n"):
        await masks.save(name)

    masks.rename(masks.masks[3], "SKY")
    masks.rename(masks.masks[0], "sky")

    assert names(masks) == ["sky", "sky 2", "Sky 3", "SKY 4", "Mask 2"]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_free_names_are_always_one_short_line_and_never_twice_the_same(wanted: list[str]) -> None:
    shelf = SavedMasks()
    for name in wanted:
        shelf.masks = (*shelf.masks, SavedMask(shelf.free_name(name), b"", 0.0))

    found = [mask.name for mask in shelf.masks]

    assert len({name.casefold() for name in found}) == len(found)
    assert all(name and name == " ".join(name.split()) and len(name) < 70 for name in found)


async def test_saved_masks_belong_to_their_picture_and_go_with_it(
    session: Session, masks: SavedMaskCommands
) -> None:
    await saved(masks, "Cat")
    cat, cup = session.tray
    session.show(cup.id)
    assert names(masks) == []
    await saved(masks, "Cup")

    session.move(cat.id, 1)
    session.remove(cat.id)
    session.undo()
    session.show(cat.id)

    assert names(masks) == ["Cat"]


async def test_undo_of_a_saved_mask_turns_to_its_picture(session: Session, masks: SavedMaskCommands) -> None:
    await saved(masks, "Cat")
    session.show(session.tray[1].id)

    session.undo()

    assert session.current is session.tray[0]
    assert names(masks) == []


async def test_no_act_interrupts_a_stroke(session: Session, masks: SavedMaskCommands) -> None:
    one = await saved(masks, "Cat")
    stroke = session.stroke(Brush(30))
    assert stroke is not None
    stroke.begin(50, 50)

    assert await masks.save("Other") is None
    assert not masks.rename(one, "Dog")
    assert not masks.delete(one)

    stroke.finish()
    assert session.history.names() == ["Save mask “Cat”", "Brush stroke"]


async def test_picture_removed_meanwhile_gets_no_mask_and_no_entry(
    session: Session, masks: SavedMaskCommands
) -> None:
    async def remove() -> None:
        session.remove(session.tray[0].id)

    late, _ = await asyncio.gather(masks.save("Late"), remove())

    assert late is None
    assert session.history.names() == ["Remove picture"]


async def test_saved_mask_of_another_size_is_stretched_without_mixing(
    session: Session, masks: SavedMaskCommands
) -> None:
    mark(session, LEFT)
    one = await saved(masks, "Cat")
    small = coverage(session)
    session.show(session.tray[1].id)

    assert await masks.load(one, "replace")

    current = session.current
    assert current is not None
    assert np.array_equal(current.mask.coverage, stretched(small, current.mask.width, current.mask.height))
    assert one.pixels == small.shape[::-1]
    assert set(np.unique(current.mask.coverage)) == {0, 255}


async def test_damaged_mask_is_told_and_changes_nothing(session: Session, masks: SavedMaskCommands) -> None:
    mark(session, LEFT)
    before = coverage(session)

    with pytest.raises(PictureError):
        await masks.load(SavedMask("Torn", b"\x89PNG", 0.5), "replace")

    assert np.array_equal(coverage(session), before)


async def test_saved_masks_take_little_memory(session: Session, masks: SavedMaskCommands) -> None:
    mark(session, LEFT)
    for _ in range(10):
        await masks.save("Mask")

    item = session.current
    assert item is not None
    assert item.shelf.size < item.mask.coverage.nbytes / 10


def test_twin_of_a_shelf_shares_neither_list_nor_files() -> None:
    shelf = SavedMasks((SavedMask("Sky", b"png", 0.5),))

    twin = shelf.copy()
    shelf.masks = ()

    (copy,) = twin.masks
    assert (copy.name, copy.png) == ("Sky", b"png")
    assert copy.file != replace(copy, file="other").file


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_stretched_always_takes_the_pixel_under_each_centre(
    width: int, height: int, wide: int, high: int
) -> None:
    old = np.arange(width * height, dtype=np.uint8).reshape(height, width)

    new = stretched(old, wide, high)

    rows = [int((y + 0.5) * height / high) for y in range(high)]
    columns = [int((x + 0.5) * width / wide) for x in range(wide)]
    assert np.array_equal(new, old[np.ix_(rows, columns)])
