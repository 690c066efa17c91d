"""Esc and Del where runs are concerned: what has the focus decides, and money is asked for twice."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_queue import Jobs
from overpaint.ui.actions.action import Action
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.results.compare import Compare
from overpaint.ui.runs.runs_panel import RunsPanel
from overpaint.ui.shell.ports import Notices
from overpaint.ui.widgets.text_focus import edits_text

_AGAIN_MS = 4000


class RunKeys(QObject):
    """Esc leads from everywhere to the canvas, out of comparing, from a result to the picture, and only then
    ends a run."""

    def __init__(
        self,
        canvas: Canvas,
        stage: CanvasPresenter,
        runs: RunsPanel,
        jobs: Jobs,
        notices: Notices,
        dismiss: Callable[[Job], object],
        compare: Compare,
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._stage, self._runs, self._jobs = canvas, stage, runs, jobs
        self._notices, self._dismiss, self._compare = notices, dismiss, compare
        self._asked: Job | None = None
        self._patience = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._patience.timeout.connect(self._withdraw)
        jobs.finished.connect(self._finished)
        stage.showing.connect(self._finished)

    def actions(self) -> tuple[Action, ...]:
        """What Esc and Del do."""
        return (
            Action(
                "leave",
                "Step back; on the canvas, cancel the run",
                self.leave,
                ("Esc",),
                group="step",
                repeats=False,
            ),
            Action(
                "dismiss_run",
                "Take the run out of the list",
                self.take_out,
                ("Del",),
                "runs",
                repeats=False,
            ),
        )

    def leave(self) -> None:
        """One step back from where the keys are: out of a text, out of a result, out of the run."""
        focus = QApplication.focusWidget()
        on_canvas, job = focus is self._canvas, self._stage.job
        if not on_canvas:
            self._canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if job is None or edits_text(focus):
            return
        if self._compare.mode:
            self._compare.leave()
        elif not job.running:
            self._stage.back()
        elif on_canvas:
            self._cancel(job)

    def take_out(self) -> None:
        """Dismisses the run that has the focus; one that goes on stays."""
        job = self._runs.focused
        if job is None:
            return
        if job.running:
            self._notices.notify("A run that goes on can be cancelled, not taken out of the list.")
        else:
            self._dismiss(job)

    def _cancel(self, job: Job) -> None:
        """Ends a free run at once, and one that costs only when it is asked for twice."""
        if job.free or job is self._asked:
            self._withdraw()
            self._jobs.cancel(job)
            return
        self._asked = job
        self._patience.start()
        words = "{leave} again cancels it." if job.queued else "{leave} again cancels; it may be billed."
        self._notices.notify(self._canvas.keymap.in_words(words))

    def _finished(self, job: Job | None) -> None:
        if self._asked is not None and (job is self._asked or self._stage.job is not self._asked):
            self._withdraw()

    def _withdraw(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._patience.stop()
            self._notices.notify("")
