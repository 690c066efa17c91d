"""What Generate would send right now, from the very code that sends it, and the same as a command to copy."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from overpaint.core.masks.mask import share_words
from overpaint.core.request import request_rules as rules
from overpaint.core.request.edit_request import EditRequest, split_per_image
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.picture_formats import named
from overpaint.library.storage.durable_files import make_folder, write_atomic
from overpaint.library.storage.storage_errors import storage_errors
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.effective_spec import conversion_note
from overpaint.studio.pictures.readable_pictures import ReadablePictures
from overpaint.studio.runs.offline_engine import OfflineEngine

if TYPE_CHECKING:
    from overpaint.api.transport.outgoing_request import Outgoing


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that leaves: the field and the file name it travels as, what it is called here, its facts, its
    bytes, its content. ``note`` says how it differs from the user's file, or is ``""``."""

    field: str
    upload_name: str
    title: str
    facts: str
    length: int
    source: Path | bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """An edit about to leave: the request, how many ``times`` it is sent, where to and as what.

    ``left_off`` are the fields that stay behind, each with its reason; ``coverage`` is the masked share of
    the first picture, 0 without a mask; ``notes`` say by their paths how pictures differ from their files.
    """

    request: EditRequest
    times: int
    wire: "Outgoing"
    left_off: Sequence[tuple[str, str]]
    coverage: float
    notes: Mapping[Path, str]

    @property
    def length(self) -> int:
        """Bytes of the pictures and the mask, each time."""
        return sum(file.length for file in self.files)

    @property
    def files(self) -> list[SentFile]:
        """The pictures in their order, then the mask."""
        found = []
        for at, part in enumerate(self.wire.files):
            if isinstance(part.content, bytes | str):
                first = self.request.pictures[0]
                share = share_words(self.coverage)
                facts = f"{first.size.width} × {first.size.height} · {share} to be edited"
                mask = self.request.mask or b""
                found.append(SentFile(part.name, part.filename, "Mask", facts, len(part.content), mask))
            else:
                picture = self.request.pictures[at]
                facts = f"{picture.size.width} × {picture.size.height} · {named(picture.format).title}"
                note = self.notes.get(picture.path, "")
                found.append(
                    SentFile(
                        part.name,
                        part.filename,
                        picture.name,
                        facts,
                        part.content.size,
                        picture.path,
                        note,
                    )
                )
        return found


async def sending(
    edit: CurrentEdit, profile: EndpointProfile, engine: OfflineEngine, readable: ReadablePictures
) -> RequestPreview:
    """What would be sent now. The offline engine is started where it is the endpoint, for its address.

    Raises ValueError with a sentence while there are problems, and :class:`OverpaintError` where sending
    itself would fail.
    """
    spec, target = edit.state.spec, edit.session.first_picture
    coverage = target.mask.fraction() if target is not None else 0.0
    notes = {item.picture.path: item.note for item in edit.session.tray}
    asked = await edit.request()
    request = await readable(asked, profile)
    for given, copy in zip(asked.pictures, request.pictures, strict=True):
        if copy is not given:
            said = filter(None, (notes.get(given.path, ""), conversion_note(profile, given)))
            notes[copy.path] = ". ".join(said)
    requests = split_per_image(request, spec)
    where = (await engine.address()).profile() if profile.is_offline else profile
    wire = await asyncio.to_thread(_wire, requests[0], where, spec)
    left = [one for one in rules.omitted_fields(requests[0].params, spec) if one[0] not in dict(wire.fields)]
    masked = any(isinstance(part.content, bytes) for part in wire.files)
    if not masked:
        left.append(("mask", spec.refusal("mask") or "Nothing is painted"))
    return RequestPreview(requests[0], len(requests), wire, left, coverage if masked else 0.0, notes)


def command(edit: RequestPreview, folder: Path) -> str:
    """The edit as a command for a POSIX shell, its key taken from the environment. It takes the mask from
    ``folder``, where :func:`keep_mask` puts it."""
    from overpaint.api.transport.outgoing_request import curl

    return curl(edit.wire, _mask_file(edit, folder))


async def keep_mask(edit: RequestPreview, folder: Path) -> None:
    """Writes the mask where the command finds it; nothing without one. Raises StorageError."""
    if edit.request.mask is not None:
        await asyncio.to_thread(_write_mask, _mask_file(edit, folder), edit.request.mask)


def _wire(request: EditRequest, profile: EndpointProfile, spec: ModelSpec) -> "Outgoing":
    from overpaint.api.transport.outgoing_request import outgoing  # httpx loads here, on a worker thread

    return outgoing(request, profile, spec)


def _mask_file(edit: RequestPreview, folder: Path) -> Path:
    """Named after its content, so that a command copied earlier keeps its own mask."""
    return folder / f"mask-{hashlib.blake2b(edit.request.mask or b'', digest_size=6).hexdigest()}.png"


def _write_mask(file: Path, mask: bytes) -> None:
    with storage_errors(file.parent):
        make_folder(file.parent)
    write_atomic(file, mask)
