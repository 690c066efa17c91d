"""The session: pictures, masks, parameters and undo, and the request they make."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Photo
from tests.studio.making import picture

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.imaging.masks.mask_png import decode_mask
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem

Items = Callable[..., list[TrayItem]]


@pytest.fixture
def session() -> Session:
    one = Session(ModelTable.load(), EditParams(prompt="Remove the cup"), 8 * 1024 * 1024)
    one.use_endpoint(EndpointProfile("OpenAI", "https://api.openai.com/v1"))
    return one


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


def fields(session: Session) -> list[str]:
    return [problem.field for problem in session.problems()]


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
    assert fields(session) == ["image"]
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


async def test_request_has_the_mask_as_the_service_reads_it(session: Session, items: Items) -> None:
    session.add(items("chelsea.png", "coffee.png"))
    session.show(session.tray[0].id)
    paint(session, 100, 100)

    request = await session.request()

    assert request.mask is not None
    coverage = decode_mask(request.mask)
    assert coverage.shape == (300, 451)
    assert coverage[100, 100] == 255
    assert coverage[290, 440] == 0
    assert [one.name for one in request.pictures] == ["chelsea.png", "coffee.png"]


async def test_request_without_paint_has_no_mask(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))

    request = await session.request()

    assert request.mask is None
    assert "whole picture" in session.remark()


async def test_request_stays_as_it_was_whatever_the_user_does_meanwhile(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png"))
    request = await session.request()

    session.set(prompt="Something else")
    session.add(items("coffee.png"))

    assert request.params.prompt == "Remove the cup"
    assert len(request.pictures) == 1


async def test_request_made_from_a_result_names_it_as_its_parent(
    session: Session, items: Items, photo: Photo, tmp_path: Path
) -> None:
    result = tmp_path / "2026-11-22 a result.png"
    result.write_bytes(photo("chelsea.png").read_bytes())
    result.with_name("2026-11-22 a result.overpaint.json").write_text("{}")
    made = picture(result)
    session.add([TrayItem(0, made, result, "", Mask(451, 300)), *items("coffee.png")])

    request = await session.request()

    assert request.parents == (result,)


async def test_request_while_something_is_wrong_is_a_mistake_of_the_caller(session: Session) -> None:
    with pytest.raises(ValueError, match="Add a picture"):
        await session.request()


def test_problems_stand_beside_the_fields_they_concern(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))

    session.set(prompt=" ", size="1537x1024", n=11)

    assert set(fields(session)) == {"prompt", "size", "n"}
    near = next(problem.suggestion for problem in session.problems() if problem.field == "size")
    assert near == "1536x1024"


def test_endpoint_without_streaming_takes_several_pictures_and_no_price_for_partials(
    session: Session, items: Items
) -> None:
    session.add(items("chelsea.png"))
    session.set(n=2, stream=True, partial_images=3, size="1024x1024", quality="low")

    session.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1", streams="no"))

    assert session.problems() == ()
    assert session.estimate().partials == 0


def test_endpoint_that_is_the_same_changes_nothing(session: Session) -> None:
    told: list[bool] = []
    session.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1"))
    session.params_changed.connect(lambda: told.append(True))

    session.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1"))

    assert told == []


def test_endpoint_of_its_own_models_and_prices_is_followed(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))
    session.set(size="1024x1024", quality="low")
    before = session.estimate().high

    session.use_endpoint(
        EndpointProfile("Reseller", "https://api.example.com/v1", models=("mine",), price_multiplier=2.0)
    )

    assert session.models == ("mine",)
    assert session.estimate().high == pytest.approx(2 * before)


def test_mask_that_covers_everything_is_left_to_lint(session: Session, items: Items) -> None:
    session.add(items("chelsea.png"))

    session.fill_mask()

    assert session.remark() == ""


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
