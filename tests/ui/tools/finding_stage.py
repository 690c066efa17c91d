"""A canvas whose requests are fulfilled, as the window does it."""

from dataclasses import dataclass, field

from tests.ui.canvas.canvas_stage import Stage

from overpaint.ui.tools.commit.selection_worker import SelectionWorker
from overpaint.ui.viewport.selection_request import SelectionRequest


@dataclass
class Fulfilled:
    """``asked`` are the requests of ``stage`` that wait."""

    stage: Stage
    asked: list[SelectionRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._selection_worker = SelectionWorker(self.stage.session, self.stage.canvas.selection_done)
        self.stage.canvas.selection_requested.connect(self.asked.append)

    async def all(self) -> None:
        """Puts everything that was asked for into the mask, in its order."""
        while self.asked:
            await self._selection_worker.find(self.asked.pop(0))
