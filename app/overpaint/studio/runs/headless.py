"""One edit without a window: the same flow as there, from the files on disk to the saved result."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from overpaint import __version__
from overpaint.api.client import EditClient
from overpaint.core.errors import EditError, InvalidRequest, NotAllowed, PictureError
from overpaint.core.masks.mask import SENT_FROM
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.request_rules import problems
from overpaint.core.results.edit_events import Waiting
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import estimate
from overpaint.core.results.usage import Usage
from overpaint.imaging.masks.mask_png import encode_grey, encode_mask
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import Journal
from overpaint.library.journal.ledger import Ledger
from overpaint.studio.config.folders import Folders
from overpaint.studio.config.key_store import KeyStore
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.document.effective_spec import conversion_note, effective_spec, unused_inputs
from overpaint.studio.pictures.picture_import import examine
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.pictures.readable_pictures import ReadablePictures
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_persistence import clear_old
from overpaint.studio.runs.job_runner import RunTools, run
from overpaint.studio.runs.offline_engine import OfflineEngine
from overpaint.studio.runs.recovery.other_places import save_anywhere
from overpaint.studio.unexpected import Contained

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit brought: files in the order of the pictures, with their sidecars.

    ``cost`` is in US dollars; ``remark`` says what went wrong beside the pictures and what of the inputs the
    endpoint left out of account, or is ``""``.
    """

    files: tuple[Path, ...]
    sidecars: tuple[Path, ...]
    usage: Usage | None
    cost: float | None
    endpoint: str
    request_id: str
    remark: str = ""


async def edit_once(
    folders: Folders,
    *,
    images: Sequence[Path],
    mask: Path | None,
    params: EditParams,
    out: Path,
    endpoint: str,
    profile: EndpointProfile | None,
    say: Say,
    keep_metadata: bool = False,
) -> Outcome:
    """Runs one edit to its end and saves its pictures into ``out``, which is made when it is missing.

    ``profile`` is used as it is, without a key where none is known; otherwise the settings' profile named
    ``endpoint``, or with ``""`` the offline engine, started for this edit alone. What costs is refused while
    the user's spending cap can't be read. Raises :class:`OverpaintError`; cancelling the task cancels the
    edit and raises :class:`Cancelled`.
    """
    keys = KeyStore()
    store = SettingsStore(folders.settings_file)
    if store.warning:
        say(store.warning)
    settings = store.current
    chosen = await _as_given(profile, keys) if profile is not None else settings.profile(endpoint or OFFLINE)
    if settings.daily_cap is None and not chosen.is_offline:
        raise _cap_not_known(folders.settings_file)
    table = ModelTable.load(folders.model_table)
    table.use_prices(settings.prices)
    spec = effective_spec(table.find(params.model), chosen)
    _refuse(params, spec, len(images), chosen)
    reader = PictureReader()
    try:
        inputs = _Inputs(images, mask, keep_metadata)
        request = await _request(inputs, params, chosen, folders.drafts, reader, say)
        gallery = Gallery(out)
        await asyncio.to_thread(_make_ready, gallery)
        tools = _tools(folders, table, gallery, chosen, keys, ReadablePictures(reader, folders.drafts))
        job = _job(request, chosen, spec)
        remark = await _ran(job, tools, folders.gallery(settings.gallery), say)
    finally:
        with Contained("closing the reader"):
            await asyncio.to_thread(reader.close)
    unused = unused_inputs(chosen, spec, masked=mask is not None, pictures=len(images))
    outcome = _outcome(job, remark)
    return replace(outcome, remark=f"{unused} {outcome.remark}".strip())


async def _ran(job: Job, tools: RunTools, gallery: Path, say: Say) -> str:
    """Runs the job; says where its pictures are that couldn't be saved where they were to be."""
    try:
        await run(job, tools, lambda job: _tell(job, say))
        return await save_anywhere(job, tools, gallery) if job.unsaved else ""
    finally:
        with Contained("closing the connections"):
            await tools.client().close()
        with Contained("closing the engine"):
            await asyncio.to_thread(tools.engine.close)
        with Contained("clearing old runs away"):
            await asyncio.to_thread(clear_old, tools.journal)


class Cancelled(EditError):
    """The edit was cancelled before its picture came."""

    kind = "cancelled"


async def _as_given(profile: EndpointProfile, keys: KeyStore) -> EndpointProfile:
    """Many servers of one's own know no keys; one that does will say so."""
    return profile if await keys.get(profile) else msgspec.structs.replace(profile, auth="none")


