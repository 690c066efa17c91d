"""Makes any one step of a run fail: first it is recorded what is called, then each of it raises once."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any

import overpaint
from overpaint.studio import unexpected

ROOT = str(next(iter(overpaint.__path__)))
_CONTAINMENT = str(unexpected.__file__)


class InjectedError(Exception):
    """What a broken step raises: nothing that any of the code expects."""


def name_of(code: CodeType) -> str:
    """``studio/runs/job_runner.py: run``."""
    return f"{code.co_filename.removeprefix(ROOT).lstrip('/')}: {code.co_qualname}"


@contextmanager
def watched(called: Callable[[CodeType], None], since: FunctionType) -> Iterator[None]:
    """Calls ``called`` at each call into the program, on every thread begun meanwhile, after ``since``."""
    begun, over = threading.Event(), threading.Event()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "return" and code is since.__code__:
            begun.set()
        elif event == "call" and begun.is_set() and not over.is_set() and _is_ours(code):
            called(code)

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield
    finally:
        over.set()  # threads that have begun keep what watches them
        sys.setprofile(None)
        threading.setprofile(None)


@contextmanager
def failing(step: str, since: FunctionType) -> Iterator[None]:
    """Lets the first call of ``step`` after ``since`` raise :class:`InjectedError`; it must be called."""
    raised = threading.Event()

    def called(code: CodeType) -> None:
        if name_of(code) == step and not raised.is_set():
            raised.set()
            raise InjectedError(step)

    with watched(called, since):
        yield
    assert raised.is_set(), f"{step} wasn't called"


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(ROOT) and code.co_filename != _CONTAINMENT
