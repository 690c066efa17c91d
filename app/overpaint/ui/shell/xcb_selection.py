"""Whether the owner of an X selection is alive, asked over a connection of our own (ICCCM, 2.2).

Qt asks on the window's thread and waits five seconds for each answer. Needs no library that Qt's own
connection to X doesn't need.
"""

import ctypes
import select
import time

_INPUT_ONLY = 2
_SELECTION_NOTIFY = 31
_POINTER, _UINT = ctypes.c_void_p, ctypes.c_uint32


class _Screens(ctypes.Structure):
    """``xcb_screen_iterator_t``."""

    _fields_ = [("data", ctypes.POINTER(_UINT)), ("rem", ctypes.c_int), ("index", ctypes.c_int)]


class _Cookie(ctypes.Structure):
    """A request that will be answered."""

    _fields_ = [("sequence", ctypes.c_uint)]


def owner_answers(selection: str, seconds: float) -> bool:
    """Whether a selection's owner says in time what it has; also True where nobody owns it or it can't be
    asked. Blocks."""
    try:
        xcb = _library()
    except OSError:
        return True
    connection = xcb.xcb_connect(None, None)
    try:
        if xcb.xcb_connection_has_error(connection):
            return True
        return _Asking(xcb, connection).answered(selection, seconds)
    finally:
        xcb.xcb_disconnect(connection)


class _Asking:
    """One question on an open connection."""

    def __init__(self, xcb: ctypes.CDLL, connection: int) -> None:
        self._xcb = xcb
        self._connection = connection
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [_POINTER]

    def answered(self, selection: str, seconds: float) -> bool:
        clipboard = self._atom(selection)
        cookie = self._xcb.xcb_get_selection_owner(self._connection, clipboard)
        if not self._third_field(self._xcb.xcb_get_selection_owner_reply(self._connection, cookie, None)):
            return True
        targets, place = self._atom("TARGETS"), self._atom("OVERPAINT_ASKS")
        window = self._window()
        self._xcb.xcb_convert_selection(self._connection, window, clipboard, targets, place, 0)
        self._xcb.xcb_flush(self._connection)
        return self._notified(time.monotonic() + seconds)

    def _notified(self, until: float) -> bool:
        handle = self._xcb.xcb_get_file_descriptor(self._connection)
        while (left := until - time.monotonic()) > 0:
            event = self._xcb.xcb_poll_for_event(self._connection)
            if event:
                kind = ctypes.cast(event, ctypes.POINTER(ctypes.c_uint8))[0] & 0x7F
                self._free(event)
                if kind == _SELECTION_NOTIFY:
                    return True
            elif self._xcb.xcb_connection_has_error(self._connection):
                return True
            else:
                select.select([handle], [], [], left)
        return False

    def _window(self) -> int:
        """A window that is never shown, for the answer to come to."""
        setup = self._xcb.xcb_get_setup(self._connection)
        root = self._xcb.xcb_setup_roots_iterator(setup).data[0]
        window = int(self._xcb.xcb_generate_id(self._connection))
        self._xcb.xcb_create_window(self._connection, 0, window, root, 0, 0, 1, 1, 0, _INPUT_ONLY, 0, 0, None)
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
    }
    for name, takes in pointer.items():
        getattr(xcb, name).argtypes, getattr(xcb, name).restype = takes, _POINTER
    xcb.xcb_setup_roots_iterator.argtypes, xcb.xcb_setup_roots_iterator.restype = [_POINTER], _Screens
    xcb.xcb_intern_atom.argtypes = [_POINTER, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p]
    xcb.xcb_intern_atom.restype = _Cookie
    xcb.xcb_get_selection_owner.argtypes, xcb.xcb_get_selection_owner.restype = [_POINTER, _UINT], _Cookie
    xcb.xcb_generate_id.argtypes, xcb.xcb_generate_id.restype = [_POINTER], _UINT
    xcb.xcb_create_window.argtypes = [
        *(_POINTER, ctypes.c_uint8, _UINT, _UINT, ctypes.c_int16, ctypes.c_int16),
        *(ctypes.c_uint16, ctypes.c_uint16, ctypes.c_uint16, ctypes.c_uint16, _UINT, _UINT, _POINTER),
    ]
    xcb.xcb_convert_selection.argtypes = [_POINTER, _UINT, _UINT, _UINT, _UINT, _UINT]
    for name in ("xcb_connection_has_error", "xcb_flush", "xcb_get_file_descriptor", "xcb_disconnect"):
        getattr(xcb, name).argtypes = [_POINTER]
    return xcb
