"""Counts the pictures of one reply and makes the events of them that the rest of the program sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from overpaint.api.errors.http_errors import bad_reply
from overpaint.api.errors.request_context import RequestContext
from overpaint.core.errors import BadReply
from overpaint.core.request.picture_formats import HEAD_BYTES, recognize
from overpaint.core.results.edit_events import Completed, Partial
from overpaint.core.results.usage import Usage


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """One picture of a reply: its encoded file, or the ``link`` under which a finished one lies.

    ``index`` is the number that the service gave to a partial picture, -1 when it gave none.
    """

    final: bool
    data: bytes = field(repr=False)
    index: int = -1
    link: str = ""
    usage: Usage | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


class ReplyPictures:
    """The pictures of one reply so far."""

    def __init__(self, origin: RequestContext) -> None:
        self.finished = 0
        self._origin = origin
        self._partials = 0
        self._usage_told = False

    def partial(self, found: FoundPicture) -> Partial:
        """The event for a picture on its way."""
        index = found.index if found.index >= 0 else self._partials
        self._partials += 1
        return Partial(index, found.data, format_of(found.data))

    def completed(self, found: FoundPicture) -> Completed:
        """The event for a finished picture; raises :class:`BadReply` when its bytes are no picture."""
        name = format_of(found.data)
        if not name:
            raise no_picture(self._origin)
        usage = None if self._usage_told else found.usage
        self._usage_told = self._usage_told or usage is not None
        self.finished += 1
        request_id = self._origin.clean(self._origin.request_id)
        facts = {name: self._origin.clean(value) for name, value in found.facts.items()}
        return Completed(self.finished - 1, found.data, name, usage, request_id, facts)


def format_of(data: bytes) -> str:
    """The name of the format by the magic bytes, ``""`` for anything that no result can be.

    A format that can't be shown counts: it has been paid for, and other programs can open it.
    """
    row = recognize(data[:HEAD_BYTES])
    return row.name if row is not None and row.may_be_result else ""


def no_picture(origin: RequestContext) -> BadReply:
    """The error for something in a picture's place that is none."""
    return bad_reply(origin, "something in the picture's place that is none")
