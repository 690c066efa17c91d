"""A job's log while the job runs: one line for each state, written before anything follows from it."""

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from overpaint.core.results.job_state import JobState, may_follow
from overpaint.library.journal.stored_job import BODY, LOG, SPARE, encode_line
from overpaint.library.storage.durable_files import sync_file, write_all
from overpaint.library.storage.jsonlines import lacks_end
from overpaint.library.storage.locks import FileLock
from overpaint.library.storage.storage_errors import is_full, storage_errors

_ON_DISK_AT_ONCE = frozenset(JobState) - {JobState.REQUEST_ID, JobState.PARTIAL}
"""States that must survive a power cut. The other two can be read from the spooled reply, and losing one
changes no decision: the job counts as sent either way."""


class JobRecord:
    """A job's log, open for the one process that runs the job. Safe to use from several threads.

    A state is remembered even when writing it fails, so that a full disk can't make the next one illegal.
    """

    def __init__(self, folder: Path, state: JobState, held: FileLock, *, owed: bool = False) -> None:
        self.folder = folder
        self._state = state
        self._owed = owed
        self._held = held
        self._guard = threading.Lock()
        flags = (
            os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        )
        try:
            self._log: int | None = os.open(folder / LOG, flags, 0o600)
            self._torn = lacks_end(self._log)
        except OSError:
            held.release()
            raise

    @property
    def id(self) -> str:
        """The job's name, unique for all time."""
        return self.folder.name

    @property
    def state(self) -> JobState:
        """How far the job has come."""
        return self._state

    def advance(self, state: JobState, /, **facts: object) -> None:
        """Writes that a state is reached, with what is known by it; on the disk itself where that matters.

        ``saved`` takes ``file``, the result's path. Facts are JSON values or paths, and never a key.
        Raises ValueError when the state may not follow (a bug), StorageError when it can't be written.
        """
        self.advance_unsynced(state, **facts)
        if state in _ON_DISK_AT_ONCE:
            self.sync()

    def advance_unsynced(self, state: JobState, /, **facts: object) -> None:
        """The same without waiting for the disk: it survives this process, but no power cut until synced."""
        with self._guard:
            if not may_follow(self._state, state) or self._log is None:
                raise ValueError(f"A job can't go from {self._state} to {state}.")
            self._state = state
            self._append(state, facts)

    def note(self, **facts: object) -> None:
        """Writes facts without a change of state. Raises StorageError."""
        with self._guard:
            self._append("", facts)

    def sync(self) -> None:
        """Returns once every line written is on the disk. Raises StorageError."""
        with storage_errors(self.folder):
            with self._guard:
                if self._log is None:
                    return
                log = os.dup(self._log)  # so that closing the record meanwhile does no harm
            try:
                sync_file(log)
            finally:
                os.close(log)

    def free_spare(self) -> bool:
        """Gives up the room that was put by for the last words of a job; False when that was done before."""
        try:
            (self.folder / SPARE).unlink()
        except OSError:
            return False
        return True

    def close(self, *, owed: bool = False, keep_reply: bool = True) -> None:
        """Ends the work of this process on the job; calling it twice is harmless. Raises StorageError.

        A saved job is thereby finished, however few pictures it brought; one without an end is found as
        unfinished from now on, and so is one to which something is ``owed``: details of a picture, or its
        line in the ledger, that couldn't be written. Without ``keep_reply`` the reply's bytes go: a gallery
        has on disk what they hold.
        """
        with self._guard:
            if self._log is None:
                return
            try:
                if owed:
                    self._append("", {"owed": True})
                elif self._state is JobState.SAVED:
                    self._append("", {"closed": True})
                elif self._owed:
                    self._append("", {"owed": False})
                if not (owed or keep_reply):
                    self._forget_reply(self._log)
            finally:
                self.free_spare()
                os.close(self._log)
                self._log = None
                self._held.release()

    def __enter__(self) -> "JobRecord":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, state: str, facts: Mapping[str, object]) -> None:
        if self._log is None:
            raise ValueError("The job's record has been closed.")
        line = encode_line(datetime.now(UTC), state, facts)
        with storage_errors(self.folder):
            try:
                self._write(self._log, line)
            except OSError as exc:
                if not (is_full(exc) and self.free_spare()):
                    raise
                self._write(self._log, line)

    def _write(self, log: int, line: bytes) -> None:
        torn, self._torn = self._torn, True
        write_all(log, b"\n" + line if torn else line)
        self._torn = False

    def _forget_reply(self, log: int) -> None:
        with storage_errors(self.folder):
            sync_file(log)  # that the job is finished is on the disk before what would finish it goes
        for body in self.folder.glob(f"{BODY}*"):
            with suppress(OSError):
                body.unlink()
