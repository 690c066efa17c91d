"""What a result is and where it came from, gathered for its sidecar."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Required, TypedDict, Unpack

from overpaint.core.request import sizes
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.endpoint_profile import OFFLINE
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery.lineage import parents_of
from overpaint.library.gallery.sidecar import EDITED_BY_AI, MADE_BY_ALGORITHM, Result, Sidecar, Source

_PNG_START = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


class RunFacts(TypedDict, total=False):
    """What is known of the edit that brought a picture: ``when`` it was asked for (with a time zone), its
    ``cost`` in US dollars and its likely price, the server's name, and its own name in the journal."""

    when: Required[datetime]
    cost: float | None
    estimate: Estimate | None
    host: str
    run: str
    app_version: str


def describe(completed: Completed, request: EditRequest, path: Path, **facts: Unpack[RunFacts]) -> Sidecar:
    """The sidecar of a result saved at ``path``, without its mask's name; reads the sources to hash them."""
    cost = facts.get("cost")
    sources = tuple(_source(picture) for picture in request.pictures)
    return Sidecar(
        app_version=facts.get("app_version", ""),
        created=facts["when"].astimezone(UTC),
        params=request.params,
        endpoint=request.endpoint,
        host=facts.get("host", ""),
        run=facts.get("run", ""),
        request_id=completed.request_id,
        usage=completed.usage,
        cost=None if cost is None else cost / request.params.n,
        run_cost=cost,
        estimate=facts.get("estimate"),
        sources=sources,
        # A gallery can be moved as a whole: what lies in it is named without its folder.
        parents=tuple(
            one.name if one.parent == path.parent else str(one)
            for one in parents_of(path.parent, sources, request.parents)
        ),
        written=request.written,
        result=_result(path.name, completed),
        facts=dict(completed.facts),
        digital_source_type=MADE_BY_ALGORITHM if request.endpoint == OFFLINE else EDITED_BY_AI,
    )


def hash_of_file(path: Path) -> str:
    """A file's SHA-256 in lower-case hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_of_version(path: Path) -> str:
    """The same, worked out once for each version of a file. Its length and its times tell versions apart, of
    which nobody can set the last."""
    found = path.stat()
    return _hash_of_version(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _result(name: str, completed: Completed) -> Result:
    return Result(
        file=name,
        sha256=hashlib.sha256(completed.data).hexdigest(),
        format=completed.format,
        bytes=len(completed.data),
        size=_pixels(completed),
        index=completed.index,
    )


def _pixels(completed: Completed) -> str:
    data = completed.data
    if data.startswith(_PNG_START) and len(data) >= 24:
        return f"{int.from_bytes(data[16:20])}x{int.from_bytes(data[20:24])}"
    told = sizes.parse(completed.facts.get("size", ""))
    return str(told) if told else ""


def _source(picture: Picture) -> Source:
    return Source(
        name=picture.name,
        path=str(picture.path),
        sha256=_hash_of_source(picture),
        bytes=picture.bytes,
        size=str(picture.size),
    )


def _hash_of_source(picture: Picture) -> str:
    # Unknown is the truth, and no failure of the save, when the file has gone or changed meanwhile.
    try:
        if picture.path.stat().st_size != picture.bytes:
            return ""
        return hash_of_version(picture.path)
    except OSError:
        return ""


@lru_cache(maxsize=64)
def _hash_of_version(path: Path, _length: int, *_times: int) -> str:
    # Several results of one edit, and edits of one picture in a row, hash its file once.
    return hash_of_file(path)
