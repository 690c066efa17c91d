"""Fields that the API may get one day: their rows alone bring them onto the wire, into the engine, the
command line and the inspector."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSpinBox
from tests.conftest import Photo
from tests.engine import serving
from tests.engine.serving import Engine, picture
from tests.flows.desk import LEFT
from tests.ui.inspector.inspector_bench import Bench, opened
from tests.wire_table.tomorrow import Tomorrow

from overpaint.api.transport.multipart import edit_form
from overpaint.cli_edit import run
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.request_rules import omitted_fields, problems
from overpaint.studio.document.effective_spec import effective_spec

START = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); "
    "from tests.wire_table.tomorrow import Tomorrow; from overpaint.engine.serve import serve; "
    "raise SystemExit(serve(None, None, Tomorrow))"
)
SPEC = ModelTable.load().find("gpt-image-2")
PLAIN = Tomorrow(prompt="make it warmer", stream=False, partial_images=0)
SET = {"sharpness": 7, "tiling": "both", "invisible_mark": True, "mark_text": "ours"}
WRONG = [
    ({"sharpness": 11}, "Between 0 and 10 degrees of sharpness."),
    ({"tiling": "odd"}, "“odd” is no tiling of gpt-image-2: choose auto, both, none."),
    ({"mark_text": "x" * 23}, "The mark text is 3 characters too long; 20 are allowed."),
]


# --- the rules and the wire


def test_new_fields_when_set_then_their_parts_follow_the_known_ones_byte_for_byte() -> None:
    profile = EndpointProfile("A server", "https://api.example.com/v1", true_word="True")

    form = edit_form(EditRequest(PLAIN.replace(**SET), ()), profile, SPEC)

    expected = (
        ("model", "gpt-image-2"),
        ("prompt", "make it warmer"),
        ("sharpness", "7"),
        ("tiling", "both"),
        ("invisible_mark", "True"),
        ("mark_text", "ours"),
    )
    parts = [
        f'--{form.boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in expected
    ]
    assert list(form.segments[:-1]) == parts


def test_new_fields_when_not_set_then_left_out_each_with_a_reason() -> None:
    left = dict(omitted_fields(PLAIN, SPEC))

    assert {name: left[name] for name in SET} == {
        "sharpness": "0 is the service's default",
        "tiling": "Left to the service",
        "invisible_mark": "No mark is made",
        "mark_text": "Only with a mark",
    }


@pytest.mark.parametrize(("changes", "message"), WRONG)
def test_new_field_when_out_of_its_row_then_a_problem_says_so(changes, message) -> None:
    (problem,) = problems(PLAIN.replace(**changes), SPEC)

    assert [problem.field] == list(changes)
    assert problem.message == message


def test_new_field_when_an_endpoint_drops_it_then_refused_in_the_endpoints_name() -> None:
    profile = EndpointProfile("A server", "https://api.example.com/v1", drop_fields=("tiling",))

    narrowed = effective_spec(SPEC, profile)

    assert dict(omitted_fields(PLAIN.replace(**SET), narrowed))["tiling"] == (
        "api.example.com doesn't take tiling"
    )


# --- the engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A running engine whose API has the new fields."""
    running = serving.start(START)
    yield running
    running.stop()


def test_engine_when_new_fields_are_sent_then_takes_them(engine: Engine, photo: Photo) -> None:
    sent = {"sharpness": "7", "tiling": "both", "invisible_mark": "true", "mark_text": "ours"}

    reply = engine.edit([picture(photo("chelsea.png", (48, 48)))], size="1024x640", **sent)

    assert reply.status_code == 200, reply.text


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        ({"sharpness": "11"}, "integer_above_max_value", "Expected a value <= 10, but got 11"),
        ({"sharpness": "-1"}, "integer_below_min_value", "Expected a value >= 0, but got -1"),
        ({"sharpness": "much"}, "invalid_type", "expected an integer"),
        ({"tiling": "odd"}, "invalid_value", "Supported values are: 'auto', 'both', and 'none'."),
        ({"invisible_mark": "maybe"}, "invalid_type", "expected a boolean"),
        (
            {"mark_text": "x" * 21, "invisible_mark": "true"},
            "string_above_max_length",
            "maximum length 20",
        ),
        ({"mark_text": "ours"}, "invalid_value", "not supported with this 'invisible_mark'"),
    ],
)
def test_engine_when_a_new_field_is_out_of_its_row_then_refuses_it_by_name(
    engine: Engine, photo: Photo, sent: dict[str, str], code: str, words: str
) -> None:
    reply = engine.edit([picture(photo("chelsea.png", (48, 48)))], **sent)

    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["code"]) == (400, next(iter(sent)), code)
    assert words in error["message"]


