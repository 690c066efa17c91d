"""Typed events by which the state of the studio tells whoever shows it that it changed."""

import threading
import types
import weakref
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Event(Generic[P]):
    """A list of handlers called in the order of their connection, on the thread that made the event.

    Bound methods are held weakly, so that a closed view needs no farewell; anything else is held firmly.
    A handler that raises ends the emission: it is a bug and goes to whoever emitted.
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
        """Calls every handler that still lives."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("an event was emitted on another thread than its own")
        for hold in tuple(self._handlers):
            handler = hold()
            if handler is None:
                if hold in self._handlers:
                    self._handlers.remove(hold)
            else:
                handler(*args, **kwargs)
