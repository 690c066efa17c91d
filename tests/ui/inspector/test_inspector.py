"""The inspector: every parameter bound both ways, and off, with the reason, where a model refuses it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)
from tests.flows.desk import CONTROL, LEFT, child
from tests.ui.inspector.inspector_bench import Bench, opened

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import is_legal, parse
from overpaint.ui.inspector.field_problems import ProblemsByField
from overpaint.ui.inspector.generate_bar import Plan
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.widgets.fields.titled_field import Field


@pytest.fixture
def bench(qtbot) -> Bench:
    return opened(qtbot)


def pick(combo: QComboBox, words: str) -> None:
    """Chooses by keys, as without a mouse."""
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.count()):
        if combo.currentText() == words:
            return
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == words


def write(edit: QLineEdit, text: str) -> None:
    QTest.mouseClick(edit, LEFT)
    QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


CHOICES = [
    ("quality", "Auto", "auto"),
    ("quality", "High", "high"),
    ("output_format", "JPEG", "jpeg"),
    ("output_format", "WebP", "webp"),
    ("background", "Opaque", "opaque"),
    ("moderation", "Less strict", "low"),
]


@pytest.mark.parametrize(("field", "words", "value"), CHOICES)
def test_choice_picked_by_keys_is_the_parameter(bench, field, words, value) -> None:
    combo = bench.get(QComboBox, f"{field}Combo")
    bench.parameters.set(**{field: "auto" if value != "auto" else "low"})

    pick(combo, words)

    assert getattr(bench.parameters.params, field) == value


@pytest.mark.parametrize(("field", "words", "value"), CHOICES)
def test_choice_changed_elsewhere_is_shown(bench, field, words, value) -> None:
    bench.parameters.set(**{field: value})

    assert bench.get(QComboBox, f"{field}Combo").currentText() == words


def test_steppers_count_within_their_ranges(bench) -> None:
    count, partials = bench.get(QSpinBox, "nStepper"), bench.get(QSpinBox, "partial_imagesStepper")
    assert (count.minimum(), count.maximum()) == (1, 10)
    assert (partials.minimum(), partials.maximum()) == (0, 3)

    QTest.mouseClick(bench.get(QToolButton, "nStepperMore"), LEFT)
    for _ in range(5):
        QTest.keyClick(partials, Qt.Key.Key_Up)

    assert (bench.parameters.params.n, bench.parameters.params.partial_images) == (2, 3)
    bench.parameters.set(n=5, partial_images=1)
    assert (count.value(), partials.value()) == (5, 1)


def test_stream_switched_off_takes_the_partials_along_with_the_reason(bench) -> None:
    bench.get(QCheckBox, "streamCheck").setFocus()

    QTest.keyClick(bench.get(QCheckBox, "streamCheck"), Qt.Key.Key_Space)

    assert not bench.parameters.params.stream
    assert not bench.get(QSpinBox, "partial_imagesStepper").isEnabled()
    assert bench.panel.rows["partial_images"].words() == "Streaming is off."


def test_compression_is_open_only_for_formats_with_loss(bench) -> None:
    field = bench.panel.rows["output_compression"]
    assert not field.control.isEnabled()
    assert "JPEG and WebP" in field.words()

    bench.parameters.set(output_format="webp")
    write(bench.get(QLineEdit, "output_compressionValue"), "62")

    assert field.words() == ""
    assert bench.parameters.params.output_compression == 62


@pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)  # a completer opens
def test_user_and_model_are_typed(bench) -> None:
    write(bench.get(QLineEdit, "userEdit"), "studio-7")
    write(bench.get(QLineEdit, "modelEdit"), "gpt-image-1.5")

    assert (bench.parameters.params.user, bench.parameters.params.model) == ("studio-7", "gpt-image-1.5")


def test_every_parameter_has_a_widget_that_changes_with_it(bench) -> None:
    """A parameter without a widget would leave the panel as it was."""
    others = {
        "prompt": "a hat", "model": "gpt-image-1.5", "input_fidelity": "high", "n": 3, "size": "1536x1024",
        "quality": "high", "background": "opaque", "moderation": "low", "output_format": "webp",
        "output_compression": 60, "stream": False, "partial_images": 3, "user": "me",
    }  # fmt: skip
    assert set(others) == set(EditParams.__struct_fields__)
    bench.parameters.set(model="gpt-image-1", output_format="jpeg")

    for name, value in others.items():
        before = state_of(bench.panel)
        bench.parameters.set(**{name: value})
        assert state_of(bench.panel) != before, name


def state_of(panel: Inspector) -> list[object]:
    """What every control of the panel holds."""
    return [
        *(one.text() for one in panel.findChildren(QLineEdit)),
        *(one.currentText() for one in panel.findChildren(QComboBox)),
        *(one.value() for one in panel.findChildren(QSpinBox)),
        *(one.isChecked() for one in panel.findChildren(QCheckBox)),
        panel.prompt.edit.toPlainText(),
    ]


FIELDS = {
    "quality": "qualityField",
    "output_format": "output_formatField",
    "background": "backgroundField",
    "moderation": "moderationField",
    "input_fidelity": "input_fidelityField",
    "stream": "streamField",
}


@pytest.mark.parametrize("model", ModelTable.load().offered())
def test_field_that_a_model_refuses_is_off_and_says_why(bench, model) -> None:
    spec = ModelTable.load().find(model)

    bench.parameters.set(model=model)

    for name, widget in FIELDS.items():
        field = child(bench.panel, Field, widget)
        refusal = spec.refusal(name)
        assert field.control.isEnabled() == (not refusal), name
        assert field.words() == refusal, name


@pytest.mark.parametrize(
    ("text", "rule"),
    [("1537x1024", "multiple"), ("4096x2048", "edge"), ("3072x512", "ratio"), ("512x512", "area")],
)
def test_size_that_breaks_a_rule_marks_that_rule_and_offers_legal_sizes(bench, text, rule) -> None:
    width, height = text.split("x")

    write(bench.get(QLineEdit, "widthEdit"), width)
    write(bench.get(QLineEdit, "heightEdit"), height)
    QApplication.processEvents()

    broken = [
        label.objectName().removeprefix("sizeRule_")
        for label in bench.panel.findChildren(QLabel)
        if label.objectName().startswith("sizeRule_") and label.property("role") == "problem"
    ]
    assert rule in broken
    offers = offered(bench.panel)
    assert offers
    for value in offers:
        size = parse(value)
        assert value == "auto" or (size is not None and is_legal(size, bench.edit.state.spec.sizes))


def offered(panel: Inspector) -> list[str]:
    """The sizes that the chips would take."""
    chips = [one for one in panel.findChildren(QPushButton) if one.objectName().startswith("sizeChip_")]
    return [one.objectName().removeprefix("sizeChip_") for one in chips if not one.isHidden()]


def test_half_a_size_says_that_both_sides_are_wanted(bench) -> None:
    write(bench.get(QLineEdit, "widthEdit"), "1024")

    note = child(bench.panel, QLabel, "sizeNote")
    assert note.isVisible()
    assert "both sides" in note.text()
    assert note.text() in bench.get(QLabel, "generateNote").toolTip().splitlines()


def test_locked_ratio_carries_the_other_side_along(bench) -> None:
    bench.parameters.set(size="1536x1024")
    QTest.mouseClick(bench.get(QToolButton, "ratioLock"), LEFT)

    write(bench.get(QLineEdit, "widthEdit"), "1200")

    assert bench.parameters.params.size == "1200x800"


@pytest.mark.parametrize(
    ("words", "size"), [("16:9", "1664x944"), ("4k", "3840x2160"), ("1920x1080", "1920x1088")]
)
def test_words_of_the_trade_become_a_size_with_enter(bench, words, size) -> None:
    width = bench.get(QLineEdit, "widthEdit")

    QTest.mouseClick(width, LEFT)
    QTest.keyClicks(width, words)
    shown = bench.get(QLabel, "sizeNote").text()
    QTest.keyClick(width, Qt.Key.Key_Return)

    assert shown == f"Enter takes {size.replace('x', ' × ')}."
    assert bench.parameters.params.size == size


def test_swap_turns_the_size_round(bench) -> None:
    bench.parameters.set(size="1536x1024")

    QTest.mouseClick(bench.get(QToolButton, "sizeSwap"), LEFT)

    assert bench.parameters.params.size == "1024x1536"
    assert bench.get(QLineEdit, "widthEdit").text() == "1024"


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_tab_comes_to_the_sizes_offered_between_the_sides_and_the_count(bench) -> None:
    bench.parameters.set(size="1537x1024")  # others are offered than at the start
    QApplication.processEvents()
    offers = offered(bench.panel)
    bench.get(QToolButton, "sizeSwap").setFocus()

    passed = []
    for _ in range(len(offers) + 2):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        passed.append(focused().objectName())

    assert passed == [*(f"sizeChip_{one}" for one in offers), "sizePresets", "nStepper"]


def test_chip_chosen_by_the_space_bar_keeps_the_focus(bench) -> None:
    bench.parameters.set(size="1537x1024")
    QApplication.processEvents()
    chip = bench.get(QPushButton, "sizeChip_1536x1024")
    chip.setFocus()

    QTest.keyClick(chip, Qt.Key.Key_Space)
    QApplication.processEvents()

    assert bench.parameters.params.size == "1536x1024"
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "sizeChip_1536x1024"


def test_sizes_typed_faster_than_the_window_turns_open_no_window(bench) -> None:
    before = set(QApplication.topLevelWidgets())
    edit = bench.get(QLineEdit, "widthEdit")

    QTest.keyClicks(edit, "153715361537")
    for _ in range(3):
        QApplication.processEvents()

    assert {one for one in QApplication.topLevelWidgets() if one.isVisible()} <= before


def test_several_variations_that_stream_say_that_they_are_edits_of_their_own(bench) -> None:
    bench.parameters.set(prompt="x", n=3)
    streamed = bench.panel.rows["n"].words()
    bench.parameters.set(stream=False)

    assert streamed == "Streamed as 3 edits side by side."
    assert bench.panel.rows["n"].words() == ""
    assert not any(one.field == "n" for one in bench.edit.state.problems)


def test_price_is_broken_down_on_hover_with_its_range_and_its_variations(bench) -> None:
    bench.panel.set_free(False)
    bench.parameters.set(prompt="a red hat", size="auto", quality="auto", n=4, stream=True, partial_images=2)
    button = bench.get(QPushButton, "generateButton")
    ranged = button.toolTip().splitlines()

    bench.parameters.set(size="1024x1024", quality="high", n=1)
    settled = dict(line.split(": $") for line in button.toolTip().splitlines())

    assert [line.partition(":")[0] for line in ranged[:-1]] == [
        "Words", "Result, 4 of them, at most", "Partial pictures", "Together, at most",
    ]  # fmt: skip
    assert ranged[-1].startswith("At least $0.0")
    assert float(settled["Result"]) == pytest.approx(7024 * 30 / 1e6, abs=1e-4)
    assert float(settled["Partial pictures"]) == pytest.approx(2 * 100 * 30 / 1e6, abs=1e-4)
    parts = sum(float(settled[name]) for name in settled if name != "Together")
    assert float(settled["Together"]) == pytest.approx(parts, abs=2e-4)


def test_price_that_is_not_known_says_so(bench) -> None:
    bench.panel.set_free(False)

    bench.parameters.set(prompt="x", model="gpt-image-2.6-flare")
    bench.panel.bar.show_state(ProblemsByField(), Plan(), bench.edit.state.estimate, free=False)

    button = bench.get(QPushButton, "generateButton")
    assert button.text() == "Generate"
    assert bench.get(QLabel, "generateNote").text() == "What this edit will cost is not known."
    assert button.toolTip() == "What this model charges is not published."
