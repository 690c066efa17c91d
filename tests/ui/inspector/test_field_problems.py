"""What is wrong stands beside its field and beside Generate, and leads from there to the field."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QWidget,
)
from tests.flows.desk import LEFT
from tests.ui.inspector.inspector_bench import Bench, opened

from overpaint.core.errors import Problem
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.prices import Estimate
from overpaint.ui.inspector.field_problems import problems_by_field
from overpaint.ui.inspector.generate_bar import Plan


@pytest.fixture
def bench(qtbot) -> Bench:
    return opened(qtbot)


AT_FAULT: dict[str, tuple[dict[str, object], str]] = {
    "prompt": ({"prompt": ""}, "promptEdit"),
    "model": ({"model": " "}, "modelCombo"),
    "size": ({"size": "1537x1024"}, "widthEdit"),
    "n": ({"n": 11}, "nStepper"),
    "background": ({"background": "transparent"}, "backgroundCombo"),
    "moderation": ({"moderation": "none"}, "moderationCombo"),
    "user": ({"user": "a\0b"}, "userEdit"),
}


@pytest.mark.parametrize("field", AT_FAULT)
def test_fault_beside_generate_leads_to_its_field(bench, field) -> None:
    changes, control = AT_FAULT[field]
    bench.panel.advanced.open(False)
    bench.parameters.set(**({"prompt": "x"} | changes))
    problem = next(one for one in bench.edit.state.problems if one.field == field)
    bench.panel.bar.show_state(
        problems_by_field([problem], bench.panel._places), Plan(), Estimate(), free=True
    )
    bench.panel._fault = problems_by_field([problem], bench.panel._places)

    QTest.mouseClick(bench.get(QPushButton, "generateFault"), LEFT)
    QApplication.processEvents()

    focus = QApplication.focusWidget()
    wanted = bench.get(QWidget, control)
    assert focus is not None
    assert focus is wanted or wanted.isAncestorOf(focus)
    assert not focus.visibleRegion().isEmpty()


@pytest.mark.parametrize(
    ("prompt", "fills", "control"),
    [
        ("a {what} in {colour}", {"what": "hat"}, "promptField_colour"),
        ("a {what} in {colour}", {}, "promptField_what"),
        ("@nobody in {colour}", {}, "promptEdit"),
        ("a {what}", {"what": "@nobody"}, "promptField_what"),
    ],
)
def test_fault_of_the_prompt_leads_to_the_line_that_it_is_in(bench, prompt, fills, control) -> None:
    bench.parameters.set(prompt=prompt)
    bench.parameters.fill_prompt_fields(fills)
    problem = next(one for one in bench.edit.state.problems if one.field == "prompt")
    bench.panel._fault = problems_by_field([problem], bench.panel._places)

    bench.panel.bar.problem_wanted.emit()

    assert QApplication.focusWidget() is bench.get(QWidget, control)


def test_problems_are_counted_beside_generate_and_each_said_beside_its_field(bench) -> None:
    bench.parameters.set(prompt="x", model="gpt-image-2", n=11, background="transparent")

    problems = bench.edit.state.problems
    assert len(problems) == 4  # the tray is empty, and the endpoint has no address
    assert bench.reason == f"{problems[0].message} (3 more)"
    assert bench.get(QLabel, "generateNote").toolTip().splitlines() == [one.message for one in problems]
    assert bench.panel.rows["n"].words() == "Between 1 and 10 variations."
    assert bench.panel.rows["background"].words().startswith("Transparent background is not supported")
    assert not bench.get(QPushButton, "generateButton").isEnabled()


@pytest.mark.parametrize(
    ("problem", "words"),
    [("image", "Add pictures…"), ("mask", "Show"), ("base_url", "Endpoint settings…")],
)
def test_fault_that_lies_elsewhere_is_asked_for_by_its_field(bench, qtbot, problem, words) -> None:
    fault = problems_by_field([Problem(problem, "Something is missing.")], bench.panel._places)
    bench.panel._fault = fault
    bench.panel.bar.show_state(fault, Plan(), Estimate(), free=True)
    link = bench.get(QPushButton, "generateFault")

    with qtbot.waitSignal(bench.panel.place_wanted) as asked:
        QTest.mouseClick(link, LEFT)

    assert (link.text(), asked.args) == (words, [problem])


DROPPED = {
    "n": "nStepper", "size": "widthEdit", "quality": "qualityCombo", "background": "backgroundCombo",
    "moderation": "moderationCombo", "output_format": "output_formatCombo", "user": "userEdit",
    "output_compression": "output_compressionValue", "partial_images": "partial_imagesStepper",
    "stream": "streamCheck", "input_fidelity": "input_fidelityCombo",
}  # fmt: skip


@pytest.mark.parametrize("field", DROPPED)
def test_field_that_an_endpoint_drops_is_off_and_names_the_endpoint(bench, field) -> None:
    bench.parameters.set(model="gpt-image-1.5", output_format="jpeg")
    control = bench.get(QWidget, DROPPED[field])
    assert control.isEnabled()

    bench.parameters.use_endpoint(EndpointProfile("A", "https://api.example.com/v1", drop_fields=(field,)))

    assert not control.isEnabled()
    said = [one.text() for one in bench.panel.findChildren(QLabel) if not one.isHidden()]
    assert any(words.startswith("api.example.com doesn't take") for words in said)
