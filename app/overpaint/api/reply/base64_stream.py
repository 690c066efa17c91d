"""Base64 decoded while it arrives, so that a picture's text is never held beside the picture."""

import binascii
import io
import re

import pybase64

_BLANK = b" \t\r\n\f"
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_PREFIX = b"data:"
_LONGEST_PREFIX = 200
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_UNFINISHED_ESCAPE = re.compile(rb"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"f": b"\f", b"b": b""}


class Base64Stream:
    """Decodes the inside of a JSON string that holds base64, in pieces of any length.

    Takes what services send: a ``data:…,`` prefix, white space, JSON escapes (``\\/``), the URL-safe
    alphabet, missing padding.
    """

    def __init__(self) -> None:
        self._decoded = io.BytesIO()
        self._carry = b""  # text not decoded yet: fewer than four digits
        self._escape = b""  # the start of an escape that a piece cut through
        self._prefix: bytearray | None = bytearray()  # None once it is known whether there is one
        self._padded = False
        self._broken = False

    def feed(self, piece: bytes) -> None:
        """More of the string, as it stands between the quotes."""
        if self._escape or b"\\" in piece:
            piece = self._unescaped(self._escape + piece)
        if self._prefix is not None:
            piece = self._without_prefix(self._prefix, piece)
        if piece and not self._broken:
            self._decode(self._carry + piece)

    def finish(self) -> bytes | None:
        """The decoded bytes once the string has ended; None where it was no base64."""
        if self._prefix is not None:
            piece, self._prefix = bytes(self._prefix), None
            self._decode(piece)
        self._carry = self._carry.translate(None, _BLANK)
        if self._carry and not self._broken:
            self._decode(self._carry + b"=" * (-len(self._carry) % 4))
        if self._broken or self._escape or self._carry:
            return None
        return self._decoded.getvalue()

    def _decode(self, text: bytes) -> None:
        if self._padded:  # only white space may follow
            self._broken = bool(text.strip(_BLANK))
            return
        whole = len(text) & ~3
        try:
            self._decoded.write(pybase64.b64decode(text[:whole], validate=True))
        except binascii.Error:
            self._decode_loosely(text.translate(_TO_STANDARD, _BLANK))
            return
        self._carry = text[whole:]
        self._padded = text.endswith(b"=", 0, whole)

    def _decode_loosely(self, text: bytes) -> None:
        whole = len(text) & ~3
        self._carry = text[whole:]
        try:
            self._decoded.write(pybase64.b64decode(text[:whole], validate=True))
        except binascii.Error:
            self._broken = True
        self._padded = text.endswith(b"=", 0, whole)

    def _unescaped(self, text: bytes) -> bytes:
        unfinished = _UNFINISHED_ESCAPE.search(text)
        # An even number of backslashes at the end is a whole escape, which the search takes for a half.
        if unfinished is not None and _backslashes_before(text, unfinished.start()) % 2 == 0:
            self._escape, text = text[unfinished.start() :], text[: unfinished.start()]
        else:
            self._escape = b""
        return _ESCAPE.sub(_character, text)

    def _without_prefix(self, held: bytearray, piece: bytes) -> bytes:
        held += piece
        start = bytes(held).lstrip(_BLANK)
        may_be_prefix = start[: len(_PREFIX)].lower() == _PREFIX[: len(start)]
        comma = start.find(b",", 0, _LONGEST_PREFIX) if may_be_prefix else -1
        if may_be_prefix and comma < 0 and len(held) < _LONGEST_PREFIX:
            return b""
        self._prefix = None
        return start[comma + 1 :]


def _backslashes_before(text: bytes, end: int) -> int:
    return end - len(text[:end].rstrip(b"\\"))


def _character(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return chr(int(escape[1], 16)).encode(errors="replace")
    return _CONTROL.get(escape[2], escape[2])
