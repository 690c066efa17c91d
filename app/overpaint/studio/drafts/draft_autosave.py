"""Keeps the tray, its masks and their history on disk as they change, and brings them back at the start."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import StorageError
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_entries import Entry
from overpaint.library.drafts.draft_pictures import pictures_of
from overpaint.library.drafts.draft_store import Draft, DraftMask, DraftPicture, DraftStore
from overpaint.library.drafts.undo_log import replay
from overpaint.library.journal.stored_job import PictureFacts
from overpaint.studio.background_writer import BackgroundWriter
from overpaint.studio.document.saved_mask_commands import SavedMaskCommands
from overpaint.studio.document.saved_masks import new_file
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.drafts.draft_restore import digest_of, read
from overpaint.studio.drafts.undo_log_codec import Written, addition, revived
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained

_PAUSE = 0.4
_RETRY = 5.0
_MOVING = -1


class _Kept(msgspec.Struct, frozen=True):
    """Under which name a mask lies on disk, with which digest, and which of its revisions that is; a mask
    that was being painted has none, so that it is written again."""

    revision: int
    name: str
    digest: str = ""


class _OnDisk(msgspec.Struct, frozen=True):
    """What was written last: masks by their numbers, the files of saved masks, and the history."""

    masks: dict[int, _Kept]
    saved: frozenset[str]
    history: Written


class _Snapshot(msgspec.Struct, frozen=True):
    """All of one moment: the draft, by file name the coverage of masks that changed and the saved masks that
    are new, and the history."""

    draft: Draft
    changed: dict[str, NDArray[np.uint8]]
    saved: dict[str, bytes]
    masks: dict[int, _Kept]
    entries: tuple[Entry, ...]
    done: int


_Copies = dict[int, tuple[int, NDArray[np.uint8]]]
"""By the numbers of masks: a revision and a copy, true if the mask is still at that revision afterwards."""


class DraftAutosave:
    """Writes half a second after a stroke ended or the tray changed, off the main thread; what ``failing``
    tells of is tried again every few seconds."""

    def __init__(self, session: Session, named: SavedMaskCommands, tasks: Tasks, store: DraftStore) -> None:
        self._session = session
        self._named = named
        self._tasks = tasks
        self._store = store
        self._on_disk = _OnDisk({}, frozenset(), Written())
        self._writer = BackgroundWriter(self._write, tasks, "the draft", pause=_PAUSE, retry=_RETRY)
        # Of its own, so that a stroke never waits for what the other threads do, or hang in.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="draft")
        self._closed = False
        self._saving: asyncio.Future[None] | None = None
        self._lost: tuple[str, ...] = ()
        self._away: tuple[DraftPicture, ...] = ()
        self._elsewhere = False
        self._stuck = False
        self._on = False

    @property
    def failing(self) -> bool:
        """Whether the last write failed, so that what was painted last is in memory alone."""
        return self._writer.failing

    @property
    def remark(self) -> str:
        """What the user should know of what was, or wasn't, brought back; ``""`` when all is well."""
        if self._elsewhere:
            return "Another window keeps the tray: masks painted in this one end with it."
        if self._stuck:
            return "The tray of last time can't be read. It is left as it is: what you paint now isn't kept."
        if self._store.aside is not None:
            what = "Not all of the tray" if self._session.tray else "The tray"
            verb = "can" if self._session.tray else "can't"
            return f"{what} of last time {verb} be read. It was set aside in {self._store.aside}"
        if not self._lost:
            return ""
        names = ", ".join(f"“{name}”" for name in self._lost)
        whose = "Its mask is" if len(self._lost) == 1 else "Their masks are"
        return f"{names} couldn't be found as it was. {whose} kept until it is so again."

    def needed_files(self) -> set[Path] | None:
        """The files of pictures that the draft as it lies on the disk can bring back; None where that isn't
        known, as long as a draft that was set aside lies there, too. Blocks."""
        if not self._on or self._store.has_set_aside:
            return None
        draft = self._store.load()
        if draft is None:
            return set()
        history = self._store.history(draft)
        replayed = replay(history) if history else ([], 0)
        return None if replayed is None else pictures_of(draft, replayed[0])

    async def restore(self) -> bool:
        """Brings back the tray of the last run with masks and history, and keeps them from now on; False when
        there was none. ``remark`` says what the user should know of it.

        Pictures whose files have gone or changed their size are left out. They are kept with their masks, and
        come back at a start at which their files are there.
        """
        writable = True
        try:
            self._elsewhere = not await asyncio.to_thread(self._store.own)
            if self._elsewhere:
                return False
        except StorageError as fault:  # it can be read perhaps
            self._tasks.failed.emit(fault)
            writable = False
        taking_up = Contained("taking up the draft")
        with taking_up:
            draft = await asyncio.to_thread(self._store.load)
            if draft is not None:
                await self._take_up(draft)
        # What is written from now on must not overwrite what can't be taken up.
        spare = self._store.set_aside if taking_up.failed else self._store.spare_unread
        self._stuck = not await asyncio.to_thread(spare)
        if writable and not self._stuck:
            self._begin()
        return bool(self._session.tray)

    async def close(self) -> None:
        """Writes what is left to write; nothing is written afterwards, and a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            if self._on:
                self._on = False
                await self._writer.close()
        finally:
            # The next start needs it.
            await asyncio.get_running_loop().run_in_executor(self._thread, self._store.release)
            self._thread.shutdown(wait=False)

    async def _take_up(self, draft: Draft) -> None:
        left = await asyncio.to_thread(read, self._store, draft)
        self._lost, self._away = tuple(one.facts.name for one in left.lost), left.away
        if not left.items:
            return
        self._session.start_with(left.items.values())
        items = dict(zip(left.items, self._session.tray, strict=True))
        if draft.current in left.ids:
            self._session.show(self._session.tray[left.ids.index(draft.current)].id)
        self._session.restore_history(
            *revived(left.steps, left.done, left.entries, items, self._session, self._named)
        )

    def _begin(self) -> None:
        self._on = True
        self._session.tray_changed.connect(self.schedule)
        self._session.current_changed.connect(self.schedule)
        self._session.mask_edited.connect(self.schedule)
        self._session.history_changed.connect(self.schedule)

    def schedule(self, *_: object) -> None:
        """Something changed: it is on the disk within a second."""
        if self._on:
            self._writer.schedule()

    async def _write(self) -> None:
        if self._saving is not None:  # a thread goes on even if nobody waits for it any more
            await asyncio.wait((self._saving,))
        loop = asyncio.get_running_loop()
        copies = await loop.run_in_executor(self._thread, _copied, self._stale())
        snapshot = self._snapshot(copies)
        self._saving = loop.run_in_executor(self._thread, self._save, snapshot)
        await asyncio.shield(self._saving)

    def _save(self, snapshot: _Snapshot) -> None:
        try:
            self._on_disk = _saved(self._store, snapshot, self._on_disk)
        except BaseException:
            # How far the history's file got is not known: the next one is a new file.
            self._on_disk = msgspec.structs.replace(self._on_disk, history=Written())
            raise

    def _stale(self) -> list[Mask]:
        """The masks that changed and that nobody paints on."""
        if self._session.history.recording:
            return []
        masks = {item.mask.serial: item.mask for item in self._session.tray if item.mask.revision}
        known = self._on_disk.masks
        return [
            mask
            for serial, mask in masks.items()
            if serial not in known or known[serial].revision != mask.revision
        ]

    def _snapshot(self, copies: _Copies) -> _Snapshot:
        """The tray as it stands. A mask that changed comes from ``copies``, unless it changed since then or
        is painted on now: it is copied here then, which is to be felt in large pictures.

        A changed mask goes into a new file: the old one stays true until the draft names the new one. Masks
        are those that the history knows of, without the stroke under the hand.
        """
        history = self._session.history
        pictures: list[DraftPicture] = []
        changed: dict[str, NDArray[np.uint8]] = {}
        masks: dict[int, _Kept] = {}
        for item in self._session.tray:
            if _is_untouched(item, self._session.sample):
                continue  # the sample comes by itself
            if item.mask.revision:
                kept = masks[item.mask.serial] = self._kept(item)
                if self._on_disk.masks.get(item.mask.serial) != kept:
                    revision, copy = copies.get(item.mask.serial, (_MOVING, None))
                    if copy is None or revision != kept.revision:
                        copy = history.coverage_of(item.mask)
                    changed[kept.name] = copy
            pictures.append(_picture(item, masks))
        current = self._session.current
        return _Snapshot(
            Draft(tuple(pictures), current.id if current else None, away=self._away),
            changed,
            self._new_saved(),
            masks,
            history.entries(),
            history.position,
        )

    def _kept(self, item: TrayItem) -> _Kept:
        before = self._on_disk.masks.get(item.mask.serial)
        if before is not None and before.revision == item.mask.revision:
            return before
        return _Kept(_MOVING if self._session.history.recording else item.mask.revision, new_file())

    def _new_saved(self) -> dict[str, bytes]:
        every = (mask for item in self._session.tray for mask in item.shelf.masks)
        return {mask.file: mask.png for mask in every if mask.file not in self._on_disk.saved}


def _is_untouched(item: TrayItem, sample: int | None) -> bool:
    return item.id == sample and item.sent and not item.mask.revision and not item.shelf.masks


def _copied(masks: list[Mask]) -> _Copies:
    """Copies of masks by their numbers, made while the window goes on."""
    return {mask.serial: (mask.revision, mask.coverage.copy()) for mask in masks}


def _picture(item: TrayItem, masks: dict[int, _Kept]) -> DraftPicture:
    kept = masks.get(item.mask.serial)
    return DraftPicture(
        item.id,
        PictureFacts.of(item.picture),
        str(item.source),
        item.note,
        kept.name if kept else "",
        serial=item.mask.serial,
        saved=tuple(DraftMask(mask.name, mask.file, mask.fraction) for mask in item.shelf.masks),
        stamp=item.stamp,
        sent=item.sent,
    )


def _saved(store: DraftStore, snapshot: _Snapshot, before: _OnDisk) -> _OnDisk:
    """Writes a snapshot, and tells what is on disk then. Raises StorageError."""
    from overpaint.imaging.masks.mask_png import encode_grey  # Pillow loads here, on a worker thread

    digests = {name: digest_of(coverage) for name, coverage in snapshot.changed.items()}
    masks = {
        serial: msgspec.structs.replace(kept, digest=digests.get(kept.name, kept.digest))
        for serial, kept in snapshot.masks.items()
    }
    pictures = tuple(
        msgspec.structs.replace(one, digest=masks[one.serial].digest) if one.mask else one
        for one in snapshot.draft.pictures
    )
    more, history = addition(before.history, snapshot.entries, snapshot.done)
    draft = msgspec.structs.replace(snapshot.draft, pictures=pictures, history=history.reference)
    files = {name: encode_grey(coverage) for name, coverage in snapshot.changed.items()}
    store.save(draft, files | snapshot.saved, more)
    return _OnDisk(masks, frozenset(one.file for picture in pictures for one in picture.saved), history)
