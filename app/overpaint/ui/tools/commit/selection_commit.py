"""Takes a finished outline into the mask: at once when that is quick, otherwise through the finder."""

from collections.abc import Callable

from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine
from overpaint.studio.document.session import Session
from overpaint.ui.tools.commit.selection_raster import is_small, rasterize
from overpaint.ui.tools.options.selection_options import NAMES, SelectionOptions
from overpaint.ui.viewport.selection_request import SelectionRequest

Points = tuple[tuple[float, float], ...]


class SelectionCommitter:
    """Points are picture coordinates, with a pixel's centre at +0.5.

    ``ask`` hands a wish to whoever fulfils it off the main thread; ``waiting`` says that one is on its way,
    which nothing may overtake.
    """

    def __init__(
        self, session: Session, ask: Callable[[SelectionRequest], None], waiting: Callable[[], bool]
    ) -> None:
        self._session = session
        self._ask = ask
        self._waiting = waiting
        self.choice = SelectionOptions()

    def take_box(
        self, tool: str, mask: Mask, corners: tuple[tuple[float, float], tuple[float, float]], how: Combine
    ) -> None:
        """Masks the ``rectangle`` or ``ellipse`` between two corners."""
        self._take(SelectionRequest(tool, mask, how, corners))

    def take_polygon(self, tool: str, mask: Mask, points: Points, how: Combine) -> None:
        """Masks what the closed line through ``points`` encloses."""
        self._take(SelectionRequest(tool, mask, how, points))

    def _take(self, wish: SelectionRequest) -> None:
        if self._waiting() or self._session.history.recording or not is_small(wish, self.choice):
            self._ask(wish)
            return
        patch = rasterize(wish, self.choice)
        if not patch[0].empty:  # beside the picture: a slip that shouldn't cost the mask
            self._session.select(wish.mask, NAMES[wish.tool], patch, wish.how)
