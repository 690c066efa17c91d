"""Between the history in memory and the one on disk: entries become steps of the log, and steps entries.

Everything is written. What can't be taken back any more is passed over when it is read, which never harms
the rest: changes of one mask don't depend on those of another, and of the tray's changes only those are
taken that lead, one after the other, to the tray as it stands.
"""

import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from itertools import takewhile

import msgspec
import numpy as np

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask_tiles import MaskTile, PackedTiles
from overpaint.core.masks.undo_entries import Entry, MaskEntry, within
from overpaint.library.drafts.draft_store import Addition, DraftHistory
from overpaint.library.drafts.undo_log import (
    Chapter,
    MaskStep,
    OtherStep,
    Place,
    ShelfStep,
    ShelvedMask,
    Step,
    TrayPlace,
    TrayStep,
    encode_chapter,
)
from overpaint.library.journal.stored_job import PictureFacts
from overpaint.studio.document.saved_mask_commands import SavedMaskCommands
from overpaint.studio.document.saved_masks import SavedMask, ShelfChange
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import Tray, TrayChange, TrayItem

BUDGET = 64 * 1024 * 1024
"""Bytes of entries that are kept on disk; older ones are forgotten at the end of the program."""

_SLACK = 1024 * 1024
_TRAY_BYTES = 4096
_LONGEST = 128 * 1024 * 1024


class Written(msgspec.Struct, frozen=True):
    """What is on disk: the file and its length, and the history that it tells."""

    file: str = ""
    length: int = 0
    entries: tuple[Entry, ...] = ()
    done: int = 0

    @property
    def reference(self) -> DraftHistory | None:
        """How a draft names it."""
        return DraftHistory(self.file, self.length) if self.file else None


def addition(written: Written, entries: Sequence[Entry], done: int) -> tuple[Addition | None, Written]:
    """The bytes that bring the file up to a history's state, and what is written then; None for no bytes.

    A file of which more than half is of no use any more is begun anew. May run on any thread.
    """
    sizes = [_size(entry) for entry in entries]
    fitting, done = within(sizes, done, BUDGET)
    now = tuple(entries[fitting.start : fitting.stop])
    if not now and not written.file:
        return None, written
    worth = sum(sizes[fitting.start : fitting.stop])
    if not written.file or written.length > min(_SLACK + 2 * worth, _LONGEST):
        data = encode_chapter(Chapter(0, 0, done, tuple(map(_step, now))))
        file = f"history-{secrets.token_hex(8)}.log"
        return Addition(file, 0, data), Written(file, len(data), now, done)
    before = written.entries
    dropped = next((at for at, entry in enumerate(before) if now and entry is now[0]), len(before))
    kept = sum(
        1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(before[dropped:], now, strict=False))
    )
    if (dropped, kept, done) == (0, len(before), written.done) and kept == len(now):
        return None, written
    data = encode_chapter(Chapter(dropped, kept, done, tuple(map(_step, now[kept:]))))
    end = written.length
    return Addition(written.file, end, data), Written(written.file, end + len(data), now, done)


def mask_entries(
    steps: Sequence[Step], items: Mapping[int, TrayItem], intact: Set[int]
) -> dict[int, MaskEntry]:
    """Entries for the steps, by their place, that change a mask which is on the disk as they left it.

    ``items`` are the tray's pictures by the numbers of their masks in the log, ``intact`` the numbers of the
    masks whose bytes are those that the log speaks of. May run on any thread.
    """
    found = {}
    for at, step in enumerate(steps):
        if isinstance(step, MaskStep) and step.mask in intact and step.mask in items:
            mask, tiles = items[step.mask].mask, _tiles(step)
            if tiles is not None and tiles.fit(mask.rect):
                found[at] = MaskEntry(step.name, mask, tiles)
    return found


def revived(
    steps: Sequence[Step],
    done: int,
    entries: Mapping[int, MaskEntry],
    items: Mapping[int, TrayItem],
    session: Session,
    named: SavedMaskCommands,
) -> tuple[list[Entry], int]:
    """The history that a log tells, of which ``entries`` are made already, and how much of it is done."""
    back, forth = _Reviver(items, session, named), _Reviver(items, session, named)
    past = [entries.get(at) or back.undoable(steps[at]) for at in reversed(range(done))]
    future = [entries.get(at) or forth.redoable(steps[at]) for at in range(done, len(steps))]
    kept = [entry for entry in reversed(past) if entry is not None]
    return [*kept, *(entry for entry in future if entry is not None)], len(kept)


