"""Job folders as they lie on disk: the lines of a job's log, and a job read back from whatever is there.

A folder holds ``job.jsonl`` (one JSON object a line: ``at``, ``state``, ``facts``), ``mask.png``,
``painted.png``, ``reply.head``, ``reply.body`` and, while it runs, ``job.spare``. Reading takes what it
finds: a line torn by a crash, a missing file or garbage costs that piece alone.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from overpaint.core.errors import StorageError
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.storage.durable_files import read_bounded
from overpaint.library.storage.jsonlines import decode_lines, encode, known_only

LOG = "job.jsonl"
LOCK = "job.lock"
MASK = "mask.png"
PAINTED = "painted.png"
HEAD = "reply.head"
BODY = "reply.body"
SPARE = "job.spare"

JOB_ID = re.compile(r"(\d{8}-\d{6})-[0-9a-f]{8}")
"""Names of job folders: the time in UTC, and eight digits of its milliseconds and a random part."""

ID_TIME = "%Y%m%d-%H%M%S"

_STATES = frozenset(JobState)
_MAX_BYTES = 64_000_000


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a log: when (UTC), the state reached (``""`` for a mere note), and what is known by it."""

    at: datetime
    state: str = ""
    facts: dict[str, Any] = {}


class PictureFacts(msgspec.Struct, frozen=True):
    """A picture of the request, as its log keeps it."""

    path: str
    name: str = ""
    format: str = "png"
    width: int = 1
    height: int = 1
    bytes: int = 0
    modified: int = 0

    @classmethod
    def of(cls, picture: Picture) -> "PictureFacts":
        """The facts of a picture."""
        size = picture.size
        facts = size.width, size.height, picture.bytes, picture.modified
        return cls(str(picture.path), picture.name, picture.format, *facts)

    def picture(self) -> Picture:
        """The picture again; its file may have gone."""
        size = Size(self.width, self.height)
        return Picture(Path(self.path), self.name, self.format, size, self.bytes, self.modified)


class Intent(msgspec.Struct, frozen=True):
    """The facts of a log's first line: everything that was asked for, and the folder for the results."""

    params: EditParams = EditParams()
    pictures: tuple[PictureFacts, ...] = ()
    endpoint: str = ""
    host: str = ""
    parents: tuple[str, ...] = ()
    written: str = ""
    estimate: Estimate | None = None
    gallery: str = ""
    source_hash: str = ""
    version: int = 1


class ReplyHead(msgspec.Struct, frozen=True):
    """A reply's status and header fields (names in lower case)."""

    status: int = 0
    headers: dict[str, str] = {}
    request_id: str = ""


class StoredJob(msgspec.Struct, frozen=True):
    """A job as it lies on the disk.

    ``state`` is the last one that is certain; ``changed`` when it was reached; ``facts`` are those of all
    lines after the intent, later lines over earlier ones; ``saved`` the results it brought. ``head`` and
    ``body`` are what was received, byte for byte; ``running`` says that a living process works on it.
    """

    folder: Path
    state: JobState
    intent: Intent
    opened: datetime
    changed: datetime
    facts: Mapping[str, Any] = msgspec.field(default_factory=dict)
    saved: tuple[Path, ...] = ()
    mask: Path | None = None
    painted: Path | None = None
    head: ReplyHead | None = None
    body: Path | None = None
    body_bytes: int = 0
    running: bool = False

    @property
    def id(self) -> str:
        """The job's name, unique for all time."""
        return self.folder.name

    @property
    def params(self) -> EditParams:
        """The parameters it was asked with."""
        return self.intent.params

    @property
    def request_id(self) -> str:
        """The service's name for it; ``""`` when none came."""
        told = self.facts.get("request_id")
        if isinstance(told, str) and told:
            return told
        return self.head.request_id if self.head else ""

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do about it: it came to an end, and all that follows from that, as its
        pictures' details and its line in the ledger, was written."""
        if self.state is JobState.SAVED:
            return bool(self.facts.get("closed"))
        return self.state.is_end and not self.facts.get("owed")

    @property
    def is_told(self) -> bool:
        """Whether the user has seen how it ended, though something may be left to write."""
        if self.state is JobState.SAVED:
            return bool(self.facts.get("owed")) or len(self.saved) >= self.params.n
        return self.state.is_end

    @property
    def is_settled(self) -> bool:
        """Whether its folder holds nothing worth keeping: all is saved, or it failed and brought nothing."""
        if self.state is JobState.SAVED:
            return self.is_finished
        if self.state not in (JobState.FAILED, JobState.CANCELLED):
            return False
        if not self.is_finished:
            return False
        brought_nothing = self.head is not None and not 200 <= self.head.status < 300
        return brought_nothing or not self.body_bytes

    @property
    def is_unread(self) -> bool:
        """Whether it brought a reply that may have been billed and that nobody could make a picture of."""
        return (
            self.state is JobState.OUTCOME_UNKNOWN
            and self.facts.get("kind") == "bad_reply"
            and not self.facts.get("set_aside")
            and not self.saved
            and bool(self.body_bytes)
        )

    @property
    def is_saved(self) -> bool:
        """Whether a gallery has all that it was asked for, so that its reply holds nothing more."""
        return self.state is JobState.SAVED and self.is_finished and len(self.saved) >= self.params.n

    def request(self) -> EditRequest:
        """The request as it was asked; without its masks where their files have gone."""
        return EditRequest(
            params=self.intent.params,
            pictures=tuple(one.picture() for one in self.intent.pictures),
            mask=_bytes(self.mask),
            endpoint=self.intent.endpoint,
            parents=tuple(Path(parent) for parent in self.intent.parents),
            written=self.intent.written,
            source_hash=self.intent.source_hash,
            painted=_bytes(self.painted),
        )


