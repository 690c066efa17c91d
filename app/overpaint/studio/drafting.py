"""Keeps the tray and its masks on disk as they change, and brings them back at the next start."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import OverpaintError, StorageError
from overpaint.core.geometry import Rect
from overpaint.core.mask import Mask
from overpaint.library.draft import Draft, DraftPicture, DraftStore
from overpaint.library.kept import PictureFacts
from overpaint.studio.jobs import Tasks
from overpaint.studio.session import Session
from overpaint.studio.tray import TrayItem

_PAUSE = 0.3


@dataclass(frozen=True, slots=True)
class _Kept:
    """Under which name a mask lies on disk, and which of its revisions that is."""

    revision: int
    name: str


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A draft with the coverage of the masks that changed since the last one, by file name."""

    draft: Draft
    changed: dict[str, NDArray[np.uint8]]
    kept: dict[int, _Kept]


class Drafting:
    """Writes half a second after a stroke ended or the tray changed, off the main thread, one write at a
    time. A write that fails is told once through ``tasks.failed``, and again after one that went well."""

    def __init__(self, session: Session, tasks: Tasks, store: DraftStore) -> None:
        self._session = session
        self._tasks = tasks
        self._store = store
        self._written: dict[int, _Kept] = {}
        self.lost: tuple[str, ...] = ()
        self._wanted = self._going = self._failing = self._on = False

    async def restore(self) -> bool:
        """Brings back the tray of the last run, and keeps it from now on; False when there was none.

        Pictures whose files have gone or changed their size are left out; ``lost`` has their names.
        """
        try:
            if not await asyncio.to_thread(self._store.own):
                return False
        except StorageError as fault:
            self._tasks.failed.emit(fault)
            return False
        draft = await asyncio.to_thread(self._store.load)
        items = await asyncio.to_thread(_items, self._store, draft) if draft else []
        if draft is not None:
            found = {item.id for item in items}
            self.lost = tuple(kept.facts.name for kept in draft.pictures if kept.id not in found)
        if items:
            self._session.start_with(items)
            self._show(draft, items)
        self._begin()
        return bool(items)

    async def close(self) -> None:
        """Writes what is left to write; nothing is written afterwards."""
        if self._on:
            self._on = False
            await self._write()
        await asyncio.to_thread(self._store.release)

    def _show(self, draft: Draft | None, items: list[TrayItem]) -> None:
        shown = next((at for at, item in enumerate(items) if draft and item.id == draft.current), 0)
        self._session.show(self._session.tray[shown].id)

    def _begin(self) -> None:
        self._on = True
        self._session.tray_changed.connect(self._soon)
        self._session.current_changed.connect(self._soon)
        self._session.mask_changed.connect(self._mask_changed)

    def _mask_changed(self, _: TrayItem, __: Rect) -> None:
        if not self._session.history.recording:
            self._soon()

    def _soon(self) -> None:
        self._wanted = True
        if self._on and not self._going:
            self._going = True
            self._tasks.start(self._follow(), "keep draft")

    async def _follow(self) -> None:
        try:
            while self._wanted:
                await asyncio.sleep(_PAUSE)
                self._wanted = False
                await self._write()
        finally:
            self._going = False

    async def _write(self) -> None:
        snapshot = self._snapshot()
        try:
            await asyncio.to_thread(_save, self._store, snapshot)
        except StorageError as fault:
            if not self._failing:
                self._tasks.failed.emit(fault)
            self._failing = True
        else:
            self._failing = False
            self._written = snapshot.kept

    def _snapshot(self) -> _Snapshot:
        """The tray as it stands. A mask is copied only when it changed; that is 2 ms for 50 megapixels.

        A changed mask goes into a new file: the old one stays true until the draft names the new one.
        """
        pictures: list[DraftPicture] = []
        changed: dict[str, NDArray[np.uint8]] = {}
        kept: dict[int, _Kept] = {}
        for item in self._session.tray:
            if item.id == self._session.sample and not item.mask.revision:
                continue  # the sample comes by itself
            name = ""
            if item.mask.revision:
                kept[item.id] = self._kept(item)
                name = kept[item.id].name
                if self._written.get(item.id) != kept[item.id]:
                    changed[name] = item.mask.coverage.copy()
            facts = PictureFacts.of(item.picture)
            pictures.append(DraftPicture(item.id, facts, str(item.source), item.note, name))
        current = self._session.current
        return _Snapshot(Draft(tuple(pictures), current.id if current else None), changed, kept)

    def _kept(self, item: TrayItem) -> _Kept:
        before = self._written.get(item.id)
        if before is not None and before.revision == item.mask.revision:
            return before
        return _Kept(item.mask.revision, f"mask-{secrets.token_hex(8)}.png")


def _save(store: DraftStore, snapshot: _Snapshot) -> None:
    from overpaint.imaging.mask_png import encode_grey  # Pillow loads here, on a worker thread

    store.save(snapshot.draft, {name: encode_grey(cover) for name, cover in snapshot.changed.items()})


def _items(store: DraftStore, draft: Draft) -> list[TrayItem]:
    found = (_item(store, kept) for kept in draft.pictures)
    return [item for item in found if item is not None]


def _item(store: DraftStore, kept: DraftPicture) -> TrayItem | None:
    """A kept picture, when its file is still the one that it was."""
    from overpaint.imaging.inspect import inspect
    from overpaint.imaging.mask_png import decode_grey

    facts = kept.facts.picture()
    try:
        if inspect(facts.path).size != facts.size:
            return None
        data = store.mask(kept)
        coverage = decode_grey(data) if data else None
    except (OverpaintError, OSError):
        return None
    size = facts.size
    fits = coverage is not None and coverage.shape == (size.height, size.width)
    mask = Mask.of(coverage) if coverage is not None and fits else Mask(size.width, size.height)
    return TrayItem(kept.id, facts, Path(kept.source), kept.note, mask)
