"""The studio as a whole: everything the window and the command line work with, made once and handed over."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from overpaint import __version__
from overpaint.core.errors import OverpaintError, SettingsError
from overpaint.core.request.edit_request import EditRequest, split_per_image
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.results import prices
from overpaint.core.results.prices import Estimate
from overpaint.library.drafts import draft_pictures
from overpaint.library.drafts.draft_store import DraftStore
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.ledger import Ledger, Totals
from overpaint.library.storage.folder_sizes import size_of
from overpaint.studio.config.folders import Folders
from overpaint.studio.config.key_store import KeyStore
from overpaint.studio.config.presets import Presets
from overpaint.studio.config.prompt_history import PromptHistory
from overpaint.studio.config.settings import ENDPOINT_SETTINGS
from overpaint.studio.config.settings_autosave import SettingsAutosave
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.effective_spec import effective_spec
from overpaint.studio.document.parameters import Parameters
from overpaint.studio.document.saved_mask_commands import SavedMaskCommands
from overpaint.studio.document.session import Session
from overpaint.studio.drafts.draft_autosave import DraftAutosave
from overpaint.studio.event import Event, Names
from overpaint.studio.pictures.changed_files import ChangedFiles
from overpaint.studio.pictures.picture_import import PictureImport, Rejected
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.pictures.readable_pictures import ReadablePictures
from overpaint.studio.pictures.result_in_tray import ResultInTray
from overpaint.studio.results.kept_results import KeptResults
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import clear_old, clear_settled
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.job_runner import RunTools
from overpaint.studio.runs.offline_engine import OfflineEngine
from overpaint.studio.runs.recovery.crash_recovery import recover
from overpaint.studio.runs.spending_guard import (
    SpendingQuestion,
    fingerprint,
    over_cap_question,
    recent,
    same_request_question,
)
from overpaint.studio.tasks import Tasks
from overpaint.studio.unexpected import Contained

if TYPE_CHECKING:
    from overpaint.api.client import EditClient

_MEGABYTE = 1024 * 1024
_FIELDS_KEPT = 100


@dataclass(frozen=True, slots=True)
class PreparedEdit:
    """An edit that is ready to be sent: the request, the server's name for sentences, the likely price, what
    the model takes there, and the fingerprint that tells another edit just like it."""

    request: EditRequest
    host: str
    estimate: Estimate
    spec: ModelSpec
    fingerprint: str


class Studio:
    """Made inside the running loop. ``closed`` tells that the window was closed; ``start_error`` is what went
    wrong before there was a window to say it in. It ends ``reader`` and ``engine``, which hold
    processes and are otherwise its own."""

    def __init__(
        self,
        folders: Folders,
        reader: PictureReader | None = None,
        engine: OfflineEngine | None = None,
    ) -> None:
        self.folders = folders
        self.settings = SettingsStore(folders.settings_file)
        self.start_error: OverpaintError | None = None
        self.table = self._load_table()
        current = self.settings.current
        self.table.use_prices(current.prices)
        self.tasks = Tasks()
        self.keys = KeyStore()
        self.engine = engine or OfflineEngine()
        self._client: EditClient | None = None
        self._sent: dict[Job, str] = {}
        self.ledger = Ledger(folders.ledger)
        self.session = Session(current.undo_megabytes * _MEGABYTE)
        self.parameters = Parameters(self.table, current.params)
        self.parameters.fill_prompt_fields(current.fields)
        self.parameters.use_endpoint(current.active)
        self.edit = CurrentEdit(self.session, self.parameters)
        self.prompts = PromptHistory(folders.prompts, self.tasks)
        self.presets = Presets(folders.presets, self.tasks)
        self.reader = reader or PictureReader()
        self.picture_import = PictureImport(
            self.session, folders.drafts, self.reader, lambda: self.settings.current.keep_metadata
        )
        self.readable_pictures = ReadablePictures(self.reader, folders.drafts)
        self.changed_files = ChangedFiles(self.session, self.picture_import)
        self.result_in_tray = ResultInTray(self.session, self.picture_import)
        self.tools = RunTools(
            client=self.client,
            engine=self.engine,
            keys=self.keys,
            journal=Journal(folders.journal),
            ledger=self.ledger,
            table=self.table,
            gallery=self.gallery,
            own_folder=folders.pictures,
            profile=lambda name: self.settings.current.profile(name),
            version=__version__,
            readable=self.readable_pictures,
        )
        self.jobs = Jobs(self.tools, self.tasks, lambda: self.settings.current.running_at_once)
        self.kept_results = KeptResults(self.jobs, self.settings, self.tasks, self._where_sources_lie)
        self.saved_mask_commands = SavedMaskCommands(self.session)
        self.draft_autosave = DraftAutosave(
            self.session, self.saved_mask_commands, self.tasks, DraftStore(folders.draft)
        )
        self.closed: Event[[]] = Event()
        self._autosave = SettingsAutosave(self.settings, self.tasks, self._note_params)
        self.settings.changed.connect(self._endpoint_changed, ENDPOINT_SETTINGS)
        self.settings.changed.connect(self._prices_changed, ["prices"])
        self.settings.changed.connect(self._undo_memory_changed, ["undo_megabytes"])
        self.settings.changed.connect(self._autosave.schedule)
        self.parameters.changed.connect(self._autosave.schedule)

    @property
    def gallery_folder(self) -> Path:
        """The folder that results are saved in: the one that the settings name, otherwise the default."""
        return self.folders.gallery(self.settings.current.gallery)

    def _where_sources_lie(self) -> tuple[list[Path], list[Path]]:
        """Files and folders in which the picture of a run is looked for."""
        files = [item.picture.path for item in self.session.tray]
        return files, [self.folders.drafts, self.gallery_folder]

    def gallery(self) -> Gallery:
        """The gallery in that folder. Blocks: links in the folder's path are followed."""
        return Gallery(self.gallery_folder)

    def client(self) -> "EditClient":
        """The client, made when it is first needed: httpx takes longer to load than the window to open."""
        if self._client is None:
            from overpaint.api.client import EditClient

            self._client = EditClient()
        return self._client

    async def warm_up(self) -> None:
        """Loads what the first edit will need, on worker threads, while the user looks at the window."""
        for kept in (self.prompts, self.presets):
            with Contained("reading a list"):
                await kept.load()
        await asyncio.to_thread(_load_client)

    @property
    def profile(self) -> EndpointProfile:
        """Where edits are sent now."""
        return self.settings.current.active

    async def prepare(self) -> PreparedEdit:
        """The edit as it stands, frozen. Raises ValueError with a sentence while there are problems."""
        # As it stands now: the user may go on while the mask is being encoded.
        state = self.edit.state
        host = state.endpoint.host_words
        request = await self.edit.request()
        return PreparedEdit(request, host, state.estimate, state.spec, await _fingerprint(request))

    async def repeat(self, job: Job, **changes: object) -> PreparedEdit:
        """The edit of a run once more, as it was or with parameters changed, at its endpoint as it is now.

        Raises :class:`SettingsError` when that endpoint is gone.
        """
        profile = self.settings.current.profile(job.request.endpoint)
        request = replace(job.request, params=job.request.params.replace(**changes))
        spec = effective_spec(self.table.find(request.params.model), profile)
        sizes = tuple(picture.size for picture in request.pictures)
        estimate = prices.estimate(request.params, spec, sizes, profile.price_multiplier)
        return PreparedEdit(request, profile.host_words, estimate, spec, await _fingerprint(request))

    async def questions(self, order: PreparedEdit, *, again: Job | None = None) -> list[SpendingQuestion]:
        """What to ask the user before an edit is sent; nothing where it is free. ``again`` is the run that
        the user has just asked to repeat."""
        if order.request.endpoint == OFFLINE:
            return []
        cap = self.settings.current.daily_cap
        # Taken before the ledger is read: what ends meanwhile counts twice rather than not at all.
        running = [job for job in self.jobs.all if job.running]
        today = await asyncio.to_thread(self.ledger.today) if cap else Totals()
        found = (
            same_request_question(order.fingerprint, self._sent, again),
            over_cap_question(order.estimate, cap, today, running),
        )
        return [doubt for doubt in found if doubt is not None]

    def start(self, order: PreparedEdit) -> Job:
        """Sends an edit, now or as soon as its turn comes; doubts have been settled before. Several pictures
        that stream are runs of their own, of which the first is given back."""
        requests = split_per_image(order.request, order.spec)
        jobs = self.jobs.start_together(requests, order.host, order.estimate.share(len(requests)))
        for job in jobs:
            self._remember(job, order.fingerprint)
        with Contained("noting the prompt"):
            self.prompts.sent(order.request.written or order.request.params.prompt)
        return jobs[0]

    async def recover(self) -> list[Job]:
        """Ends the runs that an earlier start left unfinished, and shows them; then old ones are cleared."""
        jobs = await recover(self.tools)
        for job in jobs:
            with Contained(f"showing the interrupted run {job.id}"):
                self._remember(job, await _fingerprint(job.request))
                self.jobs.show(job)
        with Contained("clearing old runs away"):
            await asyncio.to_thread(clear_old, self.tools.journal)
        return jobs

    async def clear_copies(self, room: int = draft_pictures.KEPT_BYTES) -> None:
        """Removes copies of pictures that neither tray, history nor an edit can need again, where they are
        old or come to more than ``room`` bytes; once draft and interrupted runs have been taken up."""
        await asyncio.to_thread(self._clear_copies, room)

    async def kept_bytes(self) -> int:
        """What journal and drafts come to on the disk."""
        return await asyncio.to_thread(size_of, self.folders.journal, self.folders.drafts, self.folders.draft)

    async def clear_kept(self) -> None:
        """Removes of it at once what nothing needs: never what isn't saved elsewhere."""
        await asyncio.to_thread(clear_settled, self.tools.journal)
        await self.clear_copies(room=0)

    def _clear_copies(self, room: int) -> None:
        needed = self.draft_autosave.needed_files()
        if needed is None:
            return
        requests = [job.request for job in self.jobs.all]
        requests += [kept.request() for kept in self.tools.journal.unfinished()]
        pictures = [item.picture for item in self.session.tray]
        pictures += [picture for request in requests for picture in request.pictures]
        draft_pictures.clear(self.folders.drafts, needed | {one.path for one in pictures}, room=room)

    async def open(self, files: Sequence[Path]) -> list[Rejected]:
        """Takes files into the tray, as at the start of the program."""
        return await self.picture_import.import_files(files)

    async def open_sample(self, file: Path) -> None:
        """Fills an empty tray with the sample picture, as at the first start."""
        item = await self.picture_import.examine(file)
        if not self.session.tray:
            self.session.start_with_sample(item)

    def unsaved_on_close(self) -> list[str]:
        """What would be lost by closing now, a sentence each; nothing as a rule."""
        unsaved = sum(len(job.unsaved) for job in self.jobs.all)
        paid = sum(1 for job in self.jobs.all if job.running and not job.queued and not job.free)
        found = []
        if unsaved:
            found.append(
                f"{_counted(unsaved, 'finished picture is', 'finished pictures are')} not saved yet."
            )
        if paid:
            found.append(f"{_counted(paid, 'edit is', 'edits are')} still running and may be billed.")
        if self.draft_autosave.failing:
            found.append("What was painted last can't be written to the disk.")
        return found

    def keep_work(self) -> None:
        """Writes draft and settings soon, though nothing has changed: something went wrong."""
        self.draft_autosave.schedule()
        self._autosave.schedule()

    async def close(self) -> None:
        """Ends every run, saves draft and settings, and lets go of client, reader and engine: each of them
        whatever the others do."""
        with Contained("ending the runs"):
            self.jobs.close()
        steps: dict[str, Callable[[], Awaitable[object]]] = {
            "ending the tasks": self.tasks.close,
            "saving the draft": self.draft_autosave.close,
            "saving the prompts": self.prompts.close,
            "saving the presets": self.presets.close,
            "saving the settings": self._autosave.close,
            "closing the reader": lambda: asyncio.to_thread(self.reader.close),
            "closing the engine": lambda: asyncio.to_thread(self.engine.close),
        }
        if self._client is not None:
            steps["closing the connections"] = self._client.close
        for doing, step in steps.items():
            with Contained(doing):
                await step()

    def _remember(self, job: Job, sent_as: str) -> None:
        """Notes what was sent, apart from the list of runs: dismissing a tile doesn't undo the spending."""
        self._sent = {job: sent_as, **recent(self._sent)}

    def _load_table(self) -> ModelTable:
        try:
            return ModelTable.load(self.folders.model_table)
        except SettingsError as fault:
            self.start_error = fault
            return ModelTable.load()

    def _endpoint_changed(self, _: Names) -> None:
        self.parameters.use_endpoint(self.profile)

    def _prices_changed(self, _: Names) -> None:
        self.table.use_prices(self.settings.current.prices)
        self.parameters.prices_changed()

    def _undo_memory_changed(self, _: Names) -> None:
        self.session.set_undo_budget(self.settings.current.undo_megabytes * _MEGABYTE)

    def _note_params(self) -> None:
        fields = tuple(self.parameters.fields.items())[-_FIELDS_KEPT:]
        self.settings.replace(params=self.parameters.params, fields=dict(fields))


def _load_client() -> None:
    importlib.import_module("overpaint.api.client")
    from overpaint.api.transport.connections import load_ahead

    load_ahead()


async def _fingerprint(request: EditRequest) -> str:
    return await asyncio.to_thread(fingerprint, request)


def _counted(number: int, one: str, many: str) -> str:
    return f"One {one}" if number == 1 else f"{number} {many}"
