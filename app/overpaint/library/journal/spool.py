"""The spool: every byte of a reply, on disk as it arrives and before anything tries to understand it."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path

from overpaint.core.errors import StorageError
from overpaint.core.results.job_state import JobState, may_follow
from overpaint.library.journal.journal import JobRecord
from overpaint.library.journal.stored_job import BODY, HEAD, ReplyHead
from overpaint.library.storage.durable_files import Folder, sync_file, write_all
from overpaint.library.storage.jsonlines import encode
from overpaint.library.storage.storage_errors import storage_error, storage_errors

_SECRETIVE = ("cookie", "auth", "key", "token", "secret")
"""Header fields with one of these in their names aren't kept: none of them helps to read a reply."""


class Spool:
    """What the reply to one job is kept with: notes in its record that it was sent, head and body beside it.

    A disk that is full or gone doesn't end the edit: from then on nothing is kept, ``failure`` says why,
    and the reply goes on in memory alone. All calls block, for as long as it takes to hand bytes to the
    system; only :meth:`flush` waits for the disk itself.
    """

    def __init__(self, record: JobRecord) -> None:
        self._record = record
        self._folder = record.folder
        self._guard = threading.Lock()
        self._body: int | None = None
        self._replies = 0
        self._closed = False
        self._syncing: threading.Thread | None = None
        self._received = 0
        self._failure: StorageError | None = None

    @property
    def failure(self) -> StorageError | None:
        """Why the reply is not being kept any more; None while it is."""
        return self._failure

    def sent(self) -> None:
        """Notes that the body has left; the note is forced to the disk in a thread of its own."""
        if self._closed:
            return
        self._note(JobState.SENT)
        if self._failure is None and self._syncing is None:
            self._syncing = threading.Thread(target=self._sync_record, name="journal", daemon=True)
            self._syncing.start()

    def head(self, status: int, headers: Mapping[str, str], request_id: str) -> None:
        """Keeps a reply's status and header fields, and begins its body.

        A second reply, after a wait that the service asked for, doesn't overwrite the first.
        """
        if request_id:
            self._note(JobState.REQUEST_ID, request_id=request_id)
        if self._failure is not None or self._closed:
            return
        kept = {name: value for name, value in headers.items() if not _is_secretive(name)}
        try:
            self._begin_reply(encode(ReplyHead(status, kept, request_id)))
        except OSError as exc:
            self._fail(storage_error(exc, self._folder))

    def write(self, chunk: bytes) -> None:
        """Appends bytes to the reply's body; they survive this process from now on."""
        if self._failure is not None or self._closed or not chunk:
            return
        try:
            if self._body is None:
                self._body = _open_new(self._folder / BODY)
            write_all(self._body, chunk)
            self._received += len(chunk)
        except OSError as exc:
            self._fail(storage_error(exc, self._folder))

    def flush(self) -> None:
        """Returns once everything kept is on the disk itself; a failure to get it there is ``failure``."""
        self._sync()

    def close(self) -> None:
        """Ends the spooling; the files stay. Calling it twice is harmless."""
        self._closed = True
        if self._syncing is not None:
            self._syncing.join()
        self._end_body()

    def _note(self, state: JobState, **facts: object) -> None:
        if self._failure is not None or self._closed:
            return
        try:
            if may_follow(self._record.state, state):
                self._record.advance_unsynced(state, **facts)
            else:  # a second try after a rate limit: the job is no less far than before
                self._record.note(again=str(state), **facts)
        except StorageError as exc:
            self._fail(exc)

    def _begin_reply(self, head: bytes) -> None:
        self._end_body()
        if self._replies:
            for name in (HEAD, BODY):
                if (path := self._folder / name).exists():
                    path.rename(self._folder / f"{name}.{self._replies}")
        self._replies += 1
        self._received = 0
        handle = _open_new(self._folder / HEAD)
        try:
            write_all(handle, head)
        finally:
            os.close(handle)

    def _end_body(self) -> None:
        with self._guard:
            if self._body is not None:
                os.close(self._body)
                self._body = None

    def _sync(self) -> None:
        if self._failure is not None:
            return
        try:
            with storage_errors(self._folder):
                self._sync_reply()
            self._record.sync()
        except StorageError as exc:
            self._fail(exc)

    def _sync_reply(self) -> None:
        with self._guard:
            body = None if self._body is None else os.dup(self._body)
        if body is not None:
            try:
                sync_file(body)
            finally:
                os.close(body)
        if (head := self._folder / HEAD).exists():
            handle = os.open(head, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
            try:
                sync_file(handle)
            finally:
                os.close(handle)
        with Folder(self._folder) as folder:
            folder.sync()

    def _sync_record(self) -> None:
        try:
            self._record.sync()
        except StorageError as exc:
            self._fail(exc)

    def _fail(self, failure: StorageError) -> None:
        self._failure = self._failure or failure


def _open_new(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
    return os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), 0o600)


def _is_secretive(name: str) -> bool:
    return any(word in name.lower() for word in _SECRETIVE)
