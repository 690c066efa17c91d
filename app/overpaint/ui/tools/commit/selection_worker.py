"""Fulfils the requests of the selecting tools on a worker thread, one after the other."""

import asyncio
from collections.abc import Callable

from overpaint.core.masks import mask_combine
from overpaint.core.masks.mask_combine import MaskPatch
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.studio.document.mask_editing import edit_mask
from overpaint.studio.document.session import Session
from overpaint.ui.viewport.selection_request import SelectionRequest


class SelectionWorker:
    """What it finds goes into the mask of the request, in the order in which the requests came.

    ``done`` is called at the end of each, whether something was found, nothing, or it failed.
    """

    def __init__(self, session: Session, done: Callable[[], None]) -> None:
        self._session = session
        self._done = done
        self._turn = asyncio.Lock()

    async def find(self, request: SelectionRequest) -> None:
        """Finds and masks it as one entry; nothing when the picture has left the tray."""
        try:
            async with self._turn:
                patch = await asyncio.to_thread(request.find)
                if not patch[0].empty:
                    await edit_mask(self._session, request.mask, lambda: _joined(request, patch))
        finally:
            self._done()


def _joined(request: SelectionRequest, patch: MaskPatch) -> MaskEntry | None:
    return mask_combine.prepare(request.mask, request.name, patch, request.how)