def encode_line(at: datetime, state: str, facts: Mapping[str, object]) -> bytes:
    """A log line with its line feed."""
    return encode(Line(at.astimezone(UTC), state, dict(facts))) + b"\n"


def read_job(folder: Path, *, running: bool = False) -> StoredJob | None:
    """The job in a folder; None when it never got as far as an intent and brought nothing.

    Raises StorageError when there is a log that can't be read: what it says isn't to be guessed.
    """
    lines = _lines(_log(folder / LOG))
    body = folder / BODY
    body_bytes = _length(body)
    head = _head(folder / HEAD)
    if not lines and not body_bytes and head is None:
        return None
    opened = opened_at(folder)
    mask, painted = folder / MASK, folder / PAINTED
    return StoredJob(
        folder=folder,
        state=_state(lines, received=bool(body_bytes) or head is not None),
        intent=_intent(lines),
        opened=opened,
        changed=max((line.at for line in lines if line.state), default=opened),
        facts={
            name: fact for line in lines if line.state != JobState.INTENT for name, fact in line.facts.items()
        },
        saved=_saved(lines),
        mask=mask if _length(mask) else None,
        painted=painted if _length(painted) else None,
        head=head,
        body=body if body_bytes else None,
        body_bytes=body_bytes,
        running=running,
    )


def opened_at(folder: Path) -> datetime:
    """When a job was opened, from its folder's name, in UTC; 1970 for a name that tells no time."""
    try:
        return datetime.strptime(folder.name[:15], ID_TIME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _lines(log: bytes | None) -> list[Line]:
    return [
        line
        for line in decode_lines(log or b"", Line)
        if line.at.tzinfo is not None and (not line.state or line.state in _STATES)
    ]


def _state(lines: list[Line], *, received: bool) -> JobState:
    known = [JobState(line.state) for line in lines if line.state]
    last = known[-1] if known else JobState.INTENT
    # The line that says so may be lost with the power, but nothing is received before the body has left.
    return JobState.SENT if received and last is JobState.INTENT else last


def _intent(lines: list[Line]) -> Intent:
    for line in lines:
        if line.state == JobState.INTENT:
            facts = {**line.facts, "params": known_only(line.facts.get("params", {}), EditParams)}
            try:
                return msgspec.convert(facts, Intent)
            except msgspec.ValidationError:
                continue
    return Intent()


def _saved(lines: list[Line]) -> tuple[Path, ...]:
    return tuple(Path(str(line.facts.get("file", ""))) for line in lines if line.state == JobState.SAVED)


def _head(path: Path) -> ReplyHead | None:
    try:
        return msgspec.json.decode(_bytes(path) or b"", type=ReplyHead)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _log(path: Path) -> bytes | None:
    try:
        return read_bounded(path, _MAX_BYTES)
    except StorageError as fault:
        if isinstance(fault.__cause__, FileNotFoundError):
            return None
        raise


def _bytes(path: Path | None) -> bytes | None:
    try:
        return None if path is None else read_bounded(path, _MAX_BYTES)
    except StorageError:
        return None  # a piece that can't be read is a piece that is missing


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
