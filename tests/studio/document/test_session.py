"""The session: pictures, their masks, and undo."""

from collections.abc import Callable

import numpy as np
import pytest
from tests.conftest import Photo
from tests.studio.making import picture

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem

Items = Callable[..., list[TrayItem]]


@pytest.fixture
def session() -> Session:
    return Session(8 * 1024 * 1024)


@pytest.fixture
def items(photo: Photo) -> Items:
    def make(*names: str) -> list[TrayItem]:
        found = [picture(photo(name)) for name in names]
        return [TrayItem(0, one, one.path, "", Mask(one.size.width, one.size.height)) for one in found]

    return make


def paint(session: Session, x: float, y: float) -> None:
    stroke = session.stroke(Brush(40, 1.0, 1.0))
    assert stroke is not None
    session.notify_stroke(stroke.begin(x, y))
    stroke.finish()
    session.notify_stroke(Rect(0, 0, 1, 1))


def names(session: Session) -> list[str]:
    return [item.name for item in session.tray]


def test_pictures_that_are_added_stand_at_the_end_and_the_first_of_them_is_shown(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png"))

    session.add(items("coffee.png", "rocket.png"))

    assert names(session) == ["chelsea.png", "coffee.png", "rocket.png"]
    assert session.current is session.tray[1]
    assert session.first_picture is session.tray[0]


def test_every_change_of_the_tray_is_undone_and_done_again_in_one_step(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png", "coffee.png", "rocket.png"))
    session.move(session.tray[2].id, 0)
    session.remove(session.tray[1].id)
    seen = [names(session)]

    for act in (session.undo, session.undo, session.undo, session.redo, session.redo, session.redo):
        act()
        seen.append(names(session))

    assert seen[0] == ["rocket.png", "coffee.png"]
    assert seen[1] == ["rocket.png", "chelsea.png", "coffee.png"]
    assert seen[2] == ["chelsea.png", "coffee.png", "rocket.png"]
    assert seen[3] == []
    assert seen[4:] == seen[2::-1]


def test_mask_goes_with_its_picture_and_comes_back_with_it(session: Session, items: Items) -> None:
    session.add(items("chelsea.png", "coffee.png"))
    paint(session, 100, 100)
    painted = session.tray[0].mask.coverage.copy()

    session.move(session.tray[0].id, 1)
    session.remove(session.tray[1].id)
    session.undo()

    assert np.array_equal(session.tray[1].mask.coverage, painted)
    assert session.tray[0].mask.is_empty()


def test_picture_that_is_removed_while_shown_makes_room_for_its_neighbour(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png", "coffee.png", "rocket.png"))
    session.show(session.tray[2].id)

    session.remove(session.tray[2].id)

    assert session.current is session.tray[1]


def test_last_picture_that_is_removed_leaves_nothing_to_show_or_send(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))

    session.remove(session.tray[0].id)

    assert session.current is None
    assert session.stroke(Brush(40, 1.0, 1.0)) is None


def test_stroke_is_one_step_of_undo_and_shows_the_picture_it_belongs_to(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png", "coffee.png"))
    session.show(session.tray[0].id)
    paint(session, 100, 100)
    session.show(session.tray[1].id)

    session.undo()

    assert session.current is session.tray[0]
    assert session.tray[0].mask.is_empty()


def test_undo_under_the_hand_does_nothing(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))
    stroke = session.stroke(Brush(40, 1.0, 1.0))
    assert stroke is not None
    stroke.begin(100, 100)

    session.undo()

    assert names(session) == ["chelsea.png"]
    stroke.finish()
    assert not session.tray[0].mask.is_empty()


def test_mask_that_is_filled_cleared_and_inverted_is_full_each_step_undoable(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png"))
    mask = session.tray[0].mask
    for act in (session.fill_mask, session.clear_mask, session.invert_mask):
        act()
    seen = [mask.fraction()]

    for _ in range(3):
        session.undo()
        seen.append(mask.fraction())

    assert seen == [1.0, 0.0, 1.0, 0.0]


def test_painting_is_told_apart_from_the_edit_that_it_becomes(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))
    told: list[str] = []
    session.mask_painting.connect(lambda *_: told.append("painting"))
    session.mask_edited.connect(lambda *_: told.append("edited"))
    stroke = session.stroke(Brush(40, 1.0, 1.0))
    assert stroke is not None

    session.notify_stroke(stroke.begin(100, 100))
    session.notify_stroke(stroke.extend(160, 100))
    stroke.finish()
    session.notify_stroke(EMPTY)
    for act in (session.undo, session.redo, session.invert_mask):
        act()

    assert told == ["painting", "painting", "edited", "edited", "edited", "edited"]


def test_smaller_undo_memory_forgets_the_oldest_acts_at_once_and_tells(
    session: Session, items: Items
) -> None:
    session.start_with(items("chelsea.png"))
    for x in range(40, 400, 40):
        paint(session, x, 100)
    told: list[int] = []
    session.history_changed.connect(lambda: told.append(len(session.history.names())))

    session.history.settle()
    session.set_undo_budget(session.history.bytes_used - 1)
    session.set_undo_budget(session.history.budget_bytes)

    assert len(told) == 1
    assert 0 < told[0] < 9
    assert session.history.bytes_used <= session.history.budget_bytes
