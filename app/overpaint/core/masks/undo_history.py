"""Undo and redo within a byte budget: entries in the order they happened, a mask's as packed tiles.

A history belongs to a document. Most entries are changes of a mask, recorded by a ``Transaction``; anything
else that knows how to take itself back (a picture added to the tray) is an ``Entry`` as well and keeps its
place in the order.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.geometry import EMPTY, Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_tiles import MaskTile, PlainTiles
from overpaint.core.masks.undo_entries import Entry, MaskEntry, within

TILE = 128
"""Side in pixels of the squares that are kept when something in them changes."""

DEFAULT_BUDGET = 256 * 1024 * 1024
_PACKER = ThreadPoolExecutor(1, thread_name_prefix="history")


class History:
    """What can be undone and redone, oldest first.

    ``budget_bytes`` bounds the memory of all entries together: the oldest are dropped to keep it, then what
    could be redone last, though never the only one left. ``revision`` rises whenever the answers of the
    properties may have changed.
    """

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET) -> None:
        if budget_bytes < 0:
            raise ValueError("The budget of a history can't be negative.")
        self._budget = budget_bytes
        self.revision = 0
        self._entries: list[Entry] = []
        self._position = 0
        self._open: Transaction | None = None
        self._packing: list[Future[None]] = []

    def open(self, name: str, mask: Mask) -> "Transaction":
        """Begin to record one change of ``mask``; nothing else may be recorded or undone before it ends.

        Raises RuntimeError while another transaction is open.
        """
        self._refuse_while_open()
        self._open = Transaction(name, mask, self._close)
        return self._open

    def do(self, entry: Entry) -> Rect:
        """Do what was prepared and add it; returns what to redraw of its subject.

        Raises RuntimeError while a transaction is open, with nothing done.
        """
        self._refuse_while_open()
        dirty = entry.redo()
        self.record(entry)
        return dirty

    def record(self, entry: Entry) -> None:
        """Add what has just been done; everything that could be redone is forgotten."""
        self._refuse_while_open()
        del self._entries[self._position :]
        self._entries.append(entry)
        self._position += 1
        self.revision += 1
        # From here on the entry is recorded, whatever fails.
        self._pack_covered()
        self._keep_budget()

    def resume(self, entries: Sequence[Entry], position: int) -> None:
        """Begin where an earlier start ended: with its entries, the first ``position`` of them done.

        Raises RuntimeError when something has happened already, ValueError for a position beyond them.
        """
        if self._entries or self.recording:
            raise RuntimeError("A history that has begun takes no other's entries.")
        if not 0 <= position <= len(entries):
            raise ValueError(f"Of {len(entries)} entries {position} can't be done.")
        self._entries, self._position = list(entries), position
        self._keep_budget()
        self.revision += 1

    def undo(self) -> Rect | None:
        """Take the last entry back; returns what to redraw of its subject, None with nothing to undo."""
        self._refuse_while_open()
        if not self.can_undo:
            return None
        dirty = self._entries[self._position - 1].undo()
        self._position -= 1
        self.revision += 1
        return dirty

    def redo(self) -> Rect | None:
        """Do the last undone entry again; returns as ``undo``, None with nothing to redo."""
        self._refuse_while_open()
        if not self.can_redo:
            return None
        dirty = self._entries[self._position].redo()
        self._position += 1
        self.revision += 1
        return dirty

    @property
    def next_undo(self) -> Entry | None:
        """The entry that ``undo`` would take back."""
        return self._entries[self._position - 1] if self.can_undo else None

    @property
    def next_redo(self) -> Entry | None:
        """The entry that ``redo`` would do again."""
        return self._entries[self._position] if self.can_redo else None

    @property
    def can_undo(self) -> bool:
        """True when something can be taken back."""
        return self._position > 0

    @property
    def can_redo(self) -> bool:
        """True when something taken back can be done again."""
        return self._position < len(self._entries)

    @property
    def undo_name(self) -> str:
        """The name of what ``undo`` would take back, or ``""``."""
        return self._entries[self._position - 1].name if self.can_undo else ""

    @property
    def redo_name(self) -> str:
        """The name of what ``redo`` would do again, or ``""``."""
        return self._entries[self._position].name if self.can_redo else ""

    def names(self) -> list[str]:
        """All entries by name, oldest first; the first ``position`` of them are done."""
        return [entry.name for entry in self._entries]

    @property
    def position(self) -> int:
        """How many entries are done; the others are undone and can be redone."""
        return self._position

    def entries(self) -> tuple[Entry, ...]:
        """All entries, oldest first, in the order of ``names``."""
        return tuple(self._entries)

    def coverage_of(self, mask: Mask) -> NDArray[np.uint8]:
        """A copy of a mask's coverage as the entries left it, without the change that is being recorded."""
        coverage = mask.coverage.copy()
        if self._open is not None:
            self._open.take_back(mask, coverage)
        return coverage

    @property
    def budget_bytes(self) -> int:
        """The most memory that entries may hold; a lower one takes effect at once."""
        return self._budget

    @budget_bytes.setter
    def budget_bytes(self, budget: int) -> None:
        if budget != self._budget:
            self._budget = budget
            self._keep_budget()
            self.revision += 1

    @property
    def bytes_used(self) -> int:
        """Memory held by all entries."""
        return sum(entry.size for entry in self._entries)

    @property
    def recording(self) -> bool:
        """True while a transaction is open."""
        return self._open is not None

    def settle(self) -> None:
        """Wait until every entry but the newest is packed (``bytes_used`` then counts what stays)."""
        packing, self._packing = self._packing, []
        for one in packing:
            one.result()

    def _close(self, entry: Entry | None) -> None:
        self._open = None
        if entry is not None:
            self.record(entry)

    def _pack_covered(self) -> None:
        """Pack the last entry but one in the background; the newest itself stays quick to undo."""
        self._packing = [one for one in self._packing if not one.done()]
        covered = self._entries[-2] if len(self._entries) > 1 else None
        if isinstance(covered, MaskEntry):
            self._packing.append(_PACKER.submit(covered.pack))

    def _keep_budget(self) -> None:
        if self.bytes_used > self._budget:
            self.settle()  # an entry is judged by what it holds once it is packed
        kept, self._position = within([entry.size for entry in self._entries], self._position, self._budget)
        del self._entries[kept.stop :]
        del self._entries[: kept.start]

    def _refuse_while_open(self) -> None:
        if self._open is not None:
            raise RuntimeError(f"{self._open.name!r} is still being recorded.")