def _cap_not_known(file: Path) -> NotAllowed:
    """Nobody is there to be asked, so nothing is spent."""
    return NotAllowed(
        "The spending cap couldn't be read from the settings, so nothing that costs is sent.",
        next_step=f"Set the cap in the window's settings, or daily_cap in {file}.",
    )


def _make_ready(gallery: Gallery) -> None:
    """Nothing is sent while its result could not be saved."""
    gallery.create()
    gallery.check()


def _refuse(params: EditParams, spec: ModelSpec, pictures: int, profile: EndpointProfile) -> None:
    """Raises :class:`InvalidRequest` for the first thing that is wrong before anything is opened."""
    if pictures > spec.max_pictures:
        raise InvalidRequest(f"image: {params.model} takes at most {spec.max_pictures} pictures.")
    for problem in (*problems(params, spec), *profile.problems()):
        near = f"Try {problem.suggestion}." if problem.suggestion else ""
        raise InvalidRequest(f"{problem.field}: {problem.message}", next_step=near, field=problem.field)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The files of an edit as they were named, and whether they go with all that they hold."""

    images: Sequence[Path]
    mask: Path | None
    keep_metadata: bool


async def _request(
    inputs: _Inputs,
    params: EditParams,
    profile: EndpointProfile,
    drafts: Path,
    reader: PictureReader,
    say: Say,
) -> EditRequest:
    pictures = []
    for image in inputs.images:
        item = await examine(image.absolute(), drafts, reader, keep_metadata=inputs.keep_metadata)
        for note in filter(None, (item.note, conversion_note(profile, item.picture))):
            say(f"{item.name}: {note}")
        pictures.append(item.picture)
    if inputs.mask is None:
        return EditRequest(params, tuple(pictures), endpoint=profile.name)
    coverage = _that_fits(pictures[0], inputs.mask, await reader.mask(inputs.mask))
    sent, painted = await asyncio.to_thread(lambda: (encode_mask(coverage), encode_grey(coverage)))
    return EditRequest(params, tuple(pictures), sent, profile.name, painted=painted)


def _that_fits(first: Picture, file: Path, coverage: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a mask's file says is to be edited, (height, width) of the first picture, 0 to 255."""
    if not (coverage >= SENT_FROM).any():
        raise PictureError(
            f"The mask {file.name} is opaque everywhere: nothing would be edited.",
            next_step="Make transparent what should change, or leave the mask out.",
        )
    height, width = coverage.shape
    if (width, height) != (first.size.width, first.size.height):
        raise PictureError(
            f"The mask {file.name} is {width}x{height} pixels, the first picture {first.size}.",
            next_step="Both must have the same size.",
        )
    return coverage


def _tools(
    folders: Folders,
    table: ModelTable,
    gallery: Gallery,
    profile: EndpointProfile,
    keys: KeyStore,
    readable: ReadablePictures,
) -> RunTools:
    client = EditClient()
    return RunTools(
        client=lambda: client,
        engine=OfflineEngine(),
        keys=keys,
        journal=Journal(folders.journal),
        ledger=Ledger(folders.ledger),
        table=table,
        gallery=lambda: gallery,
        own_folder=gallery.folder,
        profile=lambda _: profile,
        version=__version__,
        readable=readable,
    )


def _job(request: EditRequest, profile: EndpointProfile, spec: ModelSpec) -> Job:
    sizes = tuple(picture.size for picture in request.pictures)
    likely = estimate(request.params, spec, sizes, profile.price_multiplier)
    return Job("", request, profile.host_words, likely, datetime.now().astimezone(), queued=False)


def _tell(job: Job, say: Say) -> None:
    if job.partial is not None and job.running:
        say(f"partial picture {job.partial.index + 1}")
    elif job.waiting is not None and job.running:
        say(_phase(job.waiting))
    for saved in job.results:
        say(f"saved {saved.path.name}")


def _phase(waiting: Waiting) -> str:
    match waiting.phase:
        case "uploading" if waiting.total:
            return f"uploading {100 * waiting.sent // waiting.total} %"
        case "rate limited":
            return f"rate limited: waiting {waiting.seconds:.0f} s"
        case phase:
            return phase


def _outcome(job: Job, remark: str) -> Outcome:
    """Raises what kept the edit from its pictures, when there are none."""
    if job.state is JobState.CANCELLED:
        raise Cancelled(
            "Cancelled.", request_id=job.request_id, may_have_been_billed=job.may_have_been_billed
        )
    if job.error is not None and not job.results:
        raise job.error
    return Outcome(
        tuple(saved.path for saved in job.results),
        tuple(saved.sidecar for saved in job.results if saved.sidecar),
        job.usage,
        job.cost,
        job.request.endpoint,
        job.request_id,
        remark or (job.error.sentence() if job.error is not None else ""),
    )
