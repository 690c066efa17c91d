"""Keeps the memory of a process that dies out of files: it holds the key."""

import contextlib
import sys

_SET_DUMPABLE = 4
"""``PR_SET_DUMPABLE`` of Linux's ``prctl.h``."""


def forbid_core_dumps(*, and_looking_in: bool) -> None:
    """No dump is written of this process, nor of those that it starts.

    With ``and_looking_in`` other programs of the user can't read its memory and environment either, where
    Linux can forbid that; the desktop's portals refuse their dialogs to such a process, so it is for
    commands alone.
    """
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    # A limit of 0 means nothing to a program that dumps are piped to; at 1 byte Linux starts none.
    least = 1 if sys.platform == "linux" and hard != 0 else 0
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (least, hard))
    if and_looking_in and sys.platform == "linux":
        import ctypes

        if (prctl := getattr(ctypes.CDLL(None), "prctl", None)) is not None:
            prctl(_SET_DUMPABLE, 0, 0, 0, 0)
