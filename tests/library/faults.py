"""A disk that fails at a chosen step, and one that remembers what a power cut would leave."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

OPEN = os.open
CALLS = ("open", "write", "fsync", "link", "replace")
"""What a save asks of the disk. Unlinking isn't among them: it works on a full disk."""


@dataclass
class FailingDisk:
    """Counts the calls and fails the ``step``-th; with ``lasting`` all later ones too."""

    step: int
    number: int
    lasting: bool
    calls: int = 0

    @property
    def has_failed(self) -> bool:
        """Whether the step was reached."""
        return self.calls >= self.step

    def wrap(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """The call as this disk does it."""

        def call(*args: Any, **named: Any) -> Any:
            if real is OPEN and not args[1] & os.O_CREAT:
                return real(*args, **named)  # even a full disk lets files be looked at
            self.calls += 1
            if self.calls == self.step or (self.lasting and self.calls > self.step):
                raise OSError(self.number, os.strerror(self.number))
            return real(*args, **named)

        return call


@contextmanager
def failing_disk(step: int, number: int = errno.ENOSPC, *, lasting: bool = False) -> Iterator[FailingDisk]:
    """Lets the ``step``-th call to the disk (from 1) within the block fail with an errno."""
    disk = FailingDisk(step, number, lasting)
    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, disk.wrap(getattr(os, name)))
        yield disk


@dataclass
class Remembered:
    """A file by its contents: what was written, and how much of that is surely on the disk."""

    written: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


@dataclass
class PowerCutDisk:
    """Records what one folder's files and names go through, as an ext4-like disk may lose it.

    Contents that weren't synced are lost. Names that weren't synced may be lost or not; ``cuts`` holds,
    for each call, the two extremes: all unsynced names there, and none of them.
    """

    folder: Path
    names: dict[str, Remembered] = field(default_factory=dict)
    synced_names: dict[str, Remembered] = field(default_factory=dict)
    handles: dict[int, Remembered | None] = field(default_factory=dict)
    cuts: list[dict[str, bytes]] = field(default_factory=list)
    folders: dict[int, Path] = field(default_factory=dict)
    synced_folders: set[Path] = field(default_factory=set)

    def state(self, *, names_kept: bool) -> dict[str, bytes]:
        """What a power cut now would leave: file names and their contents."""
        kept = self.names if names_kept else self.synced_names
        return {name: file.synced for name, file in kept.items()}

    def note(self) -> None:
        """Takes both extremes of a power cut at this moment."""
        self.cuts += [self.state(names_kept=True), self.state(names_kept=False)]

    def opened(self, handle: int, path: Any, flags: int) -> None:
        name = Path(path).name
        if flags & os.O_DIRECTORY:
            self.handles[handle], self.folders[handle] = None, Path(path)
            return
        if flags & os.O_CREAT:
            self.names.setdefault(name, Remembered())
        if name in self.names:
            self.handles[handle] = self.names[name]
        else:
            self.handles.pop(handle, None)

    def duplicated(self, copy: int, handle: int) -> None:
        if handle in self.handles:
            self.handles[copy] = self.handles[handle]

    def wrote(self, handle: int, data: Any, count: int) -> None:
        if (file := self.handles.get(handle)) is not None:
            file.written += bytes(data)[:count]

    def synced(self, handle: int) -> None:
        if handle not in self.handles:
            return
        file = self.handles[handle]
        if file is None:
            self.synced_names = dict(self.names)
            self.synced_folders.add(self.folders[handle])
        else:
            file.synced = bytes(file.written)

    def linked(self, old: Any, new: Any) -> None:
        self.names[Path(new).name] = self.names[Path(old).name]

    def unlinked(self, path: Any) -> None:
        self.names.pop(Path(path).name, None)


@contextmanager
def power_cut_disk(folder: Path) -> Iterator[PowerCutDisk]:
    """Records every call to the disk within the block; the calls themselves are done."""
    disk = PowerCutDisk(folder)
    real = {
        name: getattr(os, name) for name in ("open", "write", "fsync", "dup", "link", "replace", "unlink")
    }

    def after(name: str, then: Callable[..., None]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            result = real[name](*args, **named)
            then(result, *args)
            disk.note()
            return result

        return call

    def replaced(_: Any, old: Any, new: Any) -> None:
        disk.linked(old, new)
        disk.unlinked(old)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            os, "open", after("open", lambda handle, path, flags, *_: disk.opened(handle, path, flags))
        )
        patch.setattr(
            os, "write", after("write", lambda count, handle, data: disk.wrote(handle, data, count))
        )
        patch.setattr(os, "fsync", after("fsync", lambda _, handle: disk.synced(handle)))
        patch.setattr(os, "dup", after("dup", lambda copy, handle: disk.duplicated(copy, handle)))
        patch.setattr(os, "link", after("link", lambda _, old, new: disk.linked(old, new)))
        patch.setattr(os, "replace", after("replace", replaced))
        patch.setattr(os, "unlink", after("unlink", lambda _, path: disk.unlinked(path)))
        yield disk
