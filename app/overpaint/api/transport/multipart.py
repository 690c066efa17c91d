"""The request's body: multipart/form-data with text parts first, then the files, read as they leave.

Written here rather than left to the HTTP library, because servers differ in names and order of parts and
in what they take for a file's type, and because 16 pictures of 50 MB are never held in memory.
Source: RFC 7578, and what the official client of the API sends.
"""

import asyncio
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from overpaint.core.errors import NotAllowed
from overpaint.core.request.api_fields import Switch, fields_of
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.request_rules import wire_fields

BLOCK_BYTES = 256 * 1024
"""Files leave in blocks of this size: progress stays smooth and memory small."""


@dataclass(frozen=True, slots=True)
class FileBody:
    """The content of a file part: a file of exactly ``size`` bytes. ``name`` is what the user calls it."""

    path: Path
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form: text, or a file's content with the name and media type that it travels by."""

    name: str
    content: str | bytes | FileBody
    filename: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True)
class EditForm:
    """An encoded form: bytes and files in order, the closing boundary last and by itself."""

    boundary: str
    segments: tuple[bytes | FileBody, ...]

    @property
    def content_type(self) -> str:
        """The header value that goes with the body."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int:
        """The body's exact length in bytes."""
        return sum(one.size if isinstance(one, FileBody) else len(one) for one in self.segments)


def edit_form(request: EditRequest, profile: EndpointProfile, spec: ModelSpec) -> EditForm:
    """The form of an edit, spelled as the endpoint wants it.

    Looks at the files' lengths and so touches the disk. Raises :class:`NotAllowed` naming a picture
    whose file is gone.
    """
    boundary = "overpaint-" + secrets.token_hex(16)
    segments: list[bytes | FileBody] = []
    for part in parts(request, profile, spec):
        if isinstance(part.content, str):
            segments.append(_text_part(boundary, part.name, part.content))
        else:
            segments.extend((_file_head(boundary, part), part.content, b"\r\n"))
    segments.append(f"--{boundary}--\r\n".encode("ascii"))
    return EditForm(boundary, tuple(segments))


def parts(request: EditRequest, profile: EndpointProfile, spec: ModelSpec) -> list[Part]:
    """The parts of an edit's form in their order; looks at the disk and raises as :func:`edit_form` does."""
    made = [Part(name, value) for name, value in text_fields(request, profile, spec)]
    name = profile.image_field
    if name == "auto":
        name = "image" if min(len(request.pictures), profile.max_pictures) == 1 else "image[]"
    for number, picture in enumerate(request.pictures[: profile.max_pictures], 1):
        made.append(Part(name, _file_body(picture), picture.upload_name(number), picture.mime))
    if request.mask is not None and "mask" not in profile.drop_fields:
        made.append(Part(profile.mask_field, request.mask, "mask.png", "image/png"))
    return made


def text_fields(request: EditRequest, profile: EndpointProfile, spec: ModelSpec) -> list[tuple[str, str]]:
    """The text parts in order: the model's fields, less what the endpoint doesn't take."""
    dropped = set(profile.drop_fields)
    if profile.streams == "no":
        dropped |= {"stream", "partial_images"}
    rows = fields_of(type(request.params))
    fields = [
        (name, profile.true_word if isinstance(rows[name], Switch) and value == "true" else value)
        for name, value in wire_fields(request.params, spec)
        if name not in dropped
    ]
    if profile.response_format:
        fields.append(("response_format", profile.response_format))
    return fields


class FormReader:
    """Hands out a form's body block by block.

    Files are read in a worker thread: a picture on a slow or vanished network drive must not stop the
    loop, on which the window lives.
    """

    def __init__(self, segments: Iterable[bytes | FileBody]) -> None:
        self._segments = iter(segments)
        self._file: BinaryIO | None = None
        self._body: FileBody | None = None
        self._left = 0
        self._ended = False
        self._turn = threading.Lock()

    async def next(self) -> bytes | None:
        """The next bytes, None at the end. Raises :class:`NotAllowed` when a file isn't what it was."""
        if self._body is not None:
            return await self._block(self._body)
        segment = next(self._segments, None)
        if not isinstance(segment, FileBody):
            return segment
        self._body, self._left = segment, segment.size
        return await self.next()

    def close(self) -> None:
        """Closes the open file in a thread: a read that hangs must not hang the caller."""
        self._ended = True
        if self._body is not None:
            asyncio.get_running_loop().run_in_executor(None, self._shut)

    async def _block(self, body: FileBody) -> bytes:
        try:
            block = await asyncio.to_thread(self._read, body.path, min(BLOCK_BYTES, self._left))
        except OSError as fault:
            raise _unreadable(body.name, fault) from fault
        self._left -= len(block)
        if not block:
            raise NotAllowed(
                f"“{body.name}” changed while it was being sent, so the edit was stopped.",
                cause=f"{body.path} has become shorter than {body.size} bytes",
                next_step="Add the picture again.",
                field="image",
            )
        if not self._left:
            self._body = None
            await asyncio.to_thread(self._shut)
        return block

    def _read(self, path: Path, size: int) -> bytes:
        """Runs on a worker thread. After ``close`` it opens no file, since none would close it."""
        with self._turn:
            if self._ended:
                return b""
            if self._file is None:
                self._file = path.open("rb")
            return self._file.read(size)

    def _shut(self) -> None:
        with self._turn:
            if self._file is not None:
                self._file.close()
                self._file = None


def _text_part(boundary: str, name: str, value: str) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode(errors="replace")


def _file_head(boundary: str, part: Part) -> bytes:
    disposition = f'form-data; name="{part.name}"; filename="{part.filename}"'
    return f"--{boundary}\r\nContent-Disposition: {disposition}\r\nContent-Type: {part.mime}\r\n\r\n".encode()


def _file_body(picture: Picture) -> FileBody:
    path, name = picture.path, picture.name
    try:
        found = path.stat()
    except OSError as fault:
        raise _unreadable(name, fault) from fault
    if not found.st_size:
        raise NotAllowed(f"“{name}” is an empty file.", next_step="Remove it from the tray.", field="image")
    if picture.modified and (found.st_size, found.st_mtime_ns) != (picture.bytes, picture.modified):
        raise NotAllowed(
            f"“{name}” has been changed by another program since it was added, so nothing was sent.",
            cause=f"{path} has {found.st_size} bytes and another date",
            next_step="Add it again.",
            field="image",
        )
    return FileBody(path, found.st_size, name)


def _unreadable(name: str, fault: OSError) -> NotAllowed:
    return NotAllowed(
        f"“{name}” can't be read any more.",
        cause=str(fault),
        next_step="See whether the file is still in its place, or remove it from the tray.",
        field="image",
    )
