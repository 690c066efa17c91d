"""Presets: a prompt with all its parameters under a name, as they are kept and as they travel in a file.

A file is JSON: ``{"overpaint_presets": 1, "presets": [{"name": …, "params": {…}}]}``. Pictures, keys and the
user identifier are no part of a preset. A file comes from anywhere, so everything in it has its bounds.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from overpaint.core.errors import SettingsError, StorageError
from overpaint.core.request.api_fields import Number, fields_of
from overpaint.core.request.params import MAX_PROMPT, EditParams
from overpaint.library.gallery.result_names import numbered
from overpaint.library.storage.durable_files import read_bounded, write_atomic
from overpaint.library.storage.jsonlines import known_only

VERSION = 1
MOST_IN_FILE = 200
LONGEST_NAME = 60
_MAX_BYTES = 16_000_000
_LONGEST_VALUE = 100
_MARK = "overpaint_presets"


class Preset(msgspec.Struct, frozen=True):
    """Parameters under a name; their ``user`` is empty, since it says who edits and not how."""

    name: str
    params: EditParams

    @classmethod
    def of(cls, name: str, params: EditParams) -> "Preset":
        """A preset of these parameters; its name on one line and not too long."""
        return cls(tidy(name), params.replace(user=""))

    def applied_to(self, params: EditParams) -> EditParams:
        """These parameters for the user that is set there."""
        return self.params.replace(user=params.user)


Presets = tuple[Preset, ...]


class Imported(msgspec.Struct, frozen=True):
    """What a file brought, and in sentences what of it was passed over."""

    presets: Presets
    remarks: tuple[str, ...] = ()


def tidy(name: str) -> str:
    """A name on one line, at most 60 characters long."""
    plain = "".join(character if character.isprintable() else " " for character in name[:1000])
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def named(preset: Preset, kept: Iterable[Preset]) -> Preset:
    """The preset under its own name, or numbered, where another one has it in any case of its letters."""
    taken = {one.name.casefold() for one in kept}
    free = next(name for name in numbered(preset.name) if name.casefold() not in taken)
    return msgspec.structs.replace(preset, name=free)


def placed(kept: Presets, preset: Preset, after: str | None = None) -> Presets:
    """The list, in the order of names, with a preset in place of the one called ``after``, or of its name."""
    gone = {preset.name, preset.name if after is None else after}
    others = [one for one in kept if one.name not in gone]
    return tuple(sorted((*others, preset), key=lambda one: (one.name.casefold(), one.name)))


def without(kept: Presets, name: str) -> Presets:
    """The list without a preset."""
    return tuple(one for one in kept if one.name != name)


def stored(data: bytes) -> Iterator[Preset]:
    """The presets of our own list, one a line; what isn't one is passed over."""
    for line in data.split(b"\n"):
        try:
            yield _preset(_decoded(line))[0]
        except SettingsError:
            continue


def write_file(path: Path, presets: Iterable[Preset]) -> None:
    """Exports presets. Raises StorageError."""
    import json  # half a surrogate pair is no fault to it, as it is to msgspec; loads here, for exports alone

    listed = [{"name": one.name, "params": _travelling(one.params)} for one in presets]
    document = {_MARK: VERSION, "presets": listed}
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    write_atomic(path, text.encode(errors="replace"))


def read_file(path: Path) -> Imported:
    """The presets of a file. Raises SettingsError in words when it is none of ours, StorageError when it
    can't be read."""
    document = _document(path)
    entries = document.get("presets")
    if not isinstance(entries, list):
        raise _not_ours(path, "no list of presets")
    found: list[Preset] = []
    remarks: list[str] = []
    unknown: set[str] = set()
    for entry in entries[:MOST_IN_FILE]:
        try:
            preset, fields = _preset(entry)
        except SettingsError as fault:
            remarks.append(fault.message)
        else:
            found.append(preset)
            unknown |= fields
    if not found:
        raise SettingsError(f"“{path.name}” holds no preset that can be used.", cause=" ".join(remarks[:3]))
    if len(entries) > MOST_IN_FILE:
        remarks.append(f"Only the first {MOST_IN_FILE} presets were taken.")
    if unknown:
        remarks.append(f"Passed over what this version doesn't know: {_listed(unknown)}.")
    return Imported(tuple(found), tuple(remarks))


def _document(path: Path) -> dict[object, object]:
    try:
        data = read_bounded(path, _MAX_BYTES)
    except StorageError as fault:
        if path.is_file() and path.stat().st_size > _MAX_BYTES:
            raise _not_ours(path, "too long") from fault
        raise
    try:
        document = _decoded(data)
    except SettingsError as fault:
        raise _not_ours(path, fault.cause) from fault
    if not isinstance(document, dict) or _MARK not in document:
        raise _not_ours(path, f"no {_MARK}")
    version = document[_MARK]
    if isinstance(version, int) and version > VERSION:
        raise SettingsError(
            f"“{path.name}” was made by a newer Overpaint.", next_step="Update Overpaint to import it."
        )
    return document


def _decoded(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise SettingsError("This is no JSON.", cause=str(exc)) from exc


def _preset(entry: object) -> tuple[Preset, set[str]]:
    """A preset, and the names of the fields in it that were passed over. Raises SettingsError."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not tidy(entry["name"]):
        raise SettingsError("A preset without a name was left out.")
    name, raw = tidy(entry["name"]), entry.get("params")
    if not isinstance(raw, dict):
        raise SettingsError(f"“{name}” was left out: it has no parameters.")
    try:
        params = msgspec.convert(known_only(raw, EditParams), EditParams)
    except msgspec.ValidationError as exc:
        field = str(exc).rpartition("$.")[2].rstrip("`") or "value"  # msgspec names the place at the end
        raise SettingsError(f"“{name}” was left out: its {field} is of the wrong kind.") from exc
    if fault := _out_of_bounds(params):
        raise SettingsError(f"“{name}” was left out: {fault}.")
    unknown = {str(key) for key in (entry.keys() - {"name", "params"}) | (raw.keys() - _known())}
    return Preset.of(name, params), unknown


def _out_of_bounds(params: EditParams) -> str:
    values = msgspec.structs.asdict(params)
    for name, field in fields_of(EditParams).items():
        if isinstance(field, Number) and not field.low <= values[name] <= field.high:
            return f"its {name} is not between {field.low} and {field.high}"
    if len(params.prompt) > MAX_PROMPT:
        return f"its prompt is longer than {MAX_PROMPT:,} characters"
    texts = (name for name, value in values.items() if isinstance(value, str) and name != "prompt")
    return next((f"its {name} is too long" for name in texts if len(values[name]) > _LONGEST_VALUE), "")


def _known() -> set[str]:
    return set(EditParams.__struct_fields__)


def _travelling(params: EditParams) -> dict[str, object]:
    return {name: value for name, value in msgspec.structs.asdict(params).items() if name != "user"}


def _not_ours(path: Path, cause: str) -> SettingsError:
    return SettingsError(
        f"“{path.name}” is no file of presets.",
        cause=cause,
        next_step="Choose one that Overpaint exported.",
    )


def _listed(names: set[str]) -> str:
    shown = sorted(name[:40] for name in names)[:5]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
