"""Prices of one's own: typed, checked, followed at once, kept; and sums that follow the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton
from tests.flows.desk import Desk, child, desk
from tests.flows.wait import settled, until

from overpaint.core.request.model_table import Prices
from overpaint.core.results.job_state import JobState
from overpaint.library.journal.ledger import LedgerEntry, Totals
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.ui.endpoint.prices_dialog import PricesDialog


async def opened(app: Desk) -> PricesDialog:
    app.window.actions_["prices"].trigger()
    dialog = await until(lambda: app.window.findChild(PricesDialog))
    dialog.activateWindow()
    await settled()
    return dialog


async def press(app: Desk, dialog: QDialog, name: str) -> None:
    app.click(child(dialog, QPushButton, name))
    await settled()


def price(app: Desk) -> str:
    return app.find(QPushButton, "generateButton").text().rpartition("$")[2]


async def priced_at(app: Desk) -> None:
    app.use_endpoint("http://127.0.0.1:9/v1")
    app.studio.parameters.set(prompt="x", model="gpt-image-2", size="1024x1024", quality="high", stream=False)


async def test_price_of_ones_own_is_followed_at_once_and_kept_in_the_settings(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        await priced_at(app)
        before = float(price(app))
        dialog = await opened(app)

        app.type_over(child(dialog, QLineEdit, "price_gpt-image-2_out"), "60")
        await press(app, dialog, "pricesSave")

        assert float(price(app)) == pytest.approx(before + 7024 * 30 / 1e6, abs=0.001)
        own = app.studio.settings.current.prices
        assert own == {"gpt-image-2": Prices(5, 8, 60)}
        app.studio.settings.save()
        assert SettingsStore(app.studio.folders.settings_file).current.prices == own


async def test_reset_brings_the_shipped_prices_back(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        await priced_at(app)
        before = price(app)
        app.studio.settings.replace(prices={"gpt-image-2": Prices(1, 1, 1, 0.5)})
        assert price(app) != before
        dialog = await opened(app)
        assert child(dialog, QLineEdit, "price_gpt-image-2_cached").text() == "0.5"

        await press(app, dialog, "pricesReset")
        await press(app, dialog, "pricesSave")

        assert price(app) == before
        assert app.studio.settings.current.prices == {}


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("out", "lots", "“lots” is no price"),
        ("out", "-1", "“-1” is no price"),
        ("image_in", "nan", "“nan” is no price"),
        ("text_in", "", "needs its prices"),
    ],
)
async def test_price_that_is_none_is_marked_and_not_saved(photo, field, text, words) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        dialog = await opened(app)
        edit = child(dialog, QLineEdit, f"price_gpt-image-2_{field}")

        edit.setText(text)

        assert words in child(dialog, QLabel, "pricesProblem").text()
        assert edit.property("tone") == "bad"
        assert not child(dialog, QPushButton, "pricesSave").isEnabled()
        await press(app, dialog, "pricesCancel")
        assert app.studio.settings.current.prices == {}


async def test_models_of_unknown_price_can_be_given_one(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        dialog = await opened(app)

        for name, value in (("text_in", "5"), ("image_in", "8,5"), ("out", "30")):
            child(dialog, QLineEdit, f"price_unknown_{name}").setText(value)
        await press(app, dialog, "pricesSave")

        assert app.studio.table.find("studio-deployment").prices == Prices(5, 8.5, 30)


async def test_sums_of_the_day_are_read_again_when_the_clock_passes_midnight(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        now = datetime.now(UTC)
        app.studio.ledger.add(LedgerEntry(job="1", at=now, state=JobState.SAVED, cost=0.5))
        app.studio.ledger.add(
            LedgerEntry(job="0", at=now - timedelta(days=70), state=JobState.SAVED, cost=9.0)
        )
        stale = Totals(runs=1, spent=9.0)
        app.window.endpoints.show_spent(stale, stale, stale)
        app.window.window_actions.endpoints._day = date.today() - timedelta(days=1)

        clock = app.window.findChild(QTimer, "dayClock")
        assert clock is not None
        clock.timeout.emit()

        await until(lambda: app.words("spentToday") == "Spent today $0.50 · this month $0.50")
        tip = app.find(QLabel, "spentToday").toolTip().splitlines()
        assert tip == [
            "Since the start: $0.50 in 1 paid run",
            "Today: $0.50 in 1 paid run",
            "This month: $0.50 in 1 paid run",
        ]
