"""The edit as it would be sent now: worked out once after a change, for all who show or send it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import Problem
from overpaint.core.masks.geometry import Rect
from overpaint.core.request import prompt_syntax as words
from overpaint.core.request import request_rules as rules
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size
from overpaint.core.results import prices
from overpaint.core.results.prices import Estimate
from overpaint.studio.document import edit_words
from overpaint.studio.document.effective_spec import effective_spec
from overpaint.studio.document.parameters import Parameters
from overpaint.studio.document.session import Session
from overpaint.studio.document.tray import Tray, TrayItem
from overpaint.studio.event import Changes, Names


@dataclass(frozen=True, slots=True)
class EditState:
    """An edit at one moment.

    ``params`` are as the user wrote them, ``sent`` as they go on the wire: with the names of pictures and
    ``fields`` in the prompt resolved. ``names`` and ``sizes`` are those of the pictures that are sent, in
    their order, ``left_out`` the names of the others; ``spec`` is what the model takes at ``endpoint``.
    ``plan`` says in words which picture is edited, where, and what goes with it. ``problems`` keep the edit
    from being sent, each beside its field; ``warning`` says what the mask means for it where that isn't
    plain, or is ``""``; ``estimate`` is the likely price.
    """

    params: EditParams
    sent: EditParams
    fields: Mapping[str, str]
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    sizes: tuple[Size, ...]
    endpoint: EndpointProfile
    spec: ModelSpec
    problems: tuple[Problem, ...]
    warning: str
    plan: str
    estimate: Estimate

    def estimate_with(self, **changes: object) -> Estimate:
        """The likely price with some parameters changed."""
        return _estimate(self.sent.replace(**changes), self.spec, self.sizes, self.endpoint)


class CurrentEdit:
    """The edit that pictures, masks and parameters make.

    ``changed`` carries the names of the parameters that are others than before, as ``Parameters.changed``
    does, and ``pictures`` or ``mask``.
    """

    def __init__(self, session: Session, parameters: Parameters) -> None:
        self.session = session
        self.parameters = parameters
        self.changed = Changes()
        self._revision: tuple[object, ...] = ()
        self._state: EditState | None = None
        session.pictures_renamed.connect(parameters.follow_names)
        session.tray_changed.connect(self._tray_changed)
        session.mask_edited.connect(self._mask_edited)
        parameters.changed.connect(self.changed.emit)

    @property
    def state(self) -> EditState:
        """The edit as it stands, worked out when it is first asked for after a change."""
        tray = self.session.tray
        target = self.session.first_picture
        mask = (target.mask.serial, target.mask.revision) if target is not None else ()
        revision = (self.parameters.revision, tray, mask)
        if self._state is None or revision != self._revision:
            self._revision, self._state = revision, _state(self.session, self.parameters)
        return self._state

    async def request(self) -> EditRequest:
        """The edit as it stands, frozen. Its mask is encoded off the main thread.

        Raises ValueError while there are problems: whoever asks looks at ``state`` first.
        """
        state, sent = self.state, self.session.sent_pictures
        if state.problems:
            raise ValueError(state.problems[0].message)
        mask = sent[0].mask
        coverage = None if mask.is_empty() else mask.coverage.copy()
        sources = [item.source for item in sent]
        masks, parents = await asyncio.to_thread(_masks_and_parents, coverage, sources)
        written = state.params.prompt if state.params != state.sent else ""
        pictures = tuple(item.picture for item in sent)
        source = await asyncio.to_thread(_hash_of, pictures[0])
        return EditRequest(
            state.sent,
            pictures,
            mask=masks.sent,
            endpoint=state.endpoint.name,
            parents=parents,
            written=written,
            source_hash=source,
            painted=masks.painted,
        )

    def _tray_changed(self) -> None:
        self.changed.emit(frozenset({"pictures"}))

    def _mask_edited(self, item: TrayItem, _: Rect) -> None:
        if item is self.session.first_picture:
            self.changed.emit(_MASK)


_MASK: Names = frozenset({"mask"})


def _state(session: Session, parameters: Parameters) -> EditState:
    params, fields, endpoint = parameters.params, parameters.fields, parameters.endpoint
    pictures = session.sent_pictures
    names, sizes = tuple(item.name for item in pictures), tuple(item.picture.size for item in pictures)
    left_out = tuple(item.name for item in session.tray if not item.sent)
    sent = params.replace(prompt=words.as_sent(params.prompt, names, fields))
    spec = effective_spec(parameters.table.find(params.model), endpoint)
    problems = (
        *rules.problems(sent, spec, apart=True),
        *words.problems(params.prompt, names, fields, left_out),
        *endpoint.problems(),
        *_picture_problems(session.tray, pictures, spec),
    )
    return EditState(
        params=params,
        sent=sent,
        fields=fields,
        names=names,
        left_out=left_out,
        sizes=sizes,
        endpoint=endpoint,
        spec=spec,
        problems=problems,
        warning=edit_words.warning(pictures, spec, endpoint),
        plan=edit_words.plan(pictures[: endpoint.max_pictures], spec, sent.size),
        estimate=_estimate(sent, spec, sizes, endpoint),
    )


def _picture_problems(tray: Tray, sent: Tray, spec: ModelSpec) -> list[Problem]:
    found = []
    if not tray:
        found.append(Problem("image", "Add a picture to edit."))
    elif not sent:
        found.append(Problem("eye", "No picture is sent: switch the eye of one on."))
    elif sent[0].mask.is_empty() and not sent[0].mask.bounds().empty:
        found.append(Problem("mask", "The mask is too faint: nothing would be edited. Paint it once more."))
    if len(sent) > spec.max_pictures:
        most = "one picture" if spec.max_pictures == 1 else f"{spec.max_pictures} pictures"
        found.append(Problem("too many", f"This model takes at most {most}: switch the eyes of others off."))
    return found


def _estimate(
    params: EditParams, spec: ModelSpec, sizes: tuple[Size, ...], endpoint: EndpointProfile
) -> Estimate:
    return prices.estimate(params, spec, sizes, endpoint.price_multiplier)


def _hash_of(picture: Picture) -> str:
    from overpaint.library.gallery.provenance import hash_of_version  # loads here, with the first edit

    try:
        return hash_of_version(picture.path)
    except OSError:
        return ""  # the file has gone: the edit says so when it is sent


class _Masks(NamedTuple):
    """A mask as it is sent and as it was painted, both as PNG; None without one."""

    sent: bytes | None = None
    painted: bytes | None = None


def _masks_and_parents(
    coverage: NDArray[np.uint8] | None, sources: Sequence[Path]
) -> tuple[_Masks, tuple[Path, ...]]:
    """The masks of an edit, and those of its pictures' files that are results."""
    from overpaint.imaging.masks.mask_png import encode_grey, encode_mask  # Pillow loads here, on a worker
    from overpaint.library.gallery.result_files import result_of  # loads here, with the first edit

    parents = tuple(result for file in sources if (result := result_of(file)) is not None)
    return _Masks() if coverage is None else _Masks(encode_mask(coverage), encode_grey(coverage)), parents
