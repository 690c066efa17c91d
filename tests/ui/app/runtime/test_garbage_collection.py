"""Where and when Python's cyclic garbage is collected while the window is open."""

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtWidgets import QLabel
from tests.flows.desk import desk

from overpaint.ui.app.runtime.garbage_collection import GarbageCollector


class Heap:
    """Whether something goes on that garbage has to wait for."""

    def __init__(self) -> None:
        self.busy = False
        self.collector = GarbageCollector(lambda: self.busy)


@pytest.fixture
def heap(qapp) -> Iterator[Heap]:
    gc.collect()
    made = Heap()
    yield made
    made.collector.stop()


def widget_in_a_cycle(ended_on: list[int]) -> None:
    """Garbage that only the collector can find; it tells the thread on which it ends."""

    class Cyclic(QLabel):
        itself: QLabel

        def __del__(self) -> None:
            ended_on.append(threading.get_ident())

    widget = Cyclic()
    widget.itself = widget


def litter() -> list[list[int]]:
    """More containers than the collector lets pass."""
    return [[] for _ in range(20_000)]


def test_widget_in_a_cycle_is_destroyed_on_the_window_s_thread(heap) -> None:
    ended_on: list[int] = []
    widget_in_a_cycle(ended_on)

    with ThreadPoolExecutor(1) as worker:
        made = worker.submit(litter).result()
    on_the_worker = list(ended_on)
    heap.collector._timer.timeout.emit()

    assert made
    assert on_the_worker == []
    assert ended_on == [threading.get_ident()]


def test_garbage_waits_while_a_stroke_goes_on(heap) -> None:
    ended_on: list[int] = []
    heap.busy = True
    widget_in_a_cycle(ended_on)
    made = litter()
    heap.collector._timer.timeout.emit()
    during = list(ended_on)

    heap.busy = False
    heap.collector._timer.timeout.emit()

    assert made
    assert during == []
    assert len(ended_on) == 1


def test_python_collects_by_itself_once_it_is_stopped(heap) -> None:
    before = gc.isenabled()

    heap.collector.stop()

    assert (before, gc.isenabled()) == (False, True)


async def test_open_window_collects_on_its_own_thread_until_it_closes() -> None:
    async with desk() as app:
        during = gc.isenabled()
        app.window.close()
        after = gc.isenabled()

    assert (during, after) == (False, True)