class _Reviver:
    """Goes through steps in one direction from how things stand, and makes those entries that fit on."""

    def __init__(self, items: Mapping[int, TrayItem], session: Session, named: SavedMaskCommands) -> None:
        self._items = items
        self._put = session.replace_tray
        self._named = named
        serials = {item.mask.serial: serial for serial, item in items.items()}
        self._tray = tuple(_place(item, serials.get(item.mask.serial, 0)) for item in session.tray)
        self._shelves = {serial: list(item.shelf.masks) for serial, item in items.items()}

    def undoable(self, step: Step) -> Entry | None:
        """An entry that can be undone now, once all that came after it are undone."""
        match step:
            case TrayStep():
                return self._tray_change(step, step.after, step.before)
            case ShelfStep():
                return self._shelf_change(step, step.after, step.before)
        return None

    def redoable(self, step: Step) -> Entry | None:
        """The same forwards."""
        match step:
            case TrayStep():
                return self._tray_change(step, step.before, step.after)
            case ShelfStep():
                return self._shelf_change(step, step.before, step.after)
        return None

    def _tray_change(
        self, step: TrayStep, now: tuple[TrayPlace, ...], then: tuple[TrayPlace, ...]
    ) -> Entry | None:
        before, after = self._pictures(step.before), self._pictures(step.after)
        if now != self._tray or before is None or after is None:
            return None
        self._tray = then
        return TrayChange(step.name, before, after, self._put)

    def _pictures(self, places: Sequence[TrayPlace]) -> Tray | None:
        found = [self._picture(place) for place in places if place.mask in self._items]
        whole = [item for item in found if item is not None]
        return tuple(whole) if len(whole) == len(places) else None

    def _picture(self, place: TrayPlace) -> TrayItem | None:
        item = self._items[place.mask]
        facts = place.facts.picture()
        if (facts.path, facts.size) != (item.picture.path, item.picture.size):
            return None
        return replace(item, picture=replace(item.picture, name=facts.name), sent=place.sent)

    def _shelf_change(
        self, step: ShelfStep, now: ShelvedMask | None, then: ShelvedMask | None
    ) -> Entry | None:
        shelf = self._shelves.get(step.mask)
        if shelf is None or not 0 <= step.at <= len(shelf):
            return None
        standing = shelf[step.at] if now is not None and step.at < len(shelf) else None
        if (now and (now.file, now.name)) != (standing and (standing.file, standing.name)):
            del self._shelves[step.mask]  # what lies beyond led to another shelf than this one
            return None
        come = _unshelved(then, standing) if then is not None else None
        shelf[step.at : step.at + (standing is not None)] = [come] if come is not None else []
        item = self._items[step.mask]
        change = (come, standing) if now is step.after else (standing, come)
        return self._named.resumed(step.name, item.mask, item.shelf, step.at, change)


def _size(entry: Entry) -> int:
    """Bytes on disk, roughly: of a change of the tray only the words are kept."""
    return _TRAY_BYTES if isinstance(entry, TrayChange) else entry.size


def _step(entry: Entry) -> Step:
    match entry:
        case MaskEntry():
            return _mask_step(entry)
        case ShelfChange():
            return ShelfStep(
                entry.name, entry.subject.serial, entry.at, _shelved(entry.before), _shelved(entry.after)
            )
        case TrayChange():
            return TrayStep(entry.name, _places(entry.before), _places(entry.after))
    return OtherStep(entry.name)


def _mask_step(entry: MaskEntry) -> MaskStep:
    packed = entry.packed()
    return MaskStep(
        entry.name,
        entry.subject.serial,
        tuple((_corners(tile.rect), int(tile.bits.flat[0])) for tile in packed.even),
        tuple((tuple(map(_corners, rects)), payload) for rects, payload in packed.streams),
    )


def _tiles(step: MaskStep) -> PackedTiles | None:
    if any(not 0 <= bits <= 255 for _, bits in step.even):
        return None
    return PackedTiles(
        tuple(MaskTile(Rect(*place), np.full((1, 1), bits, np.uint8)) for place, bits in step.even),
        tuple((tuple(Rect(*place) for place in places), payload) for places, payload in step.streams),
    )


def _corners(rect: Rect) -> Place:
    return rect.x, rect.y, rect.width, rect.height


def _place(item: TrayItem, serial: int) -> TrayPlace:
    return TrayPlace(serial, PictureFacts.of(item.picture), str(item.source), item.note, item.sent)


def _places(tray: Tray) -> tuple[TrayPlace, ...]:
    return tuple(_place(item, item.mask.serial) for item in tray)


def _shelved(mask: SavedMask | None) -> ShelvedMask | None:
    return ShelvedMask(mask.name, mask.file, mask.fraction, mask.png) if mask is not None else None


def _unshelved(mask: ShelvedMask, standing: SavedMask | None) -> SavedMask:
    """The saved mask again; one that was only renamed shares its bytes with the one that stands there."""
    png = standing.png if standing is not None and standing.file == mask.file else mask.png
    return SavedMask(mask.name, png, mask.fraction, mask.file)