class Transaction:
    """One change of a mask on its way into the history; made by ``History.open``.

    Every place is announced by ``touch`` before it is written. Used as a context manager it commits at the
    end and restores every byte when the block raises.
    """

    def __init__(self, name: str, mask: Mask, end: Callable[[Entry | None], None]) -> None:
        self.name = name
        self._mask = mask
        self._report_end = end
        self._before: dict[tuple[int, int], NDArray[np.uint8]] = {}
        self._known = EMPTY
        self._ended = False

    def touch(self, rect: Rect) -> None:
        """Keep the bytes inside ``rect`` (clipped to the mask) as they are now, unless already kept.

        Raises RuntimeError after ``commit`` or ``abort``.
        """
        if self._ended:
            raise RuntimeError(f"{self.name!r} has ended and records nothing more.")
        rect = rect.intersected(self._mask.rect)
        if self._known.contains(rect):
            return
        area = rect.snapped(TILE)
        for y in range(area.y, area.bottom, TILE):
            for x in range(area.x, area.right, TILE):
                if (y, x) not in self._before:
                    self._before[y, x] = self._tile(y, x).copy()
        self._known = area

    def commit(self) -> Rect:
        """End with one entry in the history, or none when no byte differs; returns what changed.

        When the entry can't be made the mask is as it was before, as after ``abort``.
        """
        before, flipped = self._end(), list[MaskTile]()
        try:
            for (y, x), bits in before.items():
                tile = MaskTile(_place(y, x, bits), bits)
                np.bitwise_xor(bits, self._tile(y, x), out=bits)
                flipped.append(tile)
            changed = [tile for tile in flipped if tile.bits.max()]
            entry = MaskEntry(self.name, self._mask, PlainTiles(tuple(changed))) if changed else None
        except BaseException:
            for tile in flipped:
                np.bitwise_xor(tile.bits, self._mask.coverage[tile.rect.slices], out=tile.bits)
            self._restore(before)
            raise
        self._report_end(entry)
        return entry.dirty if entry else EMPTY

    def abort(self) -> Rect:
        """End with every byte as it was before and no entry; returns what was restored."""
        return self._restore(self._end())

    def take_back(self, mask: Mask, coverage: NDArray[np.uint8]) -> None:
        """Put the old bytes into ``coverage``, a copy of that of ``mask``, if this records a change of it."""
        if mask is self._mask:
            for (y, x), before in self._before.items():
                coverage[y : y + TILE, x : x + TILE] = before

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ended:
            return
        if kind is None:
            self.commit()
        else:
            self.abort()

    def _restore(self, before: dict[tuple[int, int], NDArray[np.uint8]]) -> Rect:
        dirty = EMPTY
        try:
            for (y, x), bits in before.items():
                self._tile(y, x)[...] = bits
                dirty = dirty.united(_place(y, x, bits))
            self._mask.changed(dirty)
        finally:
            self._report_end(None)
        return dirty

    def _tile(self, y: int, x: int) -> NDArray[np.uint8]:
        return self._mask.coverage[y : y + TILE, x : x + TILE]

    def _end(self) -> dict[tuple[int, int], NDArray[np.uint8]]:
        if self._ended:
            raise RuntimeError(f"{self.name!r} has already ended.")
        self._ended = True
        return self._before


def _place(y: int, x: int, bits: NDArray[np.uint8]) -> Rect:
    return Rect(x, y, bits.shape[1], bits.shape[0])
