"""The command line on a small disk: the files under some folders may hold so many bytes together.

Called with that number, the folders with ``:`` between them, and the words of the command. A write that
doesn't fit takes what does, or fails as on a full disk; removing files makes room again. Of folders that
others use too, only what the command makes there counts.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Any

from overpaint.cli import main

WRITE = os.write
SHARED = Path("/dev/shm")


class SmallDisk:
    """Takes only so many bytes; what lies elsewhere than under its folders isn't its own."""

    def __init__(self, room: int, folders: list[Path]) -> None:
        self.room = room
        self.folders = folders

    def write(self, handle: int, data: Any) -> int:
        """Writes as a disk of this size does."""
        if not self.holds(handle):
            return WRITE(handle, data)
        free = self.room - self.used()
        if free <= 0 and len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return WRITE(handle, memoryview(data)[:free])

    def holds(self, handle: int) -> bool:
        """Whether an open file lies in one of the folders."""
        try:
            file = Path(f"/proc/self/fd/{handle}").readlink()
        except OSError:
            return False
        return any(file.is_relative_to(folder) for folder in self.folders)

    def used(self) -> int:
        """The bytes of all files in the folders."""
        own = (folder for folder in self.folders if folder != SHARED)
        folders = (*own, *SHARED.glob("overpaint-saved-*"))
        files = (Path(at, name) for one in folders for at, _, names in os.walk(one) for name in names)
        return sum(file.stat().st_size for file in files if file.exists())


if __name__ == "__main__":
    room, folders = int(sys.argv.pop(1)), sys.argv.pop(1).split(":")
    os.write = SmallDisk(room, [Path(one).resolve() for one in folders]).write
    sys.exit(main())
