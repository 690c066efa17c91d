"""Amounts are typed alike under every locale, in every field: a point or a comma, no grouping."""

import math
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from tests.flows.desk import CONTROL, PLAIN, child

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.studio.config.settings import Settings
from overpaint.ui.endpoint.form import EndpointForm
from overpaint.ui.endpoint.prices_dialog import PricesDialog
from overpaint.ui.settings.settings_dialog import SettingsDialog
from overpaint.ui.theme.window_theme import tokens_for
from overpaint.ui.widgets.fields.number_field import NumberField
from overpaint.ui.widgets.fields.numerals import number
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.fields.stepper import Stepper

LOCALES = ("en_US", "de_DE", "de_CH", "fr_FR", "tr_TR", "fa_IR", "ar_EG", "hi_IN", "C")
AMOUNTS = (
    ("2.50", 2.5),
    ("2,50", 2.5),
    ("0.5", 0.5),
    ("0,05", 0.05),
    (".5", 0.5),
    ("12", 12.0),
    ("\u06f2\u066b\u06f5", 2.5),
    ("\u0660\u066b\u0665", 0.5),
    ("1,000", 1.0),
)


@pytest.fixture(params=LOCALES)
def locale(request) -> Iterator[str]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def type_over(field: QWidget, text: str) -> None:
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    for one in text:
        QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, PLAIN, one))
    QTest.keyClick(field, Qt.Key.Key_Return)


def cap(parent: QWidget) -> tuple[QWidget, Callable[[], float]]:
    dialog = SettingsDialog(Settings(), parent)
    (field,) = [
        one for one in dialog.findChildren(NumberField) if one.spin.objectName() == "setting_daily_cap"
    ]
    return field.spin, lambda: float(field.value() or 0)


def multiplier(parent: QWidget) -> tuple[QWidget, Callable[[], float]]:
    form = EndpointForm(
        EndpointProfile("Mine", "https://a.example/v1"), "Mine", QWidget(), tokens_for("dark")
    )
    form.setParent(parent)
    return child(form, QLineEdit, "endpointPriceMultiplier"), lambda: form.profile().price_multiplier


def time_out(parent: QWidget) -> tuple[QWidget, Callable[[], float]]:
    form = EndpointForm(
        EndpointProfile("Mine", "https://a.example/v1"), "Mine", QWidget(), tokens_for("dark")
    )
    form.setParent(parent)
    return child(form, QLineEdit, "endpointTimeoutsConnect"), lambda: form.profile().timeouts.connect


def slider(parent: QWidget) -> tuple[QWidget, Callable[[], float]]:
    field = SliderField("Size", "size", 0.01, 100, "px", wide=True)
    field.setParent(parent)
    return child(field, QLineEdit, "sizeValue"), lambda: field.value


def price(parent: QWidget) -> tuple[QWidget, Callable[[], float]]:
    table = ModelTable.load()
    family = table.shipped[0].family
    dialog = PricesDialog(table.shipped, {}, parent)
    return child(dialog, QLineEdit, f"price_{family}_out"), lambda: dialog._changed()[family].out


@pytest.mark.parametrize("make", [cap, multiplier, time_out, slider, price])
def test_amount_means_the_same_in_every_locale_and_field(qtbot, locale, make) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field, value = make(parent)

    read = {}
    for typed, _ in AMOUNTS:
        type_over(field, typed)
        read[typed] = value()

    assert read == dict(AMOUNTS)


@pytest.mark.parametrize(
    "typed", ["1.000,00", "1,000.00", "1 000", "1\u00a0000", "1'000", "1_000", "1\u202f000"]
)
def test_grouping_is_no_number(typed) -> None:
    assert math.isnan(number(typed))


def test_cap_takes_no_sign_that_groups(qtbot, locale) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field, value = cap(parent)

    for typed in ("1 000", "1'000", "1_000", "1\u00a0000", "1\u202f000"):
        type_over(field, typed)

        shown = child(field, QLineEdit, "qt_spinbox_lineedit").text()
        assert (shown, value()) == ("1000.00", 1000.0)  # every digit counts, as it is seen


def test_whole_numbers_are_typed_and_shown_alike(qtbot, locale) -> None:
    stepper = Stepper("Pictures", "n", 1, 10_000)
    qtbot.addWidget(stepper)

    type_over(stepper.spin, "\u06f1\u06f2\u06f3\u06f4")

    assert stepper.spin.value() == 1234
    assert stepper.spin.text() == "1234"


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_finite_number_or_none(text) -> None:
    value = number(text)
    assert not math.isinf(value)
