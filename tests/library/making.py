"""What the library's tests make again and again: requests, finished pictures, and folders that refuse."""

import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size
from overpaint.core.results.edit_events import Completed
from overpaint.core.results.job_state import JobState
from overpaint.core.results.usage import Usage
from overpaint.library.gallery import sidecar
from overpaint.library.gallery.sidecar import SIDECAR_ENDING
from overpaint.library.journal.journal import Journal, StoredJob

EDIT = EditRequest(EditParams(prompt="Remove the spoon"), (), b"mask", "OpenAI", painted=b"painted")
COMPLETE = (JobState.SENT, JobState.REQUEST_ID, JobState.PARTIAL, JobState.BYTES_COMPLETE)
WHEN = datetime(2026, 11, 22, 14, 2, 31, tzinfo=UTC)


def picture(path: Path) -> Picture:
    """A real picture file as the tray would describe it."""
    with Image.open(path) as opened:
        form = (opened.format or "").lower()
        size = Size(*opened.size)
    return Picture(path, path.name, form, size, path.stat().st_size)


def mask(size: tuple[int, int]) -> bytes:
    """A mask PNG whose left half is transparent."""
    image = Image.new("RGBA", size, (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def request(
    *paths: Path, prompt: str = "Remove the spoon", n: int = 1, endpoint: str = "OpenAI"
) -> EditRequest:
    """A request over real pictures, with a mask for the first."""
    pictures = tuple(picture(path) for path in paths)
    drawn = mask((pictures[0].size.width, pictures[0].size.height)) if pictures else b"mask"
    return EditRequest(EditParams(prompt=prompt, n=n), pictures, drawn, endpoint)


def completed(data: bytes, index: int = 0, form: str = "png") -> Completed:
    """A finished picture as the client would give it."""
    return Completed(
        index, data, form, Usage(20, 1024, 4160), "req_1", {"revised_prompt": "no spoon", "n": "1"}
    )


def intact(path: Path) -> bool:
    """Whether a result still has the bytes that its sidecar speaks of."""
    facts = sidecar.read(path.with_name(path.stem + SIDECAR_ENDING))
    return facts.result.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def run_job(journal: Journal, *states: JobState) -> Path:
    """A job that came as far as the last of some states, and whose process has let go of it."""
    with journal.open_job(EDIT) as record:
        for state in states:
            record.advance(state, **({"file": f"/gallery/{state}.png"} if state is JobState.SAVED else {}))
        return record.folder


def only(jobs: list[StoredJob]) -> StoredJob:
    """The one job of a list."""
    (job,) = jobs
    return job


def can_mount() -> bool:
    """Whether this process may mount a file system of its own, as root in a container usually may."""
    return sys.platform == "linux" and shutil.which("mount") is not None and _mounts(Path("/mnt"))


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system in memory, mounted at a folder for the length of the block."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Changes the options of a file system mounted by :func:`mounted`."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def _mounts(folder: Path) -> bool:
    asked = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True
    )
    return asked.returncode == 0