# --- the command line


def test_command_line_when_asked_for_help_then_lists_the_new_options(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--help"], Tomorrow)

    said = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    assert "--sharpness SHARPNESS how crisp, 0 to 10" in said
    assert "--tiling TILING auto, both, none" in said
    assert "--invisible-mark, --no-invisible-mark" in said
    assert "--mark-text MARK_TEXT" in said


@pytest.fixture
def edited(
    engine: Engine, photo: Photo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Runs an edit at the engine of the new fields and gives its exit code."""
    monkeypatch.setenv("OVERPAINT_API_KEY", engine.token)
    known = ("--prompt", "Make it warmer", "--size", "1024x640", "--base-url", engine.base_url, "--json")

    def edit(*words: str) -> int:
        given = ("--image", photo("chelsea.png", (48, 48)), "--out", tmp_path / "out", *known, *words)
        return run([str(one) for one in given], Tomorrow)

    return edit


def test_command_line_when_new_fields_are_named_then_the_edit_is_made(edited, capsys) -> None:
    code = edited("--sharpness", "7", "--tiling", "both", "--invisible-mark", "--mark-text", "ours")

    said = json.loads(capsys.readouterr().out)
    assert code == 0, said
    (sidecar,) = said["sidecars"]
    assert json.loads(Path(sidecar).read_text())["params"].items() >= SET.items()


def test_command_line_when_a_new_field_is_out_of_its_row_then_says_so(edited, capsys) -> None:
    code = edited("--sharpness", "11")

    assert code == 1
    assert "Between 0 and 10 degrees of sharpness." in json.loads(capsys.readouterr().out)["error"]["message"]


# --- the inspector


@pytest.fixture
def bench(qtbot) -> Bench:
    return opened(qtbot, PLAIN)


def test_inspector_when_new_fields_are_edited_then_the_parameters_are_those(bench) -> None:
    QTest.keyClick(bench.get(QSpinBox, "sharpnessStepper"), Qt.Key.Key_Up)
    QTest.keyClick(bench.get(QComboBox, "tilingCombo"), Qt.Key.Key_Down)
    QTest.keyClick(bench.get(QCheckBox, "invisible_markCheck"), Qt.Key.Key_Space)
    QTest.keyClicks(bench.get(QLineEdit, "mark_textEdit"), "ours")

    params = bench.parameters.params
    assert (params.sharpness, params.tiling, params.invisible_mark, params.mark_text) == (
        1, "both", True, "ours",
    )  # fmt: skip


def test_inspector_when_new_fields_change_elsewhere_then_shows_them(bench) -> None:
    bench.parameters.set(**SET)

    assert bench.get(QSpinBox, "sharpnessStepper").value() == 7
    assert bench.get(QComboBox, "tilingCombo").currentText() == "Both ways"
    assert bench.get(QCheckBox, "invisible_markCheck").isChecked()
    assert bench.get(QLineEdit, "mark_textEdit").text() == "ours"


@pytest.mark.parametrize(("changes", "message"), WRONG)
def test_inspector_when_a_new_field_is_wrong_then_says_it_beside_the_field(bench, changes, message) -> None:
    bench.parameters.set(invisible_mark=True, **changes)

    (name,) = changes
    assert bench.panel.rows[name].words() == message


def test_inspector_when_a_wrong_new_field_is_put_right_then_the_parameter_is_legal(bench) -> None:
    bench.parameters.set(sharpness=11)

    QTest.mouseClick(bench.get(QPushButton, "sharpnessFieldMend"), LEFT)

    assert bench.parameters.params.sharpness == 10
    assert bench.panel.rows["sharpness"].words() == ""


def test_inspector_when_a_new_field_has_no_effect_then_it_is_off_and_says_why(bench) -> None:
    assert not bench.get(QLineEdit, "mark_textEdit").isEnabled()
    assert bench.panel.rows["mark_text"].words() == "No mark is made."
