"""The sink of the window: errors from everywhere are logged, told once, and copied without secrets."""

import asyncio
import gc
import threading

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from tests.flows.desk import Desk, desk
from tests.flows.wait import settled, until

from overpaint.studio.unexpected import Contained, report
from overpaint.ui.app.runtime.error_sink import SENTENCE

KEY = "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"


class Broken(QWidget):
    """Fails where Qt calls into Python."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            raise ValueError("in an override")
        return super().event(event)


class Dying:
    def __del__(self) -> None:
        raise ValueError("as it was collected")


def in_an_override() -> None:
    widget = Broken()
    QApplication.postEvent(widget, QEvent(QEvent.Type.User))
    QApplication.processEvents()


def in_a_slot() -> None:
    def slot() -> None:
        raise ValueError("in a slot")

    QTimer.singleShot(0, slot)


def in_a_callback() -> None:
    asyncio.get_running_loop().call_soon(int, "none")


def in_a_thread() -> None:
    threading.Thread(target=int, args=("none",)).start()


def reported_on_a_thread() -> None:
    def work() -> None:
        report(ValueError("on a thread"), "working")

    threading.Thread(target=work).start()


def at_collection() -> None:
    Dying()
    gc.collect()


@pytest.mark.error_logs("ValueError")
@pytest.mark.parametrize(
    "fail", [in_an_override, in_a_slot, in_a_callback, in_a_thread, reported_on_a_thread, at_collection]
)
async def test_error_from_wherever_it_comes_is_logged_and_told_with_its_details(fail) -> None:
    async with desk() as app:
        fail()
        await until(lambda: app.window.status.notice == SENTENCE)

        (known,) = app.sink.errors
        act = app.find(QPushButton, "statusAct")
        assert act.text() == "Copy details"
        app.click(act)
        copied = QApplication.clipboard().text()
        assert known.trace in copied
        assert "ValueError" in copied
        assert copied.startswith("Overpaint ")


@pytest.mark.error_logs("ValueError")
async def test_error_that_comes_again_and_again_is_counted_and_told_once(caplog) -> None:
    async with desk() as app:
        status = app.window.status
        for number in range(50):
            fail_at_one_place(number)
        assert status.notice == SENTENCE
        status.notify("")
        fail_at_one_place(50)
        await settled()

        (known,) = app.sink.errors
        assert known.count == 51
        assert status.notice == ""
        assert "51 times" in app.sink.details()
    assert sum("Traceback" in record.getMessage() for record in caplog.records) == 1


def fail_at_one_place(number: int) -> None:
    with Contained("failing"):
        raise ValueError(f"number {number}")


@pytest.mark.error_logs("ValueError")
async def test_details_and_log_hold_no_key_and_no_prompt(caplog) -> None:
    async with desk() as app:
        app.studio.parameters.set(prompt="a letter to “Anna”\nwith love")
        words = f"{app.studio.parameters.params.prompt!r} {app.studio.parameters.params.prompt} {KEY}"
        report(ValueError(words), "failing")

        for text in (app.sink.details(), caplog.text):
            assert "Traceback" in text or "ValueError" in text
            assert "Anna" not in text
            assert KEY not in text


@pytest.mark.error_logs("ValueError|could not be told")
async def test_sink_whose_own_words_fail_ends_nothing(monkeypatch) -> None:
    async with desk() as app:
        monkeypatch.setattr(app.studio, "keep_work", lambda: int("none"))

        fail_at_one_place(1)

        assert painted(app)


def painted(app: Desk) -> bool:
    before = app.item.mask.revision
    app.paint((10, 10), (40, 40))
    return app.item.mask.revision > before
