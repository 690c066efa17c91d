"""Picture files with a secret in a place of one's choice: chunks, segments, tables, fields and trailers."""

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image
from tests.tray.odd import chunk, encoded

SECRET = b"12 Secret Street"
"""Sixteen bytes that no picture has by chance."""


def photograph() -> Image.Image:
    """A small picture in colours that no coder finds easy."""
    grey = Image.effect_mandelbrot((96, 64), (-2, -1.2, 1, 1.2), 60).rotate(7)
    flips = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM
    return Image.merge("RGB", (grey, *(grey.transpose(flip) for flip in flips)))


def _before(data: bytes, name: bytes, more: bytes) -> bytes:
    at = data.index(name) - 4
    return data[:at] + more + data[at:]


def _segment(data: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment behind its start."""
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + data[2:]


def _longer(data: bytes, marker: int, more: bytes) -> bytes:
    """A JPEG in which a segment goes on behind its fields."""
    at = data.index(bytes((0xFF, marker)))
    length = int(struct.unpack_from(">H", data, at + 2)[0])
    end = at + 2 + length
    return data[: at + 2] + struct.pack(">H", length + len(more)) + data[at + 4 : end] + more + data[end:]


def _png_longer(data: bytes, name: bytes, more: bytes) -> bytes:
    at = data.index(name) - 4
    length = int.from_bytes(data[at : at + 4], "big")
    body = data[at + 8 : at + 8 + length] + more
    return data[:at] + chunk(name, body) + data[at + 12 + length :]


def _riff(data: bytes, name: bytes, body: bytes) -> bytes:
    """A WebP with one more chunk at its end."""
    more = name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return data[:4] + struct.pack("<I", len(data) - 8 + len(more)) + data[8:] + more


def _extended(data: bytes) -> bytes:
    """A simple WebP as an extended one."""
    canvas = struct.pack("<I", 0x2C) + (95).to_bytes(3, "little") + (63).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + data[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _exif(secret: bytes) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = exif[0x9286] = secret.decode("latin-1")
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.0), 27: secret})
    return bytes(exif.tobytes())


Plant = Callable[[bytes, bytes], bytes]
"""Puts a secret into a file."""


def _chunk_before(name: bytes, before: bytes) -> Plant:
    return lambda data, secret: _before(data, before, chunk(name, b"Comment\0\0" + secret))


def _long_chunk(name: bytes) -> Plant:
    return lambda data, secret: _before(data, b"IDAT", chunk(name, secret * 3))


def _segment_of(marker: int, head: bytes) -> Plant:
    return lambda data, secret: _segment(data, marker, head + secret)


def _riff_chunk(name: bytes, *, extended: bool = False) -> Plant:
    return lambda data, secret: _riff(_extended(data) if extended else data, name, secret)


def _png_places() -> dict[str, Plant]:
    texts = (
        b"tEXt",
        b"iTXt",
        b"zTXt",
        b"eXIf",
        b"iCCP",
        b"sPLT",
        b"caBX",
        b"vpAg",
        b"prVt",
        b"CRIT",
        b"tIME",
    )
    pairs = ((name, before) for name in texts for before in (b"IDAT", b"IEND"))
    places: dict[str, Plant] = {
        f"{name.decode()} before {before.decode()}": _chunk_before(name, before) for name, before in pairs
    }
    colours = (
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"pHYs",
        b"sBIT",
        b"bKGD",
        b"hIST",
        b"mDCV",
        b"cLLI",
        b"PLTE",
        b"acTL",
    )
    for name in (*colours, b"fcTL", b"fdAT"):
        places[f"{name.decode()} of any length"] = _long_chunk(name)
    places |= {
        "compressed text": lambda data, secret: _before(
            data, b"IEND", chunk(b"zTXt", b"exif:GPS\0\0" + zlib.compress(secret, 0))
        ),
        "EXIF": lambda data, secret: _before(data, b"IEND", chunk(b"eXIf", _exif(secret)[6:])),
        "behind IEND": lambda data, secret: data + secret,
        "behind the fields of IHDR": lambda data, secret: _png_longer(data, b"IHDR", secret),
        "behind the values of tRNS": lambda data, secret: _before(
            data, b"IDAT", chunk(b"tRNS", b"\0" * 6 + secret)
        ),
        "second IHDR": lambda data, secret: _before(data, b"IDAT", chunk(b"IHDR", data[16:29] + secret)),
        "behind the stream of pixels": lambda data, secret: _png_longer(data, b"IDAT", secret),
        "in a last IDAT": lambda data, secret: _before(data, b"IEND", chunk(b"IDAT", secret)),
        "more pixels than there are": _more_pixels,
    }
    return places


def _more_pixels(data: bytes, secret: bytes) -> bytes:
    at = data.index(b"IDAT") - 4
    length = int.from_bytes(data[at : at + 4], "big")
    rows = zlib.decompress(data[at + 8 : at + 8 + length])
    return data[:at] + chunk(b"IDAT", zlib.compress(rows + secret, 0)) + data[at + 12 + length :]


def _jpeg_places() -> dict[str, Plant]:
    heads = {
        0xE0: b"JFXX\0",
        0xE1: b"http://ns.adobe.com/xap/1.0/\0",
        0xE2: b"MPF\0",
        0xED: b"Photoshop 3.0\0",
    }
    markers = (*range(0xE0, 0xF0), 0xFE, 0xF0, 0xF7, 0xFD, 0xDE, 0xDF, 0xCC)
    places: dict[str, Plant] = {
        f"{marker:X}": _segment_of(marker, heads.get(marker, b"")) for marker in markers
    }
    places |= {
        "JFIF thumbnail": lambda data, secret: _segment(
            data, 0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x02\x02" + secret
        ),
        "density of JFIF": lambda data, secret: data[:13] + secret[:5] + data[18:],
        "EXIF": lambda data, secret: _segment(data, 0xE1, _exif(secret)),
        "ICC profile": lambda data, secret: _segment(data, 0xE2, b"ICC_PROFILE\0\x01\x01" + secret),
        "behind Adobe's fields": lambda data, secret: _segment(
            data, 0xEE, b"Adobe\0\x64" + b"\0" * 4 + b"\1" + secret
        ),
        "in Adobe's flags": lambda data, secret: _segment(data, 0xEE, b"Adobe" + secret[:6] + b"\1"),
        "table that no component uses": lambda data, secret: _segment(data, 0xDB, b"\3" + secret * 4),
        "code that no component uses": lambda data, secret: _segment(
            data, 0xC4, b"\x13\0\x02\x02\x04" + b"\0" * 12 + secret[:8]
        ),
        "table that another replaces": lambda data, secret: _segment(data, 0xDB, b"\0" + secret * 4),
        "behind the frame's fields": lambda data, secret: _longer(
            data, 0xC0 if b"\xff\xc0" in data else 0xC2, secret
        ),
        "behind the scan's fields": lambda data, secret: _longer(data, 0xDA, secret),
        "behind the interval": lambda data, secret: _segment(data, 0xDD, b"\0\0" + secret),
        "between segments": lambda data, secret: data[:20] + secret + data[20:],
        "behind the end": lambda data, secret: data + secret,
        "second picture": lambda data, secret: data + data[:20] + secret + data[20:],
        "video": lambda data, secret: data + b"\0\0\0\x18ftypmp42" + secret,
    }
    return places


def _webp_places() -> dict[str, Plant]:
    names = (b"EXIF", b"XMP ", b"ICCP", b"ANIM", b"abcd", b"VP8 ", b"VP8L", b"ALPH")
    places: dict[str, Plant] = {f"{name.decode()} at the end": _riff_chunk(name) for name in names}
    places |= {
        f"{name.decode()} of an extended file": _riff_chunk(name, extended=True)
        for name in names
        if name != b"ALPH"
    }
    places |= {
        "behind the end": lambda data, secret: data + secret,
        "longer VP8X": lambda data, secret: _riff(data, b"VP8X", secret),
    }
    return places


PLACES: dict[str, dict[str, Plant]] = {"PNG": _png_places(), "JPEG": _jpeg_places(), "WEBP": _webp_places()}
"""By kind and name, everything in a file that isn't pixels."""


def sources(kind: str) -> list[bytes]:
    """The same picture, encoded in the ways of a kind that are sent as they are."""
    photo = photograph()
    match kind:
        case "PNG":
            grey = photo.convert("L")
            return [encoded(one, "PNG") for one in (photo, grey, photo.convert("RGBA"))]
        case "JPEG":
            return [
                encoded(photo, "JPEG", quality=90),
                encoded(photo, "JPEG", progressive=True, restart_marker_blocks=4),
                encoded(photo.convert("L"), "JPEG", subsampling=2),
            ]
    return [encoded(photo, "WEBP"), encoded(photo, "WEBP", lossless=True)]


def pixels(data: bytes) -> np.ndarray:
    """What a decoder makes of a file."""
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("RGBA"))
