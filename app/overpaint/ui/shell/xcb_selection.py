"""What the owner of an X selection hands over, asked for over a connection of our own (ICCCM, 2.2 to 2.7).

Qt asks on the window's thread and waits five seconds for each answer. Needs no library that Qt's own
connection to X doesn't need.
"""

import ctypes
import select
import time
from collections.abc import Callable, Sequence

MAX_BYTES = 300_000_000
"""More than any picture that is taken; a selection with more counts as one that never ends."""

_INPUT_ONLY = 2
_EVENT_MASK, _PROPERTY_CHANGES = 1 << 11, 1 << 22
_PROPERTY_NOTIFY, _SELECTION_NOTIFY = 28, 31
_ANY_TYPE, _ALL = 0, 0x1FFFFFFF
_POINTER, _UINT = ctypes.c_void_p, ctypes.c_uint32


class _Screens(ctypes.Structure):
    """``xcb_screen_iterator_t``."""

    _fields_ = [("data", ctypes.POINTER(_UINT)), ("rem", ctypes.c_int), ("index", ctypes.c_int)]


class _Cookie(ctypes.Structure):
    """A request that will be answered."""

    _fields_ = [("sequence", ctypes.c_uint)]


class SilentOwnerError(Exception):
    """The owner of a selection doesn't answer, or never comes to an end."""


Enough = Callable[[dict[str, bytes]], bool]


def read_selection(
    selection: str, wanted: Sequence[Sequence[str]], seconds: tuple[float, float], enough: Enough
) -> dict[str, bytes] | None:
    """What a selection holds, by target: of each group of ``wanted`` the first target that the owner has,
    until that is ``enough``. Blocks.

    Waits the first of ``seconds`` for the owner to say what it has, and the second for each further answer.
    None where nobody owns the selection or it can't be asked. Raises :class:`SilentOwnerError`.
    """
    try:
        xcb = _library()
    except OSError:
        return None
    connection = xcb.xcb_connect(None, None)
    try:
        if xcb.xcb_connection_has_error(connection):
            return None
        return _Asking(xcb, connection, selection).all_of(wanted, seconds, enough)
    finally:
        xcb.xcb_disconnect(connection)


