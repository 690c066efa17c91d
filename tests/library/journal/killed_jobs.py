"""Runs jobs as fast as it can in children that are killed at random moments; prints what they acknowledged.

One line of JSON for each child: its folder's name and its acknowledgements, each written to a pipe only
after the library's call had returned. Children are forked, so that a hundred cost no hundred starts.
"""

import json
import os
import random
import select
import signal
import sys
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.params import EditParams
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.job_state import JobState
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.spool import Spool

CHUNK = 1000


def reply_bytes(number: int) -> bytes:
    """The reply of the n-th job: 50,000 bytes that say which job they are of."""
    return (f"{number:010d}".encode() * 5000)[:50_000]


def run_jobs(folder: Path, acknowledge: int) -> None:
    """Runs one job after another without end."""
    journal, gallery = Journal(folder / "journal"), Gallery(folder / "gallery")
    gallery.create()
    for number in count():
        request = EditRequest(EditParams(prompt=f"job {number}"), (), b"mask")
        record = journal.open_job(request, "api.example.com")

        def say(what: str, job: str = record.id, value: object = number) -> None:
            os.write(acknowledge, json.dumps([job, what, value]).encode() + b"\n")

        say("intent")
        spool = Spool(record)
        spool.sent()
        say("sent")
        spool.head(200, {"content-type": "text/event-stream"}, f"req_{number}")
        say("request id")
        data = reply_bytes(number)
        for start in range(0, len(data), CHUNK):
            spool.write(data[start : start + CHUNK])
            if start == 20 * CHUNK:
                record.advance(JobState.PARTIAL, index=0)
                say("partial")
            say("bytes", value=start + CHUNK)
        spool.flush()
        record.advance(JobState.BYTES_COMPLETE)
        say("bytes complete")
        saved = gallery.save(Completed(0, data, "png"), request, when=datetime.now(UTC))
        say("in gallery", value=saved.path.name)
        record.advance(JobState.SAVED, file=saved.path)
        say("saved")
        spool.close()
        record.close()


def kill_one(folder: Path, acknowledgements: int, delay: float) -> list[object]:
    """Kills a child some seconds after so many acknowledgements; returns all that it wrote."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        run_jobs(folder, writing)
    os.close(writing)
    heard = b""
    while heard.count(b"\n") < acknowledgements:
        if not (more := os.read(reading, 1 << 20)):
            raise RuntimeError("The child ended by itself.")
        heard += more
    deadline = time.monotonic() + delay
    while (left := deadline - time.monotonic()) > 0:
        # The pipe is emptied meanwhile, so that the child never waits for us.
        if select.select([reading], [], [], left)[0]:
            heard += os.read(reading, 1 << 20)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 1 << 20):
        heard += more
    os.close(reading)
    return [json.loads(line) for line in heard.splitlines()]


if __name__ == "__main__":
    root, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    for round_number in range(rounds):
        heard = chance.randrange(chance.choice((9, 200)))
        acknowledged = kill_one(root / str(round_number), heard, chance.uniform(0, 0.003))
        sys.stdout.write(json.dumps([str(round_number), acknowledged]) + "\n")
