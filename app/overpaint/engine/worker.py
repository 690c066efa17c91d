"""The process that computes edits: killed to cancel one, and gone as soon as the engine is.

It reads orders from standard input and writes what it makes to standard output, as frames.
"""

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, NoReturn

import pybase64

from overpaint.engine import pipe_messages


class _Job(NamedTuple):
    order: pipe_messages.WorkOrder
    pictures: list[bytes]
    mask: bytes


def main() -> NoReturn:
    """Works until standard input ends, then leaves at once whatever it was doing."""
    output = _private_output()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the engine
    jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
    threading.Thread(target=_read_orders, args=(sys.stdin.buffer, jobs), name="orders", daemon=True).start()
    _load()
    with contextlib.suppress(BrokenPipeError):  # the engine has gone; the reader says so too
        while True:
            for message, body in _worked(jobs.get()):
                output.write(pipe_messages.encode(message, len(body)))
                output.write(body)
                output.flush()
    os._exit(0)


def _private_output() -> BinaryIO:
    """The pipe to the engine; what libraries print goes to standard error instead of between the frames."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)
    return pipe


def _read_orders(stream: BinaryIO, jobs: "queue.SimpleQueue[_Job]") -> None:
    while (frame := pipe_messages.read(stream)) is not None:
        order, _ = frame
        if not isinstance(order, pipe_messages.WorkOrder):
            break
        pictures = [stream.read(length) for length in order.pictures]
        jobs.put(_Job(order, pictures, stream.read(order.mask)))
    os._exit(0)  # the engine has gone, or went wrong; a fill in progress cannot be interrupted otherwise


def _load() -> None:
    """Imports what every edit needs while the upload is still on its way."""
    import overpaint.imaging.encode
    import overpaint.imaging.offline_edit.edit

    _ = overpaint.imaging.offline_edit.edit, overpaint.imaging.encode


def _worked(job: _Job) -> Iterator[tuple[pipe_messages.Message, bytes]]:
    from overpaint.imaging.encode import encode
    from overpaint.imaging.offline_edit.edit import render
    from overpaint.imaging.offline_edit.edit_order import target_size
    from overpaint.imaging.offline_edit.inputs import InputError, read_inputs
    from overpaint.imaging.service_drift import drifted, from_environment

    try:
        inputs, sizes = read_inputs(job.pictures, job.mask)
    except InputError as fault:
        yield pipe_messages.Refused(fault.picture, fault.kind), b""
        return
    order = job.order
    job.pictures.clear()
    size = target_size(order.edit, sizes[0], masked=inputs.hole is not None)
    yield (
        pipe_messages.Accepted(tuple((one.width, one.height) for one in sizes), (size.width, size.height)),
        b"",
    )
    drift = from_environment()
    for made in render(inputs, order.edit):
        pixels = made.pixels if drift is None else drifted(made.pixels, drift)
        data = encode(pixels, order.format, order.compression, made.done)
        ready = pipe_messages.Ready(made.index, made.partial, made.done, made.pixels.shape[2] == 4)
        yield ready, pybase64.b64encode(data)
    yield pipe_messages.Finished(), b""


if __name__ == "__main__":
    main()
