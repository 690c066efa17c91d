"""The two shapes of a reply: one JSON object with every picture, or an event for each as it is ready."""

import time

import msgspec
from starlette.types import Send

from overpaint.core.request.sizes import Size
from overpaint.engine import api_errors, pipe_messages
from overpaint.engine.api_errors import ApiError
from overpaint.engine.billing import usage_of
from overpaint.engine.fields import EditFields
from overpaint.engine.workers import Worker

_MASK = -1
_SLICE = 1 << 18


class Reply:
    """Passes on what a worker makes. Nothing is sent before the worker has found the inputs sound."""

    def __init__(self, fields: EditFields, send: Send) -> None:
        self._fields = fields
        self._send = send
        self._size = Size(1, 1)
        self._pictures: tuple[Size, ...] = ()
        self._is_started = False
        self._created = int(time.time())

    async def send_all(self, worker: Worker) -> None:
        """Sends the whole reply. Raises :class:`ApiError` for unsound inputs, ``WorkerLost`` too."""
        first, _ = await worker.next()
        if isinstance(first, pipe_messages.Refused):
            raise self._refusal(first)
        if isinstance(first, pipe_messages.Accepted):
            self._pictures = tuple(Size(*one) for one in first.pictures)
            self._size = Size(*first.size)
        if self._fields.params.stream:
            await self._send_events(worker)
        else:
            await self._send_object(worker)

    async def break_off(self) -> ApiError | None:
        """Tells of a failure of the engine: as an event where a stream is under way, else to be answered."""
        fault = api_errors.failed()
        if not self._is_started:
            return fault
        await self._event("error", msgspec.json.encode({"type": "error", **fault.wire()}))
        await self._send({"type": "http.response.body", "body": b""})
        return None

    def _refusal(self, refused: pipe_messages.Refused) -> ApiError:
        if refused.picture != _MASK:
            return api_errors.bad_picture(self._fields.picture_param(refused.picture), refused.picture + 1)
        reasons = {
            "size": "mask size does not match image size",
            "no alpha": "mask image missing alpha channel",
        }
        return api_errors.bad_mask(reasons.get(refused.fault, "mask must be a valid PNG file"))

    async def _send_events(self, worker: Worker) -> None:
        await self._start(
            [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]
        )
        while True:
            message, picture = await worker.next()
            if not isinstance(message, pipe_messages.Ready):
                break
            name = "image_edit.completed" if message.partial is None else "image_edit.partial_image"
            facts = {"created_at": self._created, **self._facts(message)}
            if message.partial is None:
                facts |= {"revised_prompt": message.done, "usage": self._usage()}
            else:
                facts["partial_image_index"] = message.partial
            await self._event(
                name, b'{"type":"%b","b64_json":"' % name.encode(), picture, b'",', _rest(facts)
            )
        await self._send({"type": "http.response.body", "body": b""})

    async def _send_object(self, worker: Worker) -> None:
        pieces: list[bytes] = []
        facts: dict[str, object] = {}
        while True:
            message, picture = await worker.next()
            if not isinstance(message, pipe_messages.Ready):
                break
            facts = self._facts(message)
            words = _rest({"revised_prompt": message.done})
            pieces += [b"," if pieces else b"", b'{"b64_json":"', picture, b'",', words]
        head = b'{"created":%d,"data":[' % self._created
        pieces = [head, *pieces, b"],", _rest({**facts, "usage": self._usage()})]
        length = sum(map(len, pieces))
        await self._start([(b"content-type", b"application/json"), (b"content-length", b"%d" % length)])
        await self._write(*pieces)
        await self._send({"type": "http.response.body", "body": b""})

    def _facts(self, message: pipe_messages.Ready) -> dict[str, object]:
        return {
            "background": "transparent" if message.transparent else "opaque",
            "output_format": self._fields.params.output_format,
            "quality": self._fields.params.quality,
            "size": str(self._size),
        }

    def _usage(self) -> dict[str, object]:
        return usage_of(self._fields, self._pictures, self._size).wire()

    async def _start(self, headers: list[tuple[bytes, bytes]]) -> None:
        self._is_started = True
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    async def _event(self, name: str, *data: bytes) -> None:
        await self._write(b"event: %b\ndata: " % name.encode(), *data, b"\n\n")

    async def _write(self, *pieces: bytes) -> None:
        """Sends pieces without joining the large ones."""
        for piece in pieces:
            view = memoryview(piece)
            for start in range(0, len(view), _SLICE):
                part = view[start : start + _SLICE].tobytes()
                await self._send({"type": "http.response.body", "body": part, "more_body": True})


def _rest(facts: dict[str, object]) -> bytes:
    """A JSON object without its opening brace: the tail of one whose picture has been written already."""
    return msgspec.json.encode(facts)[1:]
