"""What can be done with named masks: save the picture's mask as one, and bring one back into it."""

import asyncio
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from overpaint.core.masks.mask import Mask, stretched
from overpaint.core.masks.mask_combine import Combine, MaskPatch, prepare
from overpaint.studio.document.mask_editing import edit_mask
from overpaint.studio.document.saved_masks import SavedMask, SavedMasks, ShelfChange
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.event import Event

_ACTS: dict[Combine, str] = {
    "replace": "Load mask “{}”",
    "add": "Add mask “{}”",
    "subtract": "Subtract mask “{}”",
    "intersect": "Intersect with mask “{}”",
}


class SavedMaskCommands:
    """The saved masks of the picture on the canvas. Every act is one entry of the session's history.

    They answer None or False where there is no picture, and all but ``load`` while a stroke goes on, which
    nothing may interrupt. ``changed`` tells that saved masks, of whichever picture, are others than before.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.changed: Event[[]] = Event()

    @property
    def masks(self) -> tuple[SavedMask, ...]:
        """Those of the picture on the canvas."""
        current = self._session.current
        return current.shelf.masks if current is not None else ()

    async def save(self, wanted: str) -> SavedMask | None:
        """Saves the mask as it is now; its name is numbered where another one has it."""
        item = self._session.current
        if item is None or self._session.history.recording:
            return None
        fraction = item.mask.fraction()
        png = await asyncio.to_thread(_encoded, item.mask.coverage.copy())
        if not self._may_change(item):
            return None
        saved = SavedMask(item.shelf.free_name(wanted), png, fraction)
        self._change(f"Save mask “{saved.name}”", item, len(item.shelf.masks), (None, saved))
        return saved

    async def load(self, saved: SavedMask, how: Combine) -> bool:
        """Brings a saved mask into the picture's own: instead of it, added, taken away, or what both share.

        It is stretched where the picture has another size by now. False when the picture has left the tray.
        Raises PictureError when the saved mask is damaged, and as ``edit_mask``.
        """
        item = self._session.current
        if item is None:
            return False
        mask, name = item.mask, _ACTS[how].format(saved.name)
        return await edit_mask(self._session, mask, lambda: prepare(mask, name, _patch(saved.png, mask), how))

    def rename(self, saved: SavedMask, wanted: str) -> bool:
        """Gives a saved mask another name, numbered where another one has it."""
        item = self._session.current
        if item is None or saved not in item.shelf.masks or not self._may_change(item):
            return False
        name = item.shelf.free_name(wanted, but=saved)
        if name != saved.name:
            prepare = saved, replace(saved, name=name)
            self._change(f"Rename mask to “{name}”", item, item.shelf.masks.index(saved), prepare)
        return True

    def delete(self, saved: SavedMask) -> bool:
        """Takes a saved mask away; undo brings it back."""
        item = self._session.current
        if item is None or saved not in item.shelf.masks or not self._may_change(item):
            return False
        self._change(f"Delete mask “{saved.name}”", item, item.shelf.masks.index(saved), (saved, None))
        return True

    def resumed(
        self,
        name: str,
        mask: Mask,
        shelf: SavedMasks,
        at: int,
        prepare: tuple[SavedMask | None, SavedMask | None],
    ) -> ShelfChange:
        """A change that an earlier start has made, as an entry for the history."""
        return ShelfChange(name, mask, shelf, at, prepare, self.changed.emit)

    def _change(
        self, name: str, item: TrayItem, at: int, prepare: tuple[SavedMask | None, SavedMask | None]
    ) -> None:
        entry = self.resumed(name, item.mask, item.shelf, at, prepare)
        entry.redo()
        self._session.record(entry)

    def _may_change(self, item: TrayItem) -> bool:
        there = any(one.mask is item.mask for one in self._session.tray)
        return there and not self._session.history.recording


def _encoded(coverage: NDArray[np.uint8]) -> bytes:
    from overpaint.imaging.masks.mask_png import encode_grey  # Pillow loads here, on a worker thread

    return encode_grey(coverage)


def _patch(png: bytes, mask: Mask) -> MaskPatch:
    """The saved coverage at the size of ``mask``, cut to what is painted."""
    from overpaint.imaging.masks.mask_png import decode_grey  # Pillow loads here, on a worker thread

    whole = Mask.of(stretched(decode_grey(png), mask.width, mask.height))
    bounds = whole.bounds()
    return bounds, whole.coverage[bounds.slices]
