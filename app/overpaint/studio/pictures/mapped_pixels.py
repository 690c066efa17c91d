"""Pixels in a file that a reading process laid down in memory: they are used there, without a copy."""

import contextlib
import mmap
import os
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import PictureError

Pixels = NDArray[np.uint8]

_UNMAPPER = ThreadPoolExecutor(1, thread_name_prefix="unmap")


def mapped(shape: tuple[int, int], file: Path) -> Pixels:
    """The pixels, (height, width, 4), of a file that is gone as soon as nobody uses them. Raises
    :class:`PictureError`."""
    memory = _taken(file)
    pixels = np.frombuffer(memory, np.uint8)
    last = weakref.finalize(pixels, _unmap, memory)
    last.atexit = False
    return pixels.reshape(*shape, 4)


def _unmap(memory: mmap.mmap) -> None:
    """Gives 33 MB of an 8-megapixel picture back in 10 to 60 ms, which the window shall not wait for."""
    with contextlib.suppress(RuntimeError):  # at the interpreter's end all goes at once
        _UNMAPPER.submit(_close, memory)


def _close(memory: mmap.mmap) -> None:
    """Closes it as soon as the pixels have let go of it: they tell of their end a moment before."""
    while True:
        try:
            memory.close()
        except BufferError:
            time.sleep(0.001)
        else:
            return


def _taken(file: Path) -> mmap.mmap:
    # Windows takes away no file that is in use, but one that was opened so when its last user goes.
    flags = os.O_RDWR | getattr(os, "O_TEMPORARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(file, flags)
        try:
            memory = mmap.mmap(handle, 0)
        finally:
            os.close(handle)
    except OSError as fault:
        raise PictureError("The picture was lost on its way to the window.", cause=str(fault)) from fault
    with contextlib.suppress(OSError):
        file.unlink()
    return memory
