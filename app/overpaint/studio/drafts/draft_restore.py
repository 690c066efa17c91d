"""What an earlier start left: pictures whose files are still there, their masks, and the history of these."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import PictureError
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.core.request.params import MAX_PICTURES
from overpaint.core.request.sizes import Size
from overpaint.imaging.reading.file_headers import stored_size
from overpaint.library.drafts.draft_store import Draft, DraftPicture, DraftStore
from overpaint.library.drafts.undo_log import Step, replay
from overpaint.studio.document.saved_masks import SavedMask, SavedMasks
from overpaint.studio.document.tray import UNKNOWN, TrayItem
from overpaint.studio.drafts.undo_log_codec import mask_entries

_MOST_AWAY = 64
_WITHOUT_METADATA = 2
"""From this version of drafts on pictures are kept as they may be sent."""

_BACK = -1000
"""What was away takes part in no history: its number there is none that a mask can have."""


class RestoredDraft(msgspec.Struct, frozen=True):
    """A draft as far as it can be taken up.

    ``items`` are its pictures by the numbers of their masks, ``ids`` what the draft calls them, in the same
    order; pictures that were away and are back come last. ``lost`` are those whose files aren't there now,
    ``away`` all that aren't. ``steps``, ``done`` and ``entries`` are what ``undo_log.revived`` wants.
    """

    items: Mapping[int, TrayItem]
    ids: Sequence[int]
    lost: tuple[DraftPicture, ...]
    away: tuple[DraftPicture, ...]
    steps: Sequence[Step]
    done: int
    entries: Mapping[int, MaskEntry]


def read(store: DraftStore, draft: Draft) -> RestoredDraft:
    """Reads everything that a draft names; blocks, so it is called off the main thread."""
    if draft.version < _WITHOUT_METADATA:
        draft = _to_be_read_again(draft)
    found = {kept.id: (kept, _item(store, kept)) for kept in draft.pictures}
    there = [(kept, item) for kept, item in found.values() if item is not None]
    # Numbers that are no numbers of their own (an older draft has none) tell nothing about the history.
    numbered = len({kept.serial for kept, _ in there}) == len(there)
    items = {kept.serial if numbered else -at: item for at, (kept, item) in enumerate(there)}
    history = store.history(draft)
    replayed = replay(history) if history and numbered else None
    if draft.history is not None and history and numbered and replayed is None:
        store.note_unread(draft.history.file)
    steps, done = replayed or ([], 0)
    intact = {kept.serial for kept, item in there if _is_intact(kept, item)}
    lost = tuple(kept for kept, item in found.values() if item is None)
    waiting = [(kept, _item(store, kept)) for kept in draft.away]
    back = [(kept, item) for kept, item in waiting if item is not None][: MAX_PICTURES - len(items)]
    still_away = [kept for kept in draft.away if all(kept is not one for one, _ in back)]
    items |= {_BACK - at: item for at, (_, item) in enumerate(back)}
    return RestoredDraft(
        items,
        [kept.id for kept, _ in (*there, *back)],
        lost,
        (*lost, *still_away)[:_MOST_AWAY],
        steps,
        done,
        mask_entries(steps, items, intact),
    )


def _to_be_read_again(draft: Draft) -> Draft:
    """The draft with files that nobody has looked at: ``changed_files`` then does, before they are sent."""
    pictures, away = (
        tuple(msgspec.structs.replace(kept, stamp=UNKNOWN) for kept in some)
        for some in (draft.pictures, draft.away)
    )
    return msgspec.structs.replace(draft, pictures=pictures, away=away)


def digest_of(coverage: NDArray[np.uint8]) -> str:
    """What a mask's coverage is known by."""
    return hashlib.blake2b(np.ascontiguousarray(coverage).data, digest_size=16).hexdigest()


def _item(store: DraftStore, kept: DraftPicture) -> TrayItem | None:
    """A kept picture, when its file is still the one that it was."""
    facts = kept.facts.picture()
    try:
        # Nothing here decodes it: a file that another one was put in the place of must not end the start.
        if stored_size(facts.path) != (facts.size.width, facts.size.height):
            return None
    except OSError:
        return None
    mask = _mask(store, kept.mask, facts.size)
    return TrayItem(
        kept.id, facts, Path(kept.source), kept.note, mask, _shelf(store, kept), kept.stamp, kept.sent
    )


def _mask(store: DraftStore, file: str, size: Size) -> Mask:
    """The mask in a file, or an empty one when that is damaged: the picture is worth more than its mask."""
    from overpaint.imaging.masks.mask_png import decode_grey

    png = store.mask(file)
    try:
        coverage = decode_grey(png) if png else None
    except PictureError:
        coverage = None
    fits = coverage is not None and coverage.shape == (size.height, size.width)
    if png is not None and not fits:
        store.note_unread(file)
    return Mask.of(coverage) if coverage is not None and fits else Mask(size.width, size.height)


def _shelf(store: DraftStore, kept: DraftPicture) -> SavedMasks:
    shelf = SavedMasks()
    for one in kept.saved:
        png = store.mask(one.file)
        if png is not None:
            saved = SavedMask(shelf.free_name(one.name), png, min(max(one.fraction, 0.0), 1.0), one.file)
            shelf.masks = (*shelf.masks, saved)
    return shelf


def _is_intact(kept: DraftPicture, item: TrayItem) -> bool:
    """Whether the mask has the very bytes that the history was written for."""
    if not kept.mask:
        return True  # nothing was painted, and nothing is
    return kept.digest == digest_of(item.mask.coverage)
