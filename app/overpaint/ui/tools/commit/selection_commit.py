"""Takes a finished outline into the mask: at once when that is quick, otherwise by a request."""

from functools import partial

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine
from overpaint.core.request.sizes import Size
from overpaint.studio.document.session import Session
from overpaint.ui.tools.commit.selection_raster import Draw, Points, is_small, rasterize
from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.viewport.canvas_api import CanvasContext
from overpaint.ui.viewport.selection_request import SelectionRequest


class SelectionCommitter:
    """``options`` are what the selecting tools are set to now."""

    def __init__(self, session: Session, canvas: CanvasContext) -> None:
        self._session = session
        self._canvas = canvas
        self.options = SelectionOptions()

    def commit(self, name: str, mask: Mask, how: Combine, points: Points, draw: Draw) -> None:
        """Masks what ``draw`` makes of ``points``, in picture coordinates, as an entry called ``name``.

        Nothing overtakes a request that is pending.
        """
        find = partial(rasterize, points, draw, Size(mask.width, mask.height), self.options)
        pending = self._canvas.selection_pending or self._session.history.recording
        if pending or not is_small(points, mask.rect, self.options):
            self._canvas.request_selection(SelectionRequest(name, mask, how, find))
            return
        patch = find()
        if not patch[0].empty:  # beside the picture: a slip that shouldn't cost the mask
            self._session.select(mask, name, patch, how)
