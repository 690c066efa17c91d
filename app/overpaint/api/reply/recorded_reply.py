"""Reads a recorded reply again, as a crash left it: whatever pictures it holds in full."""

from collections.abc import Iterable, Iterator, Mapping

from overpaint.api.errors.request_context import RequestContext, request_id
from overpaint.api.reply import reply_parser
from overpaint.api.reply.picture_scan import Body, scan
from overpaint.api.reply.reply_pictures import FoundPicture, ReplyPictures, format_of
from overpaint.core.errors import EditError
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.edit_events import Completed, Partial


def read_recorded(
    status: int, headers: Mapping[str, str], chunks: Iterable[bytes]
) -> list[Partial | Completed]:
    """The pictures in a reply that was kept: its status, its header fields, and its body up to any point.

    Never raises for a reply that was cut, broken or an error: it returns what is complete. Pictures that
    the service gave by link are not in the reply and so not returned.
    """
    names = {name.lower(): value for name, value in headers.items()}
    profile = EndpointProfile("recorded")
    origin = RequestContext(profile, left=True, status=status, request_id=request_id(names))
    events: list[Partial | Completed] = []
    if not 200 <= status < 300:
        return events
    tally = ReplyPictures(origin)
    try:
        for found in _found(reply_parser.reader(origin, names.get("content-type", "")), chunks):
            if not found.link:
                events.append(tally.completed(found) if found.final else tally.partial(found))
    except EditError:
        return events  # the reply ends in an error; what came before it stands
    return events


def scan_recorded(status: int, headers: Mapping[str, str], body: Body) -> list[Completed]:
    """The whole pictures somewhere in a kept reply that no reader understands; for one of status 500 or above
    only those of a stream that it quotes. Those that are called pictures on their way are left out."""
    names = {name.lower(): value for name, value in headers.items()}
    origin = RequestContext(
        EndpointProfile("recorded"), left=True, status=status, request_id=request_id(names)
    )
    if not 200 <= status < 300 and (status < 500 or body.find(b"completed") < 0):
        return []
    tally = ReplyPictures(origin)
    found = [FoundPicture(True, one.data) for one in scan(body) if not one.partial and format_of(one.data)]
    return [tally.completed(one) for one in found]


def _found(reader: reply_parser.Reader, chunks: Iterable[bytes]) -> Iterator[FoundPicture]:
    for chunk in chunks:
        yield from reader.feed(chunk)
    yield from reader.close()
