"""Comparing a result with the picture that it was made of, and with the others of its edit."""

import asyncio
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from overpaint.core.errors import OverpaintError
from overpaint.library.gallery.gallery import SavedResult
from overpaint.studio.tasks import Tasks
from overpaint.ui.actions.action import Action
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.compare.panes import Pane
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.canvas.render.captions import BEFORE_WORDS
from overpaint.ui.canvas.render.split import Split
from overpaint.ui.viewport.pyramids import PicturePyramid

MOST_COMPARED = 8
"""Results that are seen beside each other at most: each is decoded at its full size."""

_BLINK_MS = 500
_MODES = ("split", "side", "all", "blink", "difference")


class Compare(QObject):
    """One way of comparing at a time, of the result that is on the canvas; it goes on with the next result
    that is shown, and ends with the way back to the picture.

    ``changed`` says that another way is taken, or none; ``failed`` has words for what can't be compared.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, canvas: Canvas, stage: CanvasPresenter, tasks: Tasks) -> None:
        super().__init__(canvas)
        self._canvas, self._stage, self._tasks = canvas, stage, tasks
        self._mode = self._last = ""
        self._split = Split()
        self._decoded: dict[SavedResult, PicturePyramid] = {}
        self._blinking = QTimer(self)
        self._blinking.setInterval(_BLINK_MS)
        self._blinking.timeout.connect(self._blink)
        stage.showing.connect(self._showing)
        stage.shown.connect(self._shown)
        canvas.painting_resumed.connect(self.leave)

    @property
    def mode(self) -> str:
        """The way in which is compared, ``""`` while nothing is."""
        return self._mode

    def actions(self) -> tuple[Action, ...]:
        """The ways of comparing, and the way out."""
        return (
            Action(
                "compare",
                "Compare",
                lambda: self.begin(self._last or "split"),
                menu="View/Compare",
                group="within",
                icon="compare",
                enabled=lambda now: now.run_finished,
            ),
            self._comparing("split", "Split", ("Y",), "drag the line between before and after.", "compare"),
            self._comparing("side", "Side by side", ("N",), "the picture before beside the result.", "side"),
            self._comparing(
                "all", "All", ("Shift+N",), "the picture before and every result of the edit.", "all"
            ),
            self._comparing("blink", "Blink", ("K",), "before and after by turns.", "blink"),
            self._comparing(
                "difference", "Difference", ("D",), "black where nothing has changed.", "difference"
            ),
            Action(
                "compare_turn",
                "Turn the line of the split",
                self.turn_split,
                ("Shift+Y",),
                "elsewhere results",
                menu="View/Compare",
                group="within",
                enabled=lambda now: now.comparing == "split",
            ),
            Action(
                "compare_leave",
                "Stop comparing",
                self.leave,
                menu="View/Compare",
                group="within",
                icon="cross",
                enabled=lambda now: bool(now.comparing),
            ),
        )

    def _comparing(self, mode: str, title: str, keys: tuple[str, ...], tip: str, glyph: str) -> Action:
        several = mode == "all"
        return Action(
            f"compare_{mode}",
            title,
            partial(self._toggle, mode),
            keys,
            "elsewhere results",
            menu="View/Compare",
            group="within",
            tip=tip,
            icon=glyph,
            short_now=(lambda now: f"All {now.variations}") if several else None,
            enabled=lambda now: now.run_finished and (not several or now.variations > 1),
            checked=lambda now: now.comparing == mode,
        )

    def begin(self, mode: str) -> None:
        """Compares in that way. Raises ValueError for one that isn't there."""
        if mode not in _MODES:
            raise ValueError(f"There is no way of comparing called {mode!r}.")
        self._stop()
        self._mode = self._last = mode
        self._show()
        self.changed.emit()

    def leave(self) -> None:
        """Shows the result alone again."""
        if self._mode:
            self._stop()
            self.changed.emit()

    def turn_split(self) -> None:
        """Lays the line across the other way."""
        if self._canvas.split is not None:
            self._canvas.set_split(self._canvas.split.turned())

    def _toggle(self, mode: str) -> None:
        if self._mode == mode:
            self.leave()
        else:
            self.begin(mode)

    def _showing(self, job: object) -> None:
        if job is None:
            self._decoded.clear()
            self.leave()

    def _shown(self, what: object) -> None:
        if self._mode and isinstance(what, SavedResult):
            self._show()

    def _stop(self) -> None:
        self._split = self._canvas.split or self._split
        self._mode = ""
        self._blinking.stop()
        self._canvas.show_before(False)
        self._canvas.set_split(None)
        self._canvas.set_panes(())
        self._canvas.show_instead(None)

    def _show(self) -> None:
        match self._mode:
            case "split":
                self._canvas.set_split(self._split)
            case "blink":
                self._blinking.start()
            case mode if mode:
                self._tasks.start(self._show_made(mode), "compare results")

    def _blink(self) -> None:
        self._canvas.show_before(not self._canvas.showing_before)

    async def _show_made(self, mode: str) -> None:
        """What takes a moment: other results are decoded, or a difference is worked out."""
        result, source, shown = self._stage.result, self._canvas.source, self._canvas.result
        if result is None or shown is None or source is None:
            return
        try:
            if mode == "difference":
                levels = await asyncio.to_thread(_difference, source, shown)
                if self._is_still(mode, result):
                    self._canvas.show_instead(levels)
                return
            self._decoded[result] = shown
            panes = await self._panes(result, source, alone=mode == "side")
        except (OverpaintError, OSError) as fault:
            self.failed.emit(f"The results can't be compared: {fault}")
            return
        if self._is_still(mode, result):
            self._canvas.set_panes(panes)

    async def _panes(self, result: SavedResult, source: PicturePyramid, *, alone: bool) -> tuple[Pane, ...]:
        saved = [one for _, one in self._stage.variations]
        wanted = [result] if alone else _around(saved, saved.index(result))
        for one in wanted:
            if one not in self._decoded:
                self._decoded[one] = await self._stage.levels_of(one)
        self._decoded = {one: self._decoded[one] for one in wanted}
        named = [(self._decoded[one], f"Result {saved.index(one) + 1} of {len(saved)}") for one in wanted]
        if len(saved) == 1:
            named = [(self._decoded[result], "Result")]
        return (Pane(source, BEFORE_WORDS), *(Pane(levels, words) for levels, words in named))

    def _is_still(self, mode: str, result: SavedResult) -> bool:
        return mode == self._mode and result is self._stage.result


def _around(saved: list[SavedResult], place: int) -> list[SavedResult]:
    """As many as are seen at once, with the one at that place among them."""
    first = max(0, min(place - MOST_COMPARED // 2, len(saved) - MOST_COMPARED))
    return saved[first : first + MOST_COMPARED]


def _difference(before: PicturePyramid, after: PicturePyramid) -> PicturePyramid:
    from overpaint.imaging.difference import difference  # loads here, with OpenCV

    return PicturePyramid.build(difference(before.pixels, after.pixels))
