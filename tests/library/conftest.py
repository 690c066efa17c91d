"""A journal, and a disk that is really full or read-only where this machine lets a test have one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.library.making import can_mount, mounted

from overpaint.library.journal.journal import Journal

SMALL_DISK_BYTES = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB, of a file system of its own; the injected failures show the same without it."""
    if not can_mount():
        pytest.skip("mounting a small disk needs root on Linux; the injected failures cover the same steps")
    with mounted(tmp_path / "disk", f"size={SMALL_DISK_BYTES}") as folder:
        yield folder


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal in a folder that isn't there yet."""
    return Journal(tmp_path / "state" / "journal")
