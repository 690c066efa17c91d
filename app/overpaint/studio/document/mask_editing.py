"""The one way to change a mask by work that takes its time: prepared on a thread, done if it still holds."""

import asyncio
from collections.abc import Callable

from overpaint.core.errors import MaskBusy
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.studio.document.session import Session

_MOST_TRIES = 10


async def edit_mask(session: Session, mask: Mask, prepare: Callable[[], MaskEntry | None]) -> bool:
    """Does what ``prepare`` works out from the mask, as one entry of the history.

    ``prepare`` runs on a worker thread, while nothing is painted, and once more when the mask became another
    one meanwhile: whoever paints goes on painting, and nothing that was painted is lost. It answers None
    where no pixel would change. False when the picture has left the tray; nothing happens then.

    Raises :class:`MaskBusy` when the mask was another one after each of many tries, and whatever ``prepare``
    raises.
    """
    for _ in range(_MOST_TRIES):
        await _nothing_recorded(session)
        if session.item_of(mask) is None:
            return False
        revision = mask.revision
        entry = await asyncio.to_thread(prepare)
        if session.item_of(mask) is None:
            return False
        if mask.revision == revision and not session.history.recording:
            if entry is not None:
                session.apply(entry)
            return True
    raise MaskBusy("The mask changed again and again, so nothing was done to it.", next_step="Try once more.")


async def _nothing_recorded(session: Session) -> None:
    """Returns when no stroke goes on: two changes can't be recorded at once."""
    while session.history.recording:
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def end(ended: asyncio.Future[None] = ended) -> None:
            if not ended.done():
                ended.set_result(None)

        session.history_changed.connect(end)
        try:
            await ended
        finally:
            session.history_changed.disconnect(end)
