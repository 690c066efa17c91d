"""What texts in a picture file are about, as far as its owner should know."""

import re

_PLACE = re.compile(rb"GPSL|exif:GPS|photoshop:City|Iptc4xmpCore:Location|LocationCreated", re.IGNORECASE)
_IPTC_PLACE = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65]")
_LOOKED_AT = 1 << 20


def kinds_of_text(text: bytes) -> set[str]:
    """What a text, a comment or a block of XMP tells: always text, often the place as well."""
    return {"text", "place"} if _PLACE.search(text[:_LOOKED_AT]) else {"text"}


def kinds_of_iptc(block: bytes) -> set[str]:
    """What a Photoshop resource block with IPTC records tells (IIM 4, 6)."""
    return {"text", "place"} if _IPTC_PLACE.search(block[:_LOOKED_AT]) else {"text"}


def kinds_of_trailer(rest: bytes) -> set[str]:
    """What stands behind the end of a picture."""
    if not rest:
        return set()
    if rest.lstrip(b"\0").startswith(b"\xff\xd8"):
        return {"second picture"}
    return {"video"} if b"ftyp" in rest[:4096] else {"data behind the picture"}
