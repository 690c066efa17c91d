"""Picture files built from what their pixels need: nothing else that stands in them is ever sent.

PNG (3rd edition, 5 and 11), JPEG (ITU-T T.81, annex B) and WebP (RFC 9649) are taken apart here without a
decoder. What is left out is named in words, in an order of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass

COLOUR_PROFILE = "colour profile"
MOST_PARTS = 200_000
"""A file of more chunks or segments than this is none that anybody made to be looked at."""

_WORDS = (
    "place",
    "camera",
    "date",
    "author",
    "text",
    "thumbnail",
    "further frames",
    "second picture",
    "video",
    COLOUR_PROFILE,
    "other data",
    "data behind the picture",
)


@dataclass(frozen=True, slots=True)
class BareFile:
    """A picture file that holds its pixels and what they need to be decoded, and no more.

    ``orientation`` is the EXIF value 1-8 that the original said; ``profile`` an ICC profile of its colours,
    None where they are sRGB or nothing says what they are; ``left_out`` names what the original held
    besides; ``scans`` is how often the decoder goes over a JPEG's pixels, otherwise 1,
    and ``coefficients`` the bytes that it has to remember from one time to the next. ``untouched`` is
    whether the original was that already. Without ``is_bare`` it couldn't be taken apart (an animation), and
    must not be sent.
    """

    data: bytes
    orientation: int = 1
    profile: bytes | None = None
    left_out: tuple[str, ...] = ()
    scans: int = 1
    coefficients: int = 0
    untouched: bool = False
    is_bare: bool = True


def in_order(words: Iterable[str]) -> tuple[str, ...]:
    """The names of what was left out, each once, what is most private first."""
    found = set(words)
    return tuple(word for word in _WORDS if word in found)
