"""A session that is kept on disk, ended and started again, as the program does it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.studio.making import picture

from overpaint.core.masks.mask import Mask
from overpaint.core.paint.brush_stroke import Brush
from overpaint.library.drafts.draft_store import DraftStore
from overpaint.studio.document.saved_mask_commands import SavedMaskCommands
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.drafts.draft_autosave import DraftAutosave
from overpaint.studio.tasks import Tasks

BUDGET = 32 * 1024 * 1024


@dataclass
class Drafted:
    """One start of the program without its window."""

    session: Session
    named: SavedMaskCommands
    draft_autosave: DraftAutosave
    tasks: Tasks
    store: DraftStore

    async def write(self) -> None:
        """Writes what there is at once."""
        await self.draft_autosave._writer._attempt()

    async def end(self) -> None:
        """Ends as the program does."""
        await self.tasks.close()
        await self.draft_autosave.close()

    async def kill(self) -> None:
        """Ends without writing anything more."""
        await self.tasks.close()
        self.store.release()


async def start(folder: Path) -> Drafted:
    """A start over what an earlier one left in a folder."""
    session, tasks, store = Session(BUDGET), Tasks(), DraftStore(folder)
    named = SavedMaskCommands(session)
    made = Drafted(session, named, DraftAutosave(session, named, tasks, store), tasks, store)
    await made.draft_autosave.restore()
    return made


def items(*files: Path) -> list[TrayItem]:
    found = [picture(file) for file in files]
    return [TrayItem(0, one, one.path, "", Mask(one.size.width, one.size.height)) for one in found]


def mask_states(session: Session) -> list[list[object]]:
    """For each picture of the tray what its mask and its saved masks go through while everything is undone,
    then redone, then brought back to where it stands; what doesn't change it is left out."""
    pictures, position = session.tray, session.history.position
    seen: list[list[object]] = [[] for _ in pictures]

    def look() -> None:
        for states, item in zip(seen, pictures, strict=True):
            state = item.mask.coverage.tobytes(), tuple(one.name for one in item.shelf.masks)
            if not states or states[-1] != state:
                states.append(state)

    walk(session.undo, lambda: session.history.can_undo, look)
    walk(session.redo, lambda: session.history.can_redo, look)
    session.go_to(position)
    look()
    return seen


def walk(step: Callable[[], None], more: Callable[[], bool], look: Callable[[], None]) -> None:
    look()
    while more():
        step()
        look()


def coverage(session: Session) -> np.ndarray:
    assert session.current is not None
    return session.current.mask.coverage.copy()


def paint(session: Session, *points: tuple[float, float]) -> None:
    """A stroke through the points, unless another one goes on."""
    stroke = session.stroke(Brush(30, 0.7, 0.9))
    if stroke is None:
        return
    dirty = stroke.begin(*points[0])
    for point in points[1:]:
        dirty = dirty.united(stroke.extend(*point))
    stroke.finish()
    session.notify_stroke(dirty)
