"""A window in which a hand paints stroke after stroke until it is killed.

Called with the picture's path and a number of strokes, 0 for no end. Prints a line for every stroke once the
first one is on the disk; after the last one it prints what is painted, waits until that is on the disk,
prints a last line and stands still.
"""

import asyncio
import hashlib
import sys
from pathlib import Path

from tests.flows.desk import Desk
from tests.flows.wait import settled, until

from overpaint.library.drafts.draft_store import DraftStore
from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio
from overpaint.ui.app import program
from overpaint.ui.app.runtime.event_loop import run

_ROWS = 30


async def main(picture: Path, strokes: int) -> int:
    studio = Studio(Folders.find())
    app = Desk(studio, program.open_window(studio, [picture]))
    await app.on_canvas()
    painted = 0
    while not strokes or painted < strokes:
        painted += 1
        paint(app, painted)
        if painted == 1:
            await until(lambda: kept(studio) == 1)
        say("stroke")
        await settled()
    say(hashlib.sha256(app.item.mask.coverage.tobytes()).hexdigest())
    await until(lambda: kept(studio) == strokes)
    say("kept")
    await asyncio.Event().wait()
    return 0


def paint(app: Desk, number: int) -> None:
    y = 20.0 + number % _ROWS * 12
    app.paint((30.0 + number % 7 * 20, y), (300.0, y + 20), (500.0 - number % 5 * 30, y))


def kept(studio: Studio) -> int:
    """How many strokes the draft on disk has."""
    store = DraftStore(studio.folders.draft)
    draft = store.load()
    data = store.history(draft) if draft is not None else None
    return data.count(b"Brush stroke") if data else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run(program.application(), lambda: main(Path(sys.argv[1]), int(sys.argv[2]))))
