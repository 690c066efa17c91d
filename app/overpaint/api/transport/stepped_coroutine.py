"""Runs a coroutine in steps, so that a generator reports on its way without a second task.

An upload runs deep inside the HTTP library while its progress is wanted outside, by the generator that
awaits it. Here the work awaits :class:`Report` anywhere; that suspends it, and whoever runs its
steps gets the message and decides when it goes on. All of it stays in one task: cancelling that task,
and time-outs around a step, reach the work at once.
"""

import inspect
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

Message = TypeVar("Message")
Result = TypeVar("Result")


class SteppedCoroutine(Generic[Message, Result]):
    """The steps of one piece of work: its messages are what it reports, the result what it returns."""

    def __init__(self, work: Coroutine[Any, Any, Result]) -> None:
        self._work = work
        self._results: list[Result] = []

    @property
    def result(self) -> Result:
        """What the work returned; there is one once :meth:`next` gave None."""
        return self._results[0]

    async def next(self) -> Message | None:
        """Goes on to the next report and returns its message, or to the end and returns None.

        Raises what the work raises.
        """
        message: Message | None = await _Drive(self._work, self._results, self._work.send)
        return message

    async def abandon(self) -> None:
        """Ends the work where it stands, letting it clean up; nothing happens when it has ended."""
        if inspect.getcoroutinestate(self._work) == inspect.CORO_CLOSED:
            return
        try:
            await _Drive(self._work, self._results, lambda _: self._work.throw(_Abandoned()))
        except _Abandoned:
            return


class Report:
    """Suspends the work that awaits it and hands ``message`` to the caller of its steps."""

    def __init__(self, message: object) -> None:
        self.message = message

    def __await__(self) -> Generator[Any, None, None]:
        yield self


class _Abandoned(BaseException):
    """Unwinds abandoned work. No ``CancelledError``, so that a true cancellation is never mistaken for it."""


class _Drive(Generator[Any, Any, Any]):
    """Stands between the work and the loop: reports stop it with their message, all else passes."""

    def __init__(
        self, work: Coroutine[Any, Any, Any], results: list[Any], first: Callable[[Any], object]
    ) -> None:
        self._work = work
        self._results = results
        self._resume = first

    def __await__(self) -> Generator[Any, Any, Any]:
        return self

    def send(self, value: Any, /) -> Any:
        """Resumes the work after what it waited for."""
        resume, self._resume = self._resume, self._work.send
        return self._passed_on(resume, value)

    def throw(self, fault: Any, /, *_: Any) -> Any:
        """Raises inside the work: a cancellation, or the failure of what it waited for."""
        return self._passed_on(self._work.throw, fault)

    def _passed_on(self, resume: Callable[[Any], object], value: Any) -> object:
        try:
            asked = resume(value)
        except StopIteration as end:
            self._results.append(end.value)
            raise StopIteration(None) from None
        if isinstance(asked, Report):
            raise StopIteration(asked.message)
        return asked
