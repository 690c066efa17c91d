"""Every field of the API by model family and value: what the inspector allows, what travels on the wire, and
what the engine answers. No field is ever sent to a model that refuses it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from tests.api.wire import plain
from tests.conftest import Photo
from tests.engine import serving
from tests.engine.serving import Engine
from tests.wire_table.relay import Relay
from tests.wire_table.table import FIELDS, MODELS, Case, cases

from overpaint.api.client import EditClient
from overpaint.core.masks.mask import Mask
from overpaint.core.request.edit_request import Picture, split_per_image
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size
from overpaint.core.results.edit_events import Completed
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.parameters import Parameters
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.tasks import Tasks
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.widgets.fields.titled_field import Field

SIDE = 48
DRAWN_SLOWLY = ("transparent",)
"""What takes the engine seconds: it is asked only whether it takes the value."""
PLAIN = {"prompt": "make it brighter", "stream": False, "partial_images": 0}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    running = serving.start()
    yield running
    running.stop()


@pytest.fixture
def picture(photo: Photo) -> Path:
    return photo("chelsea.png", (SIDE, SIDE))


@pytest.fixture
def pixels(picture: Path) -> bytes:
    """The picture's file."""
    return picture.read_bytes()


def edit_of(picture: Path) -> CurrentEdit:
    session = Session(1 << 20)
    sent = Picture(picture, picture.name, "png", Size(SIDE, SIDE), picture.stat().st_size)
    session.start_with([TrayItem(0, sent, picture, mask=Mask(SIDE, SIDE))])
    return CurrentEdit(session, Parameters(ModelTable.load(), EditParams()))


def allowed(panel: Inspector, name: str) -> tuple[bool, str]:
    """Whether the control of a field is on, and the words beside it."""
    if name == "size":
        (edit,), (note,) = panel.findChildren(QLineEdit, "widthEdit"), panel.findChildren(QLabel, "sizeNote")
        broken = [
            one.text()
            for one in panel.findChildren(QLabel)
            if one.objectName().startswith("sizeRule_") and one.property("role") == "problem"
        ]
        return edit.isEnabled(), "; ".join([*broken, *([] if note.isHidden() else [note.text()])])
    (field,) = panel.findChildren(Field, f"{name}Field")
    return field.control.isEnabled(), field.words()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[EditClient]:
    made = EditClient()
    yield made
    await made.close()


async def send(client: EditClient, edit: CurrentEdit, profile: EndpointProfile, key: str) -> int:
    """Sends the edit as it stands; how many pictures came."""
    came = 0
    spec = edit.state.spec
    for request in split_per_image(await edit.request(), spec):
        async with aclosing(client.edit(request, profile, key, spec)) as events:
            async for event in events:
                came += isinstance(event, Completed)
    return came


def named(engine: Engine, model: str, case: Case) -> str:
    """Which field the engine names first when the value is sent with a picture that is none, which it looks
    at last: ``image`` where it takes the value."""
    asked: dict[str, Any] = {"model": model, case.field: case.wire}
    for name, value in case.beside.items():
        if value not in (False, "auto"):
            asked[name] = str(value).lower()
    reply = engine.edit([serving.picture(b"no picture")], **asked)
    return str(reply.json()["error"]["param"])


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("model", MODELS)
async def test_field_of_a_model_is_allowed_sent_and_answered_as_the_table_says(
    qtbot: Any, engine: Engine, client: EditClient, picture: Path, pixels: bytes, model: str, name: str
) -> None:
    edit = edit_of(picture)
    parameters = edit.parameters
    panel = Inspector(edit, Tasks())
    qtbot.addWidget(panel)
    (generate,) = panel.findChildren(QPushButton, "generateButton")

    async with Relay(engine.netloc) as relay:
        profile = EndpointProfile("Engine", relay.base_url)
        parameters.use_endpoint(profile)
        for case in cases(model, name):
            parameters.set(**{"model": model, **PLAIN, **case.beside, name: case.value})
            on, words = allowed(panel, name)
            problems = [one.field for one in edit.state.problems]

            assert on == (case.outcome != "off"), case
            assert bool(words) == (case.outcome in ("off", "wrong")), (case, words)
            assert generate.isEnabled() == (case.outcome != "wrong"), case
            if case.outcome == "wrong":
                assert name in problems, case
                assert named(engine, model, case) == name, case
                continue
            assert problems == [], case
            answered = case.outcome == "sent" and case.value not in DRAWN_SLOWLY
            relay.ready = b"" if answered else plain(*[pixels] * parameters.params.n)
            assert await send(client, edit, profile, engine.token) == parameters.params.n
            travelled = dict(relay.texts)
            assert travelled.get(name) == (case.wire if case.outcome == "sent" else None), case
            assert (travelled["model"], travelled["prompt"]) == (model, PLAIN["prompt"])
            if case.outcome != "left" and not (answered or name == "partial_images"):
                assert named(engine, model, case) == ("image" if case.outcome == "sent" else name), case
            parameters.set(**{name: EditParams.__struct_defaults__[EditParams.__struct_fields__.index(name)]})


def test_every_field_of_the_parameters_stands_in_the_table() -> None:
    assert set(FIELDS) | {"prompt", "model"} == set(EditParams.__struct_fields__)


def test_every_model_family_of_the_program_stands_in_the_table() -> None:
    table = ModelTable.load()

    assert {table.find(model).family for model in MODELS} == {row.family for row in table.rows}
