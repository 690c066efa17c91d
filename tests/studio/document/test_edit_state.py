"""The edit as it stands: its problems, warning and price, worked out once, and the request it makes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Photo
from tests.studio.making import picture

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.imaging.masks.mask_png import decode_mask
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.parameters import Parameters
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.document.tray_commands import TrayCommands

Items = Callable[..., list[TrayItem]]


@pytest.fixture
def edit() -> CurrentEdit:
    parameters = Parameters(ModelTable.load(), EditParams(prompt="Remove the cup"))
    parameters.use_endpoint(EndpointProfile("OpenAI", "https://api.openai.com/v1"))
    return CurrentEdit(Session(8 * 1024 * 1024), parameters)


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


def fields(edit: CurrentEdit) -> list[str]:
    return [problem.field for problem in edit.state.problems]


async def test_edit_without_pictures_has_nothing_to_send(edit: CurrentEdit) -> None:
    assert fields(edit) == ["image"]


def test_state_is_worked_out_once_for_all_who_ask_and_anew_after_a_change(
    edit: CurrentEdit, items: Items
) -> None:
    edit.session.add(items("chelsea.png"))
    seen = [edit.state]

    for act in (
        lambda: None,
        lambda: edit.parameters.set(quality="high"),
        lambda: edit.parameters.fill_prompt_fields({"what": "cup"}),
        edit.parameters.prices_changed,
        lambda: paint(edit.session, 100, 100),
        edit.session.undo,
        lambda: edit.session.add(items("coffee.png")),
    ):
        act()
        seen.append(edit.state)

    assert seen[0] is seen[1]
    assert len({id(state) for state in seen[1:]}) == 7


def test_change_is_told_by_its_name(edit: CurrentEdit, items: Items) -> None:
    told: list[frozenset[str]] = []
    edit.session.add(items("chelsea.png", "coffee.png"))
    edit.changed.connect(told.append)

    edit.parameters.set(quality="high", n=2)
    edit.parameters.set(quality="high")
    edit.parameters.fill_prompt_fields({"what": "cup"})
    edit.parameters.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1"))
    paint(edit.session, 100, 100)
    edit.session.show(edit.session.tray[1].id)
    paint(edit.session, 100, 100)  # whose mask isn't sent

    assert told == [{"quality", "n"}, {"fields"}, {"endpoint"}, {"mask"}]


def test_picture_that_is_renamed_is_followed_by_prompt_and_fields(edit: CurrentEdit, items: Items) -> None:
    edit.session.add(items("chelsea.png"))
    edit.parameters.set(prompt="@chelsea.png in {place}")
    edit.parameters.fill_prompt_fields({"place": "the light of @chelsea.png"})

    TrayCommands(edit.session).rename(edit.session.tray[0].id, "cat")
    renamed = edit.state
    edit.session.undo()

    assert renamed.params.prompt == "@cat in {place}"
    assert renamed.sent.prompt == "image 1 in the light of image 1"
    assert edit.state.params.prompt == "@chelsea.png in {place}"


async def test_request_has_the_mask_as_the_service_reads_it(edit: CurrentEdit, items: Items) -> None:
    edit.session.add(items("chelsea.png", "coffee.png"))
    edit.session.show(edit.session.tray[0].id)
    paint(edit.session, 100, 100)

    request = await edit.request()

    assert request.mask is not None
    coverage = decode_mask(request.mask)
    assert coverage.shape == (300, 451)
    assert coverage[100, 100] == 255
    assert coverage[290, 440] == 0
    assert [one.name for one in request.pictures] == ["chelsea.png", "coffee.png"]


async def test_request_without_paint_has_no_mask(edit: CurrentEdit, items: Items) -> None:
    edit.session.add(items("chelsea.png"))

    request = await edit.request()

    assert request.mask is None
    assert edit.state.plan == "Edits 1 · chelsea.png as a whole."
    assert edit.state.warning == "Nothing is painted."


async def test_request_stays_as_it_was_whatever_the_user_does_meanwhile(
    edit: CurrentEdit, items: Items
) -> None:
    edit.session.add(items("chelsea.png"))
    request = await edit.request()

    edit.parameters.set(prompt="Something else")
    edit.session.add(items("coffee.png"))

    assert request.params.prompt == "Remove the cup"
    assert len(request.pictures) == 1


async def test_request_made_from_a_result_names_it_as_its_parent(
    edit: CurrentEdit, items: Items, photo: Photo, tmp_path: Path
) -> None:
    result = tmp_path / "2026-11-22 a result.png"
    result.write_bytes(photo("chelsea.png").read_bytes())
    result.with_name("2026-11-22 a result.overpaint.json").write_text("{}")
    made = picture(result)
    edit.session.add([TrayItem(0, made, result, "", Mask(451, 300)), *items("coffee.png")])

    request = await edit.request()

    assert request.parents == (result,)


async def test_request_while_something_is_wrong_is_a_mistake_of_the_caller(edit: CurrentEdit) -> None:
    with pytest.raises(ValueError, match="Add a picture"):
        await edit.request()


def test_problems_stand_beside_the_fields_they_concern(edit: CurrentEdit, items: Items) -> None:
    edit.session.add(items("chelsea.png"))

    edit.parameters.set(prompt=" ", size="1537x1024", n=11)

    assert set(fields(edit)) == {"prompt", "size", "n"}
    near = next(problem.suggestion for problem in edit.state.problems if problem.field == "size")
    assert near == "1536x1024"


def test_endpoint_without_streaming_takes_several_pictures_and_no_price_for_partials(
    edit: CurrentEdit, items: Items
) -> None:
    edit.session.add(items("chelsea.png"))
    edit.parameters.set(n=2, stream=True, partial_images=3, size="1024x1024", quality="low")

    edit.parameters.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1", streams="no"))

    assert edit.state.problems == ()
    assert edit.state.estimate.partials == 0


def test_endpoint_that_is_the_same_changes_nothing(edit: CurrentEdit) -> None:
    told: list[bool] = []
    edit.parameters.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1"))
    edit.changed.connect(lambda _: told.append(True))

    edit.parameters.use_endpoint(EndpointProfile("Plain", "https://api.example.com/v1"))

    assert told == []


def test_endpoint_of_its_own_models_and_prices_is_followed(edit: CurrentEdit, items: Items) -> None:
    edit.session.add(items("chelsea.png"))
    edit.parameters.set(size="1024x1024", quality="low")
    before = edit.state.estimate.high

    edit.parameters.use_endpoint(
        EndpointProfile("Reseller", "https://api.example.com/v1", models=("mine",), price_multiplier=2.0)
    )

    assert edit.parameters.models == ("mine",)
    assert edit.state.estimate.high == pytest.approx(2 * before)


def test_mask_that_covers_everything_is_left_to_lint(edit: CurrentEdit, items: Items) -> None:
    edit.session.add(items("chelsea.png"))

    edit.session.fill_mask()

    assert edit.state.warning == ""


def test_more_pictures_than_the_model_takes_are_told_to_be_left_out(items: Items, tmp_path: Path) -> None:
    table = tmp_path / "models.toml"
    table.write_text('[[model]]\nfamily = "x"\nnames = ["x"]\nmax_pictures = 1\n')
    parameters = Parameters(ModelTable.load(table), EditParams(model="x", prompt="Remove the cup"))
    parameters.use_endpoint(EndpointProfile("OpenAI", "https://api.openai.com/v1"))
    edit = CurrentEdit(Session(8 * 1024 * 1024), parameters)
    edit.session.add(items("chelsea.png", "coffee.png"))
    assert [(one.field, one.message) for one in edit.state.problems] == [
        ("too many", "This model takes at most one picture: switch the eyes of others off.")
    ]

    TrayCommands(edit.session).set_sent(edit.session.tray[0].id, False)

    assert edit.state.problems == ()
    assert edit.state.plan == "Edits 1 · coffee.png as a whole."
