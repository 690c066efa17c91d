"""The job journal: what was asked for and how far it came, on disk before it happens.

A folder for each job outlives the process that made it, so that after a crash or a power cut every edit
that may have been paid for is known, together with every byte of it that had arrived.
"""

import logging
import os
import secrets
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from overpaint.core.errors import StorageError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.results.job_state import JobState
from overpaint.core.results.prices import Estimate
from overpaint.library.journal.job_record import JobRecord
from overpaint.library.journal.stored_job import (
    HEAD,
    ID_TIME,
    JOB_ID,
    LOCK,
    LOG,
    MASK,
    PAINTED,
    SPARE,
    Intent,
    PictureFacts,
    StoredJob,
    encode_line,
    opened_at,
    read_job,
)
from overpaint.library.storage.durable_files import Folder, make_folder
from overpaint.library.storage.locks import lock, lock_if_free
from overpaint.library.storage.storage_errors import storage_errors

_SPARE_BYTES = 16_384
"""Room that is put by before anything is sent: on a disk that fills up meanwhile, how a job ended and what it
cost can still be noted."""

_log = logging.getLogger(__name__)

__all__ = ["JobRecord", "Journal", "StoredJob"]


class Journal:
    """All jobs under one folder, which is made when it is missing. Any number of processes may share it.

    Methods raise StorageError (DiskFull, ReadOnly, FolderMissing) with words for the user.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open_job(
        self,
        request: EditRequest,
        endpoint_host: str = "",
        estimate: Estimate | None = None,
        *,
        when: datetime | None = None,
        gallery: Path | None = None,
    ) -> JobRecord:
        """Writes the intent to run a request; when this returns it survives a power cut.

        ``gallery`` is the folder that its results are meant for.
        The caller closes the record at the end. When the intent can't be written nothing is left behind.
        """
        at = when or datetime.now(UTC)
        with storage_errors(self.folder):
            make_folder(self.folder)
            folder = self._new_folder(at)
            try:
                return _write_intent(folder, request, _intent(request, endpoint_host, estimate, gallery), at)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    def unfinished(self) -> list[StoredJob]:
        """Jobs that a process left without an end, newest first; those of living processes are left out.

        One that can't be read is skipped; the others are found all the same.
        """
        found: list[StoredJob] = []
        for folder in self._folders():
            try:
                job = _abandoned(folder)
            except StorageError as fault:
                _log.warning("the job in %s can't be read now: %s", folder.name, fault.cause)
            except Exception:  # noqa: BLE001 - logged; the other jobs are worth as much
                _log.exception("the job in %s can't be read", folder.name)
            else:
                found += [job] if job is not None else []
        return found

    def unread(self, limit: int = 50) -> list[StoredJob]:
        """Ended jobs among the newest ``limit`` whose reply nobody could read, newest first."""
        return [job for job in self.recent(limit) if job.is_unread and not job.running]

    def recent(self, limit: int) -> list[StoredJob]:
        """The newest jobs whatever their state, newest first."""
        found: list[StoredJob] = []
        for folder in self._folders():
            if len(found) >= limit:
                break
            job = _readable(folder, running=_is_running(folder))
            found += [job] if job is not None else []
        return found

    def resume(self, job: StoredJob) -> JobRecord | None:
        """Takes over a job that no process works on, to write how it ends; None when another process has.

        That is also None when the job has moved on since it was read, so that two windows which start at
        once save a result only once.
        """
        with storage_errors(job.folder):
            if not job.folder.is_dir():
                return None
            held = lock_if_free(job.folder / LOCK)
            if held is None:
                return None
            now = _readable(job.folder)
            if now is None or (now.state, now.saved, now.facts) != (job.state, job.saved, dict(job.facts)):
                held.release()
                return None
            return JobRecord(job.folder, now.state, held, owed=bool(now.facts.get("owed")))

    def tidy(self, older_than: timedelta, keep: int) -> int:
        """Removes old jobs that hold nothing worth keeping, beyond the newest ``keep``; returns how many.

        Never removed: jobs without an end, with an unknown one, or with received bytes that weren't saved.
        Of jobs whose pictures are in a gallery the replies go at any age, as some are left by a crash.
        """
        before = datetime.now(UTC) - older_than
        removed = 0
        for place, folder in enumerate(self._folders()):
            try:
                job = read_job(folder)
            except StorageError as fault:
                _log.warning("the job in %s can't be read, and stays: %s", folder.name, fault.cause)
                continue
            old = (job.changed if job else opened_at(folder)) < before
            if place >= keep and old and (job is None or job.is_settled):
                removed += _remove(folder, but=(LOCK,))
            elif job is not None and job.is_saved and job.body is not None:
                _remove(folder, but=(LOCK, LOG, MASK, PAINTED, HEAD))
        return removed

    def _folders(self) -> list[Path]:
        with storage_errors(self.folder):
            if not self.folder.is_dir():
                return []
            with os.scandir(self.folder) as entries:
                names = [
                    one.name
                    for one in entries
                    if JOB_ID.fullmatch(one.name) and one.is_dir(follow_symlinks=False)
                ]
        return [self.folder / name for name in sorted(names, reverse=True)]

    def _new_folder(self, at: datetime) -> Path:
        while True:
            # Milliseconds come before what is random, so that names sort as the jobs were opened.
            tail = f"{at.microsecond // 1000:03x}{secrets.token_hex(3)[:5]}"
            name = f"{at.astimezone(UTC).strftime(ID_TIME)}-{tail}"
            with suppress(FileExistsError):
                (self.folder / name).mkdir(mode=0o700)
                return self.folder / name


def _intent(request: EditRequest, host: str, estimate: Estimate | None, gallery: Path | None) -> Intent:
    return Intent(
        params=request.params,
        pictures=tuple(PictureFacts.of(picture) for picture in request.pictures),
        endpoint=request.endpoint,
        host=host,
        parents=tuple(str(parent) for parent in request.parents),
        written=request.written,
        estimate=estimate,
        gallery=str(gallery or ""),
        source_hash=request.source_hash,
    )


def _write_intent(path: Path, request: EditRequest, intent: Intent, at: datetime) -> JobRecord:
    # The lock is held before there is a log, so that nobody takes the job for an abandoned one.
    held = lock(path / LOCK)
    try:
        line = encode_line(at, JobState.INTENT, msgspec.to_builtins(intent))
        with Folder(path, private=True) as folder:
            if request.mask is not None:
                folder.replace(MASK, request.mask)
            if request.painted is not None:
                folder.replace(PAINTED, request.painted)
            folder.replace(SPARE, os.urandom(_SPARE_BYTES))
            folder.replace(LOG, line)
        with Folder(path.parent) as above:
            above.sync()
        return JobRecord(path, JobState.INTENT, held)
    except BaseException:
        held.release()
        raise


def _abandoned(folder: Path) -> StoredJob | None:
    job = read_job(folder)
    if job is None or job.is_finished or _is_running(folder):
        return None
    # It may have come to its end between the two looks.
    again = read_job(folder)
    return None if again is None or again.is_finished else again


def _readable(folder: Path, *, running: bool = False) -> StoredJob | None:
    """The job in a folder; None where there is none, or none that can be read now."""
    try:
        return read_job(folder, running=running)
    except StorageError as fault:
        _log.warning("the job in %s can't be read: %s", folder.name, fault.cause)
        return None


def _is_running(folder: Path) -> bool:
    try:
        held = lock_if_free(folder / LOCK)
    except OSError:
        return False  # nobody writes a job where not even a lock can be opened
    if held is None:
        return True
    held.release()
    return False


def _remove(folder: Path, *, but: tuple[str, ...]) -> bool:
    """Removes the files of a job that nobody works on, and its folder unless more than the lock stays."""
    if not JOB_ID.fullmatch(folder.name) or not folder.is_dir():
        return False
    held = lock_if_free(folder / LOCK)
    if held is None:
        return False
    with held:
        for entry in folder.iterdir():
            if entry.name not in but:
                entry.unlink()
    if but == (LOCK,):
        shutil.rmtree(folder, ignore_errors=True)
    return True
