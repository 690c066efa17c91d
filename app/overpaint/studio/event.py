"""Typed events by which the state of the studio tells whoever shows it that it changed."""

import threading
import types
import weakref
from collections.abc import Callable, Iterable
from typing import Generic, ParamSpec

from overpaint.studio.unexpected import report

P = ParamSpec("P")


class Event(Generic[P]):
    """A list of handlers called in the order of their connection, on the thread that made the event.

    Bound methods are held weakly, so that a closed view needs no farewell; anything else is held firmly.
    A handler that raises keeps no other one from being called, nor whoever emitted from going on: its error
    goes to the sink (``unexpected.report``) when all have been called.
    """

    def __init__(self) -> None:
        self._handlers: list[Callable[[], Callable[P, object] | None]] = []
        self._thread = threading.get_ident()

    def connect(self, handler: Callable[P, object]) -> None:
        """Calls ``handler`` at every later emission."""
        if isinstance(handler, types.MethodType):
            self._handlers.append(weakref.WeakMethod(handler))
        else:
            self._handlers.append(lambda: handler)

    def disconnect(self, handler: Callable[P, object]) -> None:
        """Takes ``handler`` out again; nothing happens when it isn't connected."""
        self._handlers = [hold for hold in self._handlers if hold() != handler]

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Calls every handler that still lives. Raises RuntimeError on another thread, nothing else."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("an event was emitted on another thread than its own")
        failed: list[Exception] | None = None
        for hold in tuple(self._handlers):
            handler = hold()
            if handler is None:
                if hold in self._handlers:
                    self._handlers.remove(hold)
            else:
                try:
                    handler(*args, **kwargs)
                except Exception as error:  # noqa: BLE001 - reported below, once the others have been called
                    failed = [*(failed or ()), error]
        while failed:
            report(failed.pop(0), "telling of a change")


Names = frozenset[str]


class Changes:
    """An event that says by their names which of a thing's values are others than before."""

    def __init__(self) -> None:
        self._listeners: list[tuple[Names, Event[[Names]]]] = []

    def connect(self, handler: Callable[[Names], object], names: Iterable[str] = ()) -> None:
        """Calls ``handler`` with all names that changed, whenever one of ``names`` is among them; without
        ``names`` at every change. It is held as :class:`Event` holds it."""
        event: Event[[Names]] = Event()
        event.connect(handler)
        self._listeners.append((frozenset(names), event))

    def emit(self, changed: Names) -> None:
        """Tells of a change, in the order of connection; nobody is told when nothing changed."""
        for names, event in tuple(self._listeners):
            if changed and (not names or names & changed):
                event.emit(changed)
