"""Runs an edit to its end, whatever that is, for the tests of the client."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.api.wire import KEY, SPEC

from overpaint.api.client import EditClient
from overpaint.core.errors import EditError
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.edit_events import Completed, EditEvent, NullSink, Partial, RawSink, Waiting

RequestOf = Callable[..., EditRequest]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
"""Bytes that pass for a picture."""


@dataclass
class Outcome:
    """How an edit ended: what was given before, and the failure."""

    events: list[EditEvent]
    failure: EditError | None = None

    @property
    def pictures(self) -> list[Completed | Partial]:
        """Everything but the waiting."""
        return [one for one in self.events if not isinstance(one, Waiting)]


async def outcome(
    client: EditClient,
    request: EditRequest,
    where: EndpointProfile,
    key: str = KEY,
    sink: RawSink | None = None,
) -> Outcome:
    events: list[EditEvent] = []
    try:
        async for event in client.edit(request, where, key, SPEC, sink or NullSink()):
            events.append(event)  # what came before a failure must be kept
    except EditError as failure:
        return Outcome(events, failure)
    return Outcome(events, None)
