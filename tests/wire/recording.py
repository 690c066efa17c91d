"""A recorded reply of about 200 kB, and what has to be left of it when it ends at any byte."""

import base64
from dataclasses import dataclass

from tests.api.wire import completed, partial
from tests.conftest import Photo


@dataclass(frozen=True)
class Recording:
    """Two partial pictures, a comment, the finished picture: real ones, as a stream."""

    partials: tuple[bytes, bytes]
    final: bytes

    @classmethod
    def of(cls, photo: Photo) -> "Recording":
        """The recording that all proofs use."""
        names = ("coffee.jpg", "rocket.jpg", "coffee.png")
        first, second, final = (photo(name, (300, 200)).read_bytes() for name in names)
        made = cls((first, second), final)
        assert 180_000 < len(made.body) < 220_000
        return made

    @property
    def events(self) -> tuple[bytes, ...]:
        """Its parts in order."""
        first, second = self.partials
        return partial(first, 0), b": PING\r\n\r\n", partial(second, 1), completed(self.final)

    @property
    def body(self) -> bytes:
        """All of it."""
        return b"".join(self.events)

    @property
    def ends(self) -> list[int]:
        """Where each part ends."""
        return [len(b"".join(self.events[: count + 1])) for count in range(len(self.events))]

    @property
    def whole(self) -> int:
        """From here on the finished picture is complete: only the words behind it are missing."""
        digits = base64.b64encode(self.final).rstrip(b"=")
        return self.body.index(digits) + len(digits)

    def newest(self, received: int) -> bytes | None:
        """The last partial picture that is complete in so many bytes; its line ends may be missing."""
        first, _, second, _ = self.ends
        if received >= second - 2:
            return self.partials[1]
        return self.partials[0] if received >= first - 2 else None
