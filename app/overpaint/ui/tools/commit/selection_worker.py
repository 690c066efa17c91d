"""Fulfils the requests of the selecting tools on a worker thread, one after the other."""

import asyncio
from collections.abc import Callable

from overpaint.core.masks import mask_combine
from overpaint.core.masks.mask_combine import MaskPatch
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
                    await self._mask(request, patch)
        finally:
            self._done()

    async def _mask(self, request: SelectionRequest, patch: MaskPatch) -> None:
        """Masks what was found; what that changes is worked out anew when the mask became another one."""
        while True:
            await self._stroke_over()
            revision = request.mask.revision
            entry = await asyncio.to_thread(
                mask_combine.prepare, request.mask, request.name, patch, request.how
            )
            if request.mask.revision == revision and not self._session.history.recording:
                break
        if entry is not None:
            self._session.apply(entry)

    async def _stroke_over(self) -> None:
        """Waits until nobody paints: two changes can't be recorded at once."""
        while self._session.history.recording:
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

            def end(ended: asyncio.Future[None] = ended) -> None:
                if not ended.done():
                    ended.set_result(None)

            self._session.history_changed.connect(end)
            try:
                await ended
            finally:
                self._session.history_changed.disconnect(end)
