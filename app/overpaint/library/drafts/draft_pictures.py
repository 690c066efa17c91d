"""Copies of pictures that were pasted or made for upload: those that nothing needs any more go."""

import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from overpaint.library.drafts.draft_store import Draft
from overpaint.library.drafts.undo_log import Step, TrayStep

KEPT_SECONDS = 7 * 24 * 3600.0
"""How long a copy that nothing needs stays at any rate: a window without a draft may show it."""
KEPT_BYTES = 500_000_000
"""What such copies may come to; beyond it the oldest go."""
IN_USE_SECONDS = 3600.0
"""A copy this young may have been made for an edit that is still to be noted."""


def pictures_of(draft: Draft, steps: Collection[Step]) -> set[Path]:
    """The files of all pictures that a draft and its history can bring back."""
    facts = [one.facts for one in (*draft.pictures, *draft.away)]
    for step in steps:
        if isinstance(step, TrayStep):
            facts += [place.facts for place in (*step.before, *step.after)]
    return {Path(one.path) for one in facts}


def clear(folder: Path, wanted: Collection[Path], now: float | None = None, *, room: int = KEPT_BYTES) -> int:
    """Removes the files of a folder that aren't ``wanted`` and are too old, or too many; returns how many.

    ``now`` is in seconds since 1970, ``room`` what such files may come to in bytes. Files that can't be
    removed stay; they harm nothing.
    """
    moment = time.time() if now is None else now
    names = {path.name for path in wanted if path.parent == folder}
    spare = sorted((one for one in _files(folder) if one[2].name not in names), reverse=True)
    removed = 0
    for changed, length, path in spare:  # the newest first
        room -= length
        age = moment - changed
        if age > KEPT_SECONDS or (room < 0 and age > IN_USE_SECONDS):
            with suppress(OSError):
                path.unlink()
                removed += 1
    return removed


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime, found.st_size, Path(entry.path)
