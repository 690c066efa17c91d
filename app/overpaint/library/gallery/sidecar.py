"""The sidecar: a JSON file beside a result that says how it was made, and from what.

It never holds a key. ``Iptc4xmpExt:DigitalSourceType`` is the IPTC's term for how a picture came to be
(https://cv.iptc.org/newscodes/digitalsourcetype/).
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from overpaint.core.errors import StorageError
from overpaint.core.request.params import EditParams
from overpaint.core.results.kept_composite import Composite
from overpaint.core.results.prices import Estimate
from overpaint.core.results.usage import Usage
from overpaint.library.storage import jsonlines
from overpaint.library.storage.durable_files import read_bounded

SIDECAR_ENDING = ".overpaint.json"
VERSION = 1
EDITED_BY_AI = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
MADE_BY_ALGORITHM = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"

_MAX_BYTES = 8_000_000


class Source(msgspec.Struct, frozen=True):
    """A picture that went into the edit: what the user called it, where it was, and its contents' hash.

    ``sha256`` is ``""`` when the file had gone or changed since; ``bytes`` is its length, ``size`` ``WxH``.
    """

    name: str = ""
    path: str = ""
    sha256: str = ""
    bytes: int = 0
    size: str = ""


class Result(msgspec.Struct, frozen=True):
    """The picture the sidecar is about: file name, hash, format by magic bytes, length, ``WxH`` if known.

    ``index`` counts the pictures of one edit from 0.
    """

    file: str = ""
    sha256: str = ""
    format: str = ""
    bytes: int = 0
    size: str = ""
    index: int = 0


class Sidecar(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about a result. Costs are US dollars, ``created`` is UTC.

    ``run`` is the edit that brought it, with its other pictures: ``run_cost``, ``usage`` and ``estimate`` are
    that edit's, ``cost`` is this picture's share of it.
    ``parents`` are the results this one was made from: file names within the gallery, or whole paths;
    ``mask`` and ``painted`` are file names beside the sidecar or ``""``: the mask as it was sent, and as it
    was painted; ``composite`` says how the kept picture was made of it; ``facts`` are the reply's other
    fields as text; ``written`` is the prompt before names of pictures and fields were resolved, ``""``
    where none were.
    """

    version: int = VERSION
    app_version: str = ""
    created: datetime = datetime.fromtimestamp(0, UTC)
    params: EditParams = EditParams()
    endpoint: str = ""
    host: str = ""
    run: str = ""
    request_id: str = ""
    usage: Usage | None = None
    cost: float | None = None
    run_cost: float | None = None
    estimate: Estimate | None = None
    sources: tuple[Source, ...] = ()
    parents: tuple[str, ...] = ()
    mask: str = ""
    painted: str = ""
    composite: Composite | None = None
    written: str = ""
    result: Result = Result()
    facts: dict[str, str] = {}
    digital_source_type: str = msgspec.field(name="Iptc4xmpExt:DigitalSourceType", default=EDITED_BY_AI)


def encode(sidecar: Sidecar) -> bytes:
    """The sidecar as indented JSON in UTF-8."""
    return msgspec.json.format(jsonlines.encode(sidecar), indent=2) + b"\n"


def read(path: Path) -> Sidecar:
    """Reads a sidecar; fields it doesn't know are passed over and missing ones get their defaults.

    Raises StorageError, naming the file, when it can't be read or isn't a sidecar.
    """
    data = read_bounded(path, _MAX_BYTES)
    try:
        raw = msgspec.json.decode(data)
        return msgspec.convert(_known(raw), Sidecar, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as exc:
        raise StorageError(
            f"The details of “{path.name}” can't be read: the file is damaged or not Overpaint's.",
            cause=str(exc),
            next_step="The picture beside it is unharmed.",
        ) from exc


def _known(raw: object) -> object:
    if not isinstance(raw, dict) or "params" not in raw:
        return raw
    return {**raw, "params": jsonlines.known_only(raw["params"], EditParams)}
