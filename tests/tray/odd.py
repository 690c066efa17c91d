"""Odd pictures: files that a tray is given in real life and by those who mean harm, made from photographs."""

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

ORIENTATION = 0x0112
GPS = 0x8825

MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "I;16", "F")


def in_mode(photo: Image.Image, mode: str) -> Image.Image:
    """The photograph in one of Pillow's modes."""
    grey = np.asarray(photo.convert("L"))
    match mode:
        case "I;16":
            return Image.fromarray(grey.astype(np.uint16) * 257)
        case "I":
            return Image.fromarray(grey.astype(np.int32) * 257)
        case "F":
            return Image.fromarray(grey.astype(np.float32) / 255)
        case "LA" | "PA":
            return photo.convert("RGBA").convert("LA") if mode == "LA" else photo.convert("P").convert("PA")
        case "LAB":
            lab = ImageCms.createProfile("LAB")
            made = ImageCms.profileToProfile(photo, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
            assert made is not None
            return made
    return photo.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    if "append_images" in options:
        options["append_images"] = [one.copy() for one in options["append_images"]]
    image.copy().save(buffer, kind, **options)  # Pillow leaves the options of one kind on the image
    return buffer.getvalue()


def png(size: tuple[int, int], data: bytes, *, depth: int = 8, colour: int = 2, more: bytes = b"") -> bytes:
    """A PNG that says it has a size and holds whatever pixel data; ``more`` are chunks before these."""
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG, with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros(count: int) -> bytes:
    """So many zero bytes, deflated: about a thousandth."""
    return zlib.compress(b"\0" * count, 9)


def bombs() -> Iterator[tuple[str, bytes, str]]:
    """Names, bytes, and what the tray says of each, after the name; ``""`` where it is harmless."""
    large = "at most 100 megapixels are taken. Save it smaller."
    wide = encoded(Image.new("1", (30_000, 30_000)), "PNG", compress_level=9)
    yield "30000.png", wide, f"has 30000 × 30000 pixels; {large}"
    yield "header.png", png((60_000, 60_000), zeros(1000)), f"has 60000 × 60000 pixels; {large}"
    yield "deflate.png", png((64, 64), zeros(300_000_000)), ""
    text = chunk(b"zTXt", b"Comment\0\0" + zeros(300_000_000))
    yield "text.png", png((64, 64), zeros(64 * 193), more=text), ""
    profile = chunk(b"iCCP", b"profile\0\0" + zeros(300_000_000))
    yield "profile.png", png((64, 64), zeros(64 * 193), more=profile), ""
    gif = bytearray(encoded(Image.new("P", (8, 8)), "GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    yield "screen.gif", bytes(gif), f"has 65535 × 65535 pixels; {large}"
    bmp = bytearray(encoded(Image.new("RGB", (8, 8)), "BMP"))
    bmp[18:26] = struct.pack("<ii", 40_000, 40_000)
    yield "header.bmp", bytes(bmp), f"has 40000 × 40000 pixels; {large}"
    jpeg = bytearray(encoded(Image.new("RGB", (8, 8)), "JPEG"))
    place = jpeg.index(b"\xff\xc0") + 5
    jpeg[place : place + 4] = struct.pack(">HH", 65_500, 65_500)
    yield "header.jpg", bytes(jpeg), f"has 65500 × 65500 pixels; {large}"
    flat = encoded(Image.new("RGB", (7200, 7200)), "WEBP", lossless=True, method=0)
    yield "flat.webp", flat, f"has 7200 × 7200 pixels; {large.replace('100', '50')}"
    yield (
        "scans.jpg",
        scanned(4000, 200),
        ("goes over its pixels 206 times, which takes too long to decode. Open and save it again elsewhere."),
    )
    tiff = encoded(Image.new("L", (8, 8)), "TIFF")
    for tag in (256, 257):
        entry = tiff.index(struct.pack("<H", tag))
        tiff = tiff[: entry + 2] + struct.pack("<HII", 4, 1, 70_000) + tiff[entry + 12 :]
    yield "header.tif", tiff, f"has 70000 × 70000 pixels; {large}"


def scanned(edge: int, times: int) -> bytes:
    """A progressive JPEG whose last scan comes so many times more."""
    data = encoded(Image.new("L", (edge, edge), 100), "JPEG", progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * times + b"\xff\xd9"


NOT_PICTURES = {
    "empty.png": (b"", "is empty."),
    "notes.png": (b"Dear diary,\n", "is a text file, not a picture."),
    "page.jpg": (b"<!DOCTYPE html><html></html>", "is a web page file, not a picture."),
    "noise.webp": (b"\x00\x01\x02 what is this", "is no picture that Overpaint knows; it takes {}."),
    "drawing.png": (
        b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hosts"/></svg>',
        "is an SVG file; Overpaint takes {}. Save it as PNG and add that.",
    ),
    "paper.jpg": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF file; Overpaint takes {}. Save it as PNG and add that."),
    "print.png": (
        b"%!PS-Adobe-3.0 EPSF",
        "is a PostScript file; Overpaint takes {}. Save it as PNG and add that.",
    ),
    "layers.png": (b"8BPS\0\1", "is a Photoshop file; Overpaint takes {}. Save it as PNG and add that."),
    "bundle.png": (b"PK\x03\x04" + b"\0" * 40, "is a ZIP archive file, not a picture."),
    "phone.jpg": (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "is a HEIC file; Overpaint takes {}. Save it as PNG and add that.",
    ),
    "square.jpg": (
        b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf",
        "is an AVIF file; Overpaint takes {}. Save it as PNG and add that.",
    ),
    "container.jpg": (
        b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf",
        "is a HEIC file; Overpaint takes {}. Save it as PNG and add that.",
    ),
    "new.jpg": (b"\xff\x0a\xfa\x7f", "is a JPEG XL file; Overpaint takes {}. Save it as PNG and add that."),
    "icon.png": (
        b"\x89PNG\r\n\x1a\n" + chunk(b"CgBI", b"\x50\0\x20\x02") + chunk(b"IHDR", b"\0\0\0\x08" * 2),
        "is an Xcode-optimised PNG (CgBI) file; Overpaint takes {}. Save it as PNG and add that.",
    ),
    "film.gif": (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2", "is a video file, not a picture."),
}
"""Names, bytes, and what the tray says of each; {} are the formats it takes."""


def wide_profile() -> bytes:
    """An ICC profile of other colours than sRGB: its red and blue change places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ", 128), data.index(b"bXYZ", 128)
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data).replace(b"s\0R\0G\0B", b"W\0i\0d\0e").replace(b"sRGB", b"Wide")


def located(photo: Image.Image, kind: str) -> bytes:
    """The photograph as a phone keeps it, with the place where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    exif[0x010F] = "Camera of the test"
    more: dict[str, Any] = {"exif": exif}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
    return encoded(photo, kind, **more)


def write(folder: Path, name: str, data: bytes) -> Path:
    """A file of that name."""
    file = folder / name
    file.write_bytes(data)
    return file
