"""The picture files in what the user dropped: files as they are, folders opened, in natural order."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from overpaint.core.foreign_words import visible
from overpaint.core.request.picture_formats import picture_suffixes, refused_title, titles

_DEEPEST = 4
_MOST_LOOKED_AT = 20_000
_NUMBER = re.compile(r"(\d+)")


class CollectedFiles(msgspec.Struct, frozen=True):
    """Files to open, and sentences about folders that brought less than one may think, by their names."""

    files: tuple[Path, ...]
    remarks: tuple[tuple[str, str], ...]


def collect_files(given: Sequence[Path]) -> CollectedFiles:
    """Files and the pictures in folders, up to four folders deep, without hidden ones and without links.

    A folder's pictures come in natural order: 2 before 10, its own before those of its folders.
    """
    files: list[Path] = []
    remarks: list[tuple[str, str]] = []
    for one in given:
        if not one.is_dir():
            files.append(one)
            continue
        found, others, whole = _pictures(one)
        name = visible(one.name)
        files.extend(found)
        refused, unknown = others
        if refused:
            remarks.append((name, f"{name}: {_counted(refused)}; Overpaint takes {titles()}."))
        elif not found:
            remarks.append((name, f"{name} is a folder without pictures."))
        if unknown and found:
            are = "file that is no picture was" if unknown == 1 else "files that are no pictures were"
            remarks.append((name, f"{name}: {unknown} {are} left out."))
        if not whole:
            remarks.append((name, f"{name} holds too many files to look at all of them."))
    return CollectedFiles(tuple(files), tuple(remarks))


def natural(name: str) -> list[tuple[int, str]]:
    """By this names sort as people count: numbers in them by their value."""
    parts = _NUMBER.split(name.casefold())
    return [(int(part[:18]), "") if part.isdecimal() else (-1, part) for part in parts if part]


def _counted(refused: Counter[str]) -> str:
    """How many pictures of which formats were left out."""
    kinds = [f"{count} {title}" for title, count in sorted(refused.items())]
    only_one = sum(refused.values()) == 1
    return f"{' and '.join(kinds)} {'picture was' if only_one else 'pictures were'} left out"


def _pictures(folder: Path) -> tuple[list[Path], tuple[Counter[str], int], bool]:
    """The pictures, how many others there are (those that aren't taken by their formats' names, and what is
    no picture), and whether everything was looked at.

    Pictures are known by their names; what they really are is seen when they are opened.
    """
    suffixes = picture_suffixes()
    found: list[Path] = []
    unknown = looked_at = 0
    refused: Counter[str] = Counter()
    for place, folders, names in os.walk(folder):
        here = Path(place)
        depth = len(here.relative_to(folder).parts)
        folders[:] = sorted(_seen(folders), key=natural) if depth < _DEEPEST else []
        for name in sorted(_seen(names), key=natural):
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT:
                return found, (refused, unknown), False
            if name.lower().endswith(suffixes):
                found.append(here / name)
            elif title := refused_title(name):
                refused[title] += 1
            else:
                unknown += 1
    return found, (refused, unknown), True


def _seen(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith(".")]
