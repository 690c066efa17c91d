"""What the user does with runs: start, cancel, run again, show, put a result into the tray."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING

from overpaint.core.errors import NotFound, OverpaintError
from overpaint.core.foreign_words import visible
from overpaint.library.gallery.gallery import SavedResult
from overpaint.studio.pictures.picture_import import Rejected
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.recovery.kept_reply import reply_name, save_reply
from overpaint.studio.studio import PreparedEdit, Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.endpoint.endpoint_actions import EndpointActions
from overpaint.ui.pictures.thumbnails import Thumbnails
from overpaint.ui.runs.gallery_folder import GalleryFolder
from overpaint.ui.shell.ports import CanvasPort, DialogParent, Notices
from overpaint.ui.tray.reload_changed import reload_changed
from overpaint.ui.tray.tray_panel import TrayPanel

if TYPE_CHECKING:
    from overpaint.ui.request_preview.request_preview_panel import SendingPanel


class RunActions:
    """Whatever may cost goes through :meth:`_send`, which settles every question first."""

    def __init__(
        self,
        studio: Studio,
        canvas: CanvasPort,
        stage: CanvasPresenter,
        tray: TrayPanel,
        dialogs: DialogParent,
        notices: Notices,
        *,
        galleries: GalleryFolder,
        endpoints: EndpointActions,
    ) -> None:
        self._studio = studio
        self._canvas = canvas
        self._stage = stage
        self._tray = tray
        self._dialogs = dialogs
        self._notices = notices
        self._galleries = galleries
        self._endpoints = endpoints
        self._sending: asyncio.Task[None] | None = None
        self._sending_panel: SendingPanel | None = None

    def actions(self) -> tuple[Action, ...]:
        """Sending, ending and showing runs."""
        return (
            Action(
                "generate",
                "Generate",
                self.generate,
                ("Ctrl+Enter", "Ctrl+Return"),
                menu="Run",
                group="send",
                repeats=False,
            ),
            Action(
                "cancel",
                "Cancel the run",
                self.cancel,
                menu="Run",
                group="send",
                icon="cancel",
                short_now=lambda now: f"Cancel all {now.going}" if now.going > 1 else "Cancel",
                enabled=lambda now: now.run_going,
            ),
            Action(
                "sending",
                "What will be sent…",
                self.show_sending,
                ("Ctrl+Shift+Enter", "Ctrl+Shift+Return"),
                menu="Run",
                group="send",
            ),
            Action(
                "use",
                "Replace the picture by the result",
                self.replace_by_result,
                ("Ctrl+U",),
                menu="Run",
                group="use",
                icon="replace",
                short_now=lambda now: f"Replace {now.replaces}" if now.replaces else "Replace",
                enabled=lambda now: now.run_finished or not now.run_shown,
            ),
            Action(
                "reference",
                "Add the result as a reference",
                self.add_as_reference,
                ("Ctrl+Shift+U",),
                menu="Run",
                group="use",
                icon="reference",
                short="Add",
                tip="it goes along with the next edit.",
                enabled=lambda now: now.run_finished or not now.run_shown,
            ),
            Action(
                "another",
                "Another: the same edit once more",
                self.another,
                ("Ctrl+R",),
                menu="Run",
                group="use",
                icon="again",
                short_now=lambda now: f"Another {now.another_price}".rstrip(),
                enabled=lambda now: now.run_finished,
            ),
            Action(
                "back",
                "Back to the picture",
                self._stage.back,
                menu="Run",
                group="use",
                icon="cross",
                enabled=lambda now: now.run_shown,
            ),
            self._stepping("previous", "Previous result", -1, "Left"),
            self._stepping("next", "Next result", 1, "Right"),
        )

    def _stepping(self, name: str, title: str, by: int, key: str) -> Action:
        return Action(
            name, title, partial(self.step, by), (key,), "elsewhere results", menu="Run", group="step"
        )

    def generate(self) -> None:
        """Sends the edit; while something is wrong the reason stands beside the button."""
        self._canvas.finish_stroke()
        if not self._studio.edit.state.problems:
            self._canvas.setFocus()  # from now on keys mean what comes, and not the words that were sent
        self._begin(self._generate, "generate")

    def _begin(self, sending: Callable[[], Coroutine[object, object, None]], name: str) -> None:
        """One edit at a time on its way from click to start: a second click meanwhile is the same wish."""
        if self._sending is None or self._sending.done():
            self._sending = self._studio.tasks.start(sending(), name)

    async def _generate(self) -> None:
        if await reload_changed(self._studio, self._tray, self._notices):
            return  # nobody has seen yet what would be sent now
        if not self._studio.edit.state.problems:
            await self._send(await self._studio.prepare())

    async def _send(self, order: PreparedEdit, *, again: Job | None = None) -> None:
        """Starts an edit once the user has settled every question about its price."""
        from overpaint.ui.dialogs.confirm import confirm  # loads here, when it is opened

        for question in await self._studio.questions(order, again=again):
            if not await confirm(self._dialogs.widget, question.title, question.words, question.yes):
                return
        self._stage.show_job(self._studio.start(order))

    def show_sending(self) -> None:
        """Opens the panel that shows what would be sent, or brings it to the front."""
        if self._sending_panel is None:
            from overpaint.ui.request_preview.request_preview_panel import (
                SendingPanel,  # loads here, when it is opened
            )

            thumbnails = Thumbnails(self._studio.tasks, self._studio.reader)
            self._sending_panel = SendingPanel(
                self._studio, thumbnails, self._dialogs.tokens, self._dialogs.widget
            )
        self._canvas.finish_stroke()
        self._sending_panel.show()
        self._sending_panel.activateWindow()

    def cancel(self) -> None:
        """Ends the run on the canvas or, where none goes on there, the newest, with those of its click."""
        shown, going = self._stage.job, [job for job in self._studio.jobs.all if job.running]
        if going:
            self._cancel_all(shown if shown in going else going[0])

    def act(self, job: Job, step: str) -> None:
        """Does what a button of a run's tile asks for."""
        start = self._studio.tasks.start
        steps: dict[str, Callable[[], object]] = {
            "cancel": lambda: self._studio.jobs.cancel(job),
            "cancel all": lambda: self._cancel_all(job),
            "again": lambda: self._again(job),
            "plain": lambda: self._again(job, stream=False),
            "path": lambda: self._begin(lambda: self._at_the_other_path(job), "other path"),
            "settings": lambda: self._endpoints.settings(job.request.endpoint),
            "look": lambda: self._studio.jobs.look_again(job),
            "save reply": lambda: start(self._save_reply(job), "save reply"),
            "folder": lambda: start(self._galleries.choose(job), "choose gallery"),
            "dismiss": lambda: self.dismiss(job),
        }
        steps[step]()

    async def _save_reply(self, job: Job) -> None:
        """Puts a reply in which no picture was found where the user wants it."""
        from overpaint.ui.dialogs.file_dialogs import ask_where_to_save_reply  # loads here, when it is opened

        name = await asyncio.to_thread(reply_name, job)
        place = await ask_where_to_save_reply(self._dialogs.widget, self._dialogs.memory, name)
        if place is not None:
            await asyncio.to_thread(save_reply, job, place)
            self._notices.notify(f"The reply is saved as “{place.name}”")

    def dismiss(self, job: Job) -> None:
        """Takes an ended run out of the list, once the user has settled what becomes of its picture."""
        self._studio.tasks.start(self._dismiss(job), "dismiss run")

    async def _dismiss(self, job: Job) -> None:
        """Takes a run out of the list; the only copy of a picture doesn't go without a word."""
        from overpaint.ui.dialogs.confirm import confirm  # loads here, when it is opened

        words = "It could not be saved and is nowhere but here."
        if not job.unsaved or await confirm(
            self._dialogs.widget, "Throw the picture away?", words, "Throw away"
        ):
            self._studio.jobs.dismiss(job)

    def _cancel_all(self, job: Job) -> None:
        """Ends a run with those that were asked for together with it; the queued ones first, so that none of
        them takes a place that falls free."""
        for one in sorted(self._studio.jobs.together(job), key=lambda one: not one.queued):
            self._studio.jobs.cancel(one)

    def _again(self, job: Job, **changes: object) -> None:
        """Sends a run's request once more, as it was or with parameters changed."""
        self._begin(lambda: self._repeat(job, **changes), "run again")

    async def _repeat(self, job: Job, **changes: object) -> None:
        await self._send(await self._studio.repeat(job, **changes), again=job)

    async def _at_the_other_path(self, job: Job) -> None:
        if isinstance(job.error, NotFound):
            self._endpoints.use_other_path(job.request.endpoint, job.error.other_path)
        await self._repeat(job)

    def replace_by_result(self) -> None:
        """Puts the result that is shown, or the newest one, into the place of the picture it was made of."""
        if (found := self._with_result()) is not None:
            self._studio.tasks.start(self._replace(*found), "replace by result")

    def add_as_reference(self) -> None:
        """Takes the same result into the tray behind the others; what is on the canvas stays there."""
        if (found := self._with_result()) is not None:
            self._studio.tasks.start(self._add_as_reference(found[1]), "add result as reference")

    def another(self) -> None:
        """Sends the edit of the result that is shown once more: the user's word, so nothing is asked but
        what the spending cap asks."""
        if (job := self._stage.job) is not None and job.results:
            self._again(job)

    def _with_result(self) -> tuple[Job, SavedResult] | None:
        """The result that is shown with its run, or the newest one."""
        job, saved = self._stage.job, self._stage.result
        if job is None or saved is None:
            job = next((one for one in self._studio.jobs.all if one.results), None)
            saved = job.results[-1] if job is not None else None
        if job is None or saved is None:
            self._notices.notify("There is no result yet.")
            return None
        return job, saved

    async def _replace(self, job: Job, saved: SavedResult) -> None:
        try:
            swap = await self._studio.result_in_tray.replacing(
                job.request.pictures[0], self._studio.kept_results.picture_of(saved)
            )
        except OverpaintError as fault:
            self._tray.show_rejected([Rejected(visible(saved.path.name), fault.sentence())])
            return
        keep = False
        if swap.painted:
            from overpaint.ui.dialogs.choose import choose  # loads here, when it is opened

            keeps = "Keep the mask" if swap.same_shape else "Keep the mask, stretched"
            words = f"“{swap.name}” has a mask. The result takes its place; undo brings the picture back."
            answer = await choose(self._dialogs.widget, "Keep the mask?", words, (keeps, "Begin without one"))
            if answer is None:
                return
            keep = answer == 0
        self._studio.result_in_tray.replace(swap, with_mask=keep)
        self._stage.back()

    async def _add_as_reference(self, saved: SavedResult) -> None:
        self._tray.show_rejected(
            await self._studio.result_in_tray.add_as_reference(self._studio.kept_results.picture_of(saved))
        )

    def step(self, by: int) -> None:
        """Shows the result beside the one that is shown, to the right for ``by`` = 1, as they stand in the
        strip."""
        shown: list[tuple[Job, SavedResult | None]] = []
        for job in self._studio.jobs.all:
            shown += [(job, saved) for saved in job.results]
            if job.newest is not None and not job.results:
                shown.append((job, None))
        if not shown:
            return
        now = (self._stage.job, self._stage.result)
        at = next((place + by for place, one in enumerate(shown) if one == now), 0)
        self._stage.show_job(*shown[max(0, min(at, len(shown) - 1))])