class _Asking:
    """The questions about one selection on an open connection."""

    def __init__(self, xcb: ctypes.CDLL, connection: int, selection: str) -> None:
        self._xcb = xcb
        self._connection = connection
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [_POINTER]
        self._selection = self._atom(selection)
        self._place, self._increments = self._atom("OVERPAINT_ASKS"), self._atom("INCR")

    def all_of(
        self, wanted: Sequence[Sequence[str]], seconds: tuple[float, float], enough: Enough
    ) -> dict[str, bytes] | None:
        cookie = self._xcb.xcb_get_selection_owner(self._connection, self._selection)
        if not self._third_field(self._xcb.xcb_get_selection_owner_reply(self._connection, cookie, None)):
            return None
        first, further = seconds
        window = self._window()
        atoms = memoryview(self._one(window, self._atom("TARGETS"), first))
        offered = set(atoms[: len(atoms) // 4 * 4].cast("I"))
        found: dict[str, bytes] = {}
        for group in wanted:
            name = next((one for one in group if self._atom(one) in offered), None)
            if name is not None and not enough(found):
                found[name] = self._one(window, self._atom(name), further)
        return found

    def _one(self, window: int, target: int, seconds: float) -> bytes:
        """The selection as one target; nothing where the owner refuses."""
        self._xcb.xcb_convert_selection(self._connection, window, self._selection, target, self._place, 0)
        event = self._event(_SELECTION_NOTIFY, seconds)
        if not event[5]:
            return b""
        kind, data = self._property(window)
        if kind != self._increments:
            return data
        pieces: list[bytes] = []
        length = 0
        while True:  # each piece is put there once the one before has been taken away
            self._event(_PROPERTY_NOTIFY, seconds, lambda words: not words[4] & 0xFF)
            _, piece = self._property(window)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            length += len(piece)
            if length > MAX_BYTES:
                raise SilentOwnerError

    def _event(
        self, kind: int, seconds: float, fits: Callable[[Sequence[int]], bool] = lambda _: True
    ) -> list[int]:
        """The next event of a kind, as eight numbers of 32 bits."""
        until = time.monotonic() + seconds
        handle = self._xcb.xcb_get_file_descriptor(self._connection)
        self._xcb.xcb_flush(self._connection)
        while (left := until - time.monotonic()) > 0:
            event = self._xcb.xcb_poll_for_event(self._connection)
            if event:
                words = list(ctypes.cast(event, ctypes.POINTER(_UINT))[:8])
                self._free(event)
                if words[0] & 0x7F == kind and fits(words):
                    return words
            elif self._xcb.xcb_connection_has_error(self._connection):
                break
            else:
                select.select([handle], [], [], left)
        raise SilentOwnerError

    def _property(self, window: int) -> tuple[int, bytes]:
        """Takes the answer away: its type and its bytes."""
        cookie = self._xcb.xcb_get_property(self._connection, 1, window, self._place, _ANY_TYPE, 0, _ALL)
        reply = self._xcb.xcb_get_property_reply(self._connection, cookie, None)
        if not reply:
            return 0, b""
        kind = int(ctypes.cast(reply, ctypes.POINTER(_UINT))[2])
        length = self._xcb.xcb_get_property_value_length(reply)
        data = ctypes.string_at(self._xcb.xcb_get_property_value(reply), length) if length else b""
        self._free(reply)
        self._xcb.xcb_flush(self._connection)
        return kind, data

    def _window(self) -> int:
        """A window that is never shown, for the answers to come to."""
        setup = self._xcb.xcb_get_setup(self._connection)
        root = self._xcb.xcb_setup_roots_iterator(setup).data[0]
        window = int(self._xcb.xcb_generate_id(self._connection))
        watched = ctypes.byref(_UINT(_PROPERTY_CHANGES))
        self._xcb.xcb_create_window(
            self._connection, 0, window, root, 0, 0, 1, 1, 0, _INPUT_ONLY, 0, _EVENT_MASK, watched
        )
        return window

    def _atom(self, name: str) -> int:
        cookie = self._xcb.xcb_intern_atom(self._connection, 0, len(name), name.encode())
        return self._third_field(self._xcb.xcb_intern_atom_reply(self._connection, cookie, None))

    def _third_field(self, reply: int | None) -> int:
        """The number behind a reply's head, with which both questions are answered."""
        if not reply:
            return 0
        found = int(ctypes.cast(reply, ctypes.POINTER(_UINT))[2])
        self._free(reply)
        return found


def _library() -> ctypes.CDLL:
    """Raises OSError where there is none."""
    xcb = ctypes.CDLL("libxcb.so.1")
    pointer = {
        "xcb_connect": [ctypes.c_char_p, _POINTER],
        "xcb_get_setup": [_POINTER],
        "xcb_poll_for_event": [_POINTER],
        "xcb_intern_atom_reply": [_POINTER, _Cookie, _POINTER],
        "xcb_get_selection_owner_reply": [_POINTER, _Cookie, _POINTER],
        "xcb_get_property_reply": [_POINTER, _Cookie, _POINTER],
        "xcb_get_property_value": [_POINTER],
    }
    for name, takes in pointer.items():
        getattr(xcb, name).argtypes, getattr(xcb, name).restype = takes, _POINTER
    xcb.xcb_setup_roots_iterator.argtypes, xcb.xcb_setup_roots_iterator.restype = [_POINTER], _Screens
    xcb.xcb_intern_atom.argtypes = [_POINTER, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p]
    xcb.xcb_intern_atom.restype = _Cookie
    xcb.xcb_get_selection_owner.argtypes, xcb.xcb_get_selection_owner.restype = [_POINTER, _UINT], _Cookie
    xcb.xcb_get_property.argtypes = [_POINTER, ctypes.c_uint8, _UINT, _UINT, _UINT, _UINT, _UINT]
    xcb.xcb_get_property.restype = _Cookie
    xcb.xcb_generate_id.argtypes, xcb.xcb_generate_id.restype = [_POINTER], _UINT
    xcb.xcb_create_window.argtypes = [
        *(_POINTER, ctypes.c_uint8, _UINT, _UINT, ctypes.c_int16, ctypes.c_int16),
        *(ctypes.c_uint16, ctypes.c_uint16, ctypes.c_uint16, ctypes.c_uint16, _UINT, _UINT, _POINTER),
    ]
    xcb.xcb_convert_selection.argtypes = [_POINTER, _UINT, _UINT, _UINT, _UINT, _UINT]
    for name in ("connection_has_error", "flush", "get_file_descriptor", "disconnect"):
        getattr(xcb, f"xcb_{name}").argtypes = [_POINTER]
    xcb.xcb_get_property_value_length.argtypes = [_POINTER]
    return xcb
