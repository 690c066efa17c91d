"""Events: called in order, on their own thread, without keeping views alive."""

import asyncio
import gc
import threading

import pytest

from overpaint.studio.event import Changes, Event


class View:
    """Somebody who listens."""

    def __init__(self) -> None:
        self.heard: list[int] = []

    def hear(self, number: int) -> None:
        self.heard.append(number)


def test_event_reaches_every_handler_in_the_order_of_their_connection() -> None:
    event: Event[[int]] = Event()
    order: list[str] = []
    event.connect(lambda number: order.append(f"first {number}"))
    event.connect(lambda number: order.append(f"second {number}"))

    event.emit(7)

    assert order == ["first 7", "second 7"]


def test_event_keeps_no_view_alive() -> None:
    event: Event[[int]] = Event()
    view = View()
    event.connect(view.hear)
    del view
    gc.collect()

    event.emit(1)

    assert event._handlers == []


def test_built_in_method_of_an_object_is_held_firmly() -> None:
    event: Event[[int]] = Event()
    heard: list[int] = []
    event.connect(heard.append)

    event.emit(3)

    assert heard == [3]


def test_handler_that_is_disconnected_hears_no_more() -> None:
    event: Event[[int]] = Event()
    view, other = View(), View()
    event.connect(view.hear)
    event.connect(other.hear)

    event.disconnect(view.hear)
    event.emit(1)

    assert (view.heard, other.heard) == ([], [1])


def test_handler_may_disconnect_itself_while_it_is_called() -> None:
    event: Event[[int]] = Event()
    view = View()

    def once(number: int) -> None:
        event.disconnect(once)
        view.hear(number)

    event.connect(once)
    event.emit(1)
    event.emit(2)

    assert view.heard == [1]


def test_event_on_another_thread_is_a_bug() -> None:
    event: Event[[int]] = Event()
    caught: list[BaseException] = []

    def emit() -> None:
        try:
            event.emit(1)
        except RuntimeError as fault:
            caught.append(fault)

    thread = threading.Thread(target=emit)
    thread.start()
    thread.join()

    assert len(caught) == 1


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What came to the last resort of the process."""
    found: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: found.append(error))
    return found


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_handler_that_fails_keeps_no_other_from_hearing(caught: list[BaseException], broken: int) -> None:
    event: Event[[int]] = Event()
    views = [View(), View(), View()]

    def fail(number: int) -> None:
        raise ZeroDivisionError(number)

    for at, view in enumerate(views):
        event.connect(fail if at == broken else view.hear)
    event.emit(1)
    event.emit(2)

    assert [view.heard for view in views] == [[] if at == broken else [1, 2] for at in range(3)]
    assert [type(error) for error in caught] == [ZeroDivisionError, ZeroDivisionError]


def test_error_of_a_handler_is_told_after_all_have_heard(caught: list[BaseException]) -> None:
    event: Event[[]] = Event()
    order: list[int] = []

    def fail() -> None:
        raise ValueError

    event.connect(fail)
    event.connect(lambda: order.append(len(caught)))
    event.emit()

    assert (order, len(caught)) == ([0], 1)


async def test_error_of_a_handler_in_the_loop_goes_to_the_handler_of_the_loop() -> None:
    event: Event[[]] = Event()
    contexts: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: contexts.append(context))

    def fail() -> None:
        raise ValueError

    event.connect(fail)
    event.emit()

    assert [type(one["exception"]) for one in contexts] == [ValueError]


def test_changes_reach_those_who_asked_for_one_of_their_names_in_order() -> None:
    changes, told = Changes(), []
    changes.connect(lambda names: told.append(("colour", names)), ["colour", "opacity"])
    changes.connect(lambda names: told.append(("every", names)))
    changes.connect(lambda names: told.append(("size", names)), ["size"])

    for names in ({"size", "colour"}, {"name"}, set()):
        changes.emit(frozenset(names))

    both = frozenset({"size", "colour"})
    assert told == [("colour", both), ("every", both), ("size", both), ("every", frozenset({"name"}))]
