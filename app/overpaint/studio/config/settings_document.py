"""The settings file as plain TOML values: brought up to today's version, and changed without losing the rest.

What a value means is left to others, so that a value which no version of today understands stays as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Document = dict[str, Any]
"""A TOML document: tables, lists, texts, numbers, booleans and times."""

MIGRATIONS: tuple[Callable[[Document], Document], ...] = ()
"""Steps from one version of the file to the next; the first leads from version 1 to 2.

A step gets a document of its own to change, in which any value may be broken or missing, and returns it.
"""

VERSION = 1 + len(MIGRATIONS)
"""The version that is written today."""


def migrate(
    document: Mapping[str, Any], steps: Sequence[Callable[[Document], Document]] = MIGRATIONS
) -> Document:
    """A document of any version as one of today; one of a later version stays as it is."""
    migrated: Document = _copy(document)
    newest = 1 + len(steps)
    version = migrated.get("version", 1)
    if not _is_version(version) or version >= newest:
        return migrated
    for step in steps[version - 1 :]:
        migrated = step(migrated)
    return {**migrated, "version": newest}


def merge(disk: Mapping[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]) -> Document:
    """What is on the disk, with the changes that lead from ``before`` to ``now``.

    Everything else on the disk stays: unknown keys, broken values, and what another window has changed.
    Entries of a list of tables are the same when their ``name`` is.
    """
    merged = {key: value for key, value in disk.items() if key in now or key not in before}
    for key, value in now.items():
        if key not in before or before[key] != value:
            merged[key] = _merged_value(disk.get(key), before.get(key), value)
    return merged


def shared(now: Mapping[str, Any], disk: Mapping[str, Any]) -> Document:
    """The part of ``now`` whose keys are on the disk as well, at every depth."""
    return {
        key: shared(value, disk[key]) if isinstance(value, dict) and isinstance(disk[key], dict) else value
        for key, value in now.items()
        if key in disk
    }


def with_version(document: Document) -> Document:
    """The document with today's version where it names none that can be read."""
    return document if _is_version(document.get("version")) else {**document, "version": VERSION}


def _merged_value(disk: object, before: object, now: object) -> object:
    if isinstance(now, dict):
        if not isinstance(disk, dict):
            return now
        return merge(disk, before if isinstance(before, dict) else {}, now)
    if isinstance(now, list):
        earlier = before if isinstance(before, list) else []
        if all(isinstance(entry, dict) for entry in (*earlier, *now)):
            return _merged_tables(disk if isinstance(disk, list) else [], earlier, now)
    return now


def _merged_tables(disk: list[Any], before: list[Document], now: list[Document]) -> list[Any]:
    on_disk, earlier, ours = _by_name(disk), _by_name(before), _by_name(now)
    foreign = [entry for entry in disk if _name(entry) not in earlier and _name(entry) not in ours]
    merged = []
    for entry in now:
        name = _name(entry)
        if name in on_disk:
            merged.append(merge(on_disk[name], earlier.get(name, {}), entry))
        elif earlier.get(name) != entry:  # otherwise another window has removed it
            merged.append(entry)
    return merged + foreign


def _by_name(entries: list[Any]) -> dict[object, Document]:
    return {_name(entry): entry for entry in entries if _name(entry) is not None}


def _name(entry: object) -> object:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else None


def _is_version(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _copy(value: Any) -> Any:
    """Tables and lists copied at every depth."""
    if isinstance(value, Mapping):
        return {key: _copy(one) for key, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value
