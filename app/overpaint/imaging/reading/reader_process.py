"""The process in which files from outside are opened and decoded: if one crashes it, the window goes on.

It reads orders from standard input, answers on standard output, and is gone as soon as the program is.
"""

import contextlib
import mmap
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO, NoReturn

from PIL import Image, TiffImagePlugin, WebPImagePlugin

from overpaint.core.errors import OverpaintError, PictureError, StorageError
from overpaint.imaging.masks.mask_png import read_mask_file
from overpaint.imaging.reading import decode, reader_protocol
from overpaint.imaging.reading.inspect import inspect
from overpaint.imaging.reading.prepare import make_uploadable
from overpaint.imaging.reading.reader_protocol import (
    Answer,
    Decode,
    Decoded,
    Failed,
    Look,
    Looked,
    MaskRead,
    ReadMask,
    ReadRequest,
    Take,
    Taken,
)

_MOST_MEMORY = 1_000_000_000
"""Bytes: the largest picture takes a little less, and a bomb no more."""

_MOST_SECONDS = 5
"""Of the processor's time, for decoding; the largest picture takes two."""

_MOST_SECONDS_OF_OURS = 15
"""The same for encoding a copy, in which nothing of the file's can delay us any more."""

_BEHIND_THE_WINDOW = 5
_BY_PIPE = 4_000_000
"""Larger pixels are handed over in a file in memory."""

Orders = queue.SimpleQueue[tuple[ReadRequest, bytes]]


def main(folders: list[str]) -> NoReturn:
    """Works until standard input ends; ``folders`` are where pixels are laid, the first that has room.

    Whatever is left in them is removed at the end.
    """
    output = _private_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the program
    _set_bounds()
    _load()
    orders: Orders = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, orders, folders), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):  # the program has gone; the reader says so too
        while True:
            answer, body = _answered(*orders.get(), folders)
            output.write(reader_protocol.encode(answer, len(body)))
            output.write(body)
            output.flush()
    _leave(folders)


def _load() -> None:
    """Gets the six formats ready, and none of the forty others."""
    Image.preinit()
    _ = TiffImagePlugin, WebPImagePlugin


def _private_output() -> BinaryIO:
    """The pipe to the program; what libraries print goes to standard error instead of between the frames."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)
    return pipe


def _set_bounds() -> None:
    """Bounds the memory where the platform can, and leaves no core dump of somebody's picture behind; the
    window goes first when both need the processor."""
    if sys.platform == "win32":
        return
    import resource

    os.nice(_BEHIND_THE_WINDOW)

    most = _MOST_MEMORY + _unused_space()
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit, and doesn't take it
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _unused_space() -> int:
    """Bytes of address space that are no memory, such as libraries and what threads may need."""
    try:
        size, resident = map(int, Path("/proc/self/statm").read_text().split()[:2])
    except (OSError, ValueError):
        return 0
    return (size - resident) * mmap.PAGESIZE


def _allow(seconds: int) -> None:
    """Lets the system end this process once it has worked for so long from now on. Unlike the program's
    patience this doesn't depend on what else the computer does."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + seconds
        with contextlib.suppress(ValueError, OSError):  # somebody has allowed us less already
            resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _read(stream: BinaryIO, orders: Orders, folders: list[str]) -> None:
    while (frame := reader_protocol.read_order(stream)) is not None:
        orders.put(frame)
    _leave(folders)  # the program has gone; a picture that is being decoded cannot be interrupted otherwise


def _leave(folders: list[str]) -> NoReturn:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _answered(order: ReadRequest, body: bytes, folders: list[str]) -> tuple[Answer, bytes]:
    _allow(_MOST_SECONDS)
    try:
        match order:
            case Take():
                return _taken(order)
            case Look():
                return Looked(inspect(order.path)), b""
            case Decode():
                return _decoded(order, body, folders)
            case ReadMask():
                return _mask(order)
    except OverpaintError as fault:
        words = (_plain(one) for one in (fault.message, fault.cause, fault.next_step))
        return Failed(fault.kind, *words), b""
    except MemoryError:
        name = order.path.name if order.path is not None else "The picture"
        message = f"{_plain(name)} needs more memory than Overpaint gives to one picture."
        return Failed(PictureError.kind, message, next_step="Save it smaller."), b""


def _plain(words: str) -> str:
    """File names may hold bytes that are no text."""
    return words.encode(errors="replace").decode()


def _taken(order: Take) -> tuple[Answer, bytes]:
    made = make_uploadable(
        order.path,
        order.into,
        shrink=order.shrink,
        keep_metadata=order.keep_metadata,
        formats=order.formats,
        decoded=lambda: _allow(_MOST_SECONDS_OF_OURS),
    )
    preview = made.preview
    pixels = b"".join(decode.bgra_bands(preview))
    return Taken(made.picture, made.change, (preview.height, preview.width)), pixels


def _mask(order: ReadMask) -> tuple[Answer, bytes]:
    coverage = read_mask_file(order.path)
    return MaskRead((coverage.shape[0], coverage.shape[1])), coverage.tobytes()


def _decoded(order: Decode, body: bytes, folders: list[str]) -> tuple[Answer, bytes]:
    image, _ = decode.load_image(order.path or body, order.edge or None)
    shape = (image.height, image.width)
    if 4 * image.width * image.height <= _BY_PIPE:
        return Decoded(shape), b"".join(decode.bgra_bands(image))
    return Decoded(shape, _laid_down(image, folders)), b""


def _laid_down(image: Image.Image, folders: list[str]) -> Path:
    """The pixels in a file in the first folder that has room for them. Raises :class:`StorageError`."""
    length = 4 * image.width * image.height
    fault: OSError | None = None
    for folder in folders:
        try:
            handle, name = tempfile.mkstemp(dir=folder, prefix="pixels-")
        except OSError as failure:
            fault = failure
            continue
        try:
            with os.fdopen(handle, "r+b") as stream:
                _reserve(stream.fileno(), length)
                _write(image, stream.fileno(), length)
        except OSError as failure:
            Path(name).unlink(missing_ok=True)
            fault = failure
            continue
        return Path(name)
    raise StorageError(
        "There is no room to decode the picture.", cause=str(fault), next_step="Make room on the disk."
    ) from fault


def _reserve(handle: int, length: int) -> None:
    """Makes the file as long as it will be: in memory that isn't there, writing would kill the process."""
    if sys.platform != "win32" and hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, length)
    else:
        os.truncate(handle, length)


def _write(image: Image.Image, handle: int, length: int) -> None:
    with mmap.mmap(handle, length) as memory:
        for band in decode.bgra_bands(image):
            memory.write(band)


if __name__ == "__main__":
    main(sys.argv[1:])
