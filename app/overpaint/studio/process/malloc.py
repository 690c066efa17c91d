"""Has the C library give large blocks of memory back to the system as soon as they are freed."""

import sys

_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD`` of the C library's ``malloc.h``."""

_TRIM_THRESHOLD = -1
"""``M_TRIM_THRESHOLD``, in the same place."""

_LARGE = 4 * 1024 * 1024
_KEPT = 16 * 1024 * 1024


def trim_large_blocks() -> bool:
    """Gives every block of 4 MB and more a mapping of its own; False where the C library has no such choice.

    Left to itself glibc takes blocks of up to 32 MB from its heaps once the first of them was freed, and
    keeps them: pictures and masks that have long gone hold some 40 MB more. Smaller blocks come and go at
    every frame that is painted: the end of the heap that they use isn't given back and fetched again.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and no need of it
    if mallopt is None:
        return False
    # Setting one of them stops glibc from adapting the other, which would stay at 128 kB.
    return bool(mallopt(_MMAP_THRESHOLD, _LARGE) and mallopt(_TRIM_THRESHOLD, _KEPT))
