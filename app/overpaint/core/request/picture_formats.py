"""The one table of file formats: how each is recognized and called, and what becomes of its pictures.

Recognition, file dialogs, drops, uploads and refusals all come from it. A new format is a row here and, where
Pillow can't read it, a decoder in ``imaging/reading``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

HEAD_BYTES = 4096
"""How many first bytes of a file are enough for :func:`recognize`."""

Signature = tuple[tuple[int, bytes], ...]
"""Bytes that all stand at their offsets."""


def _start(data: bytes) -> Signature:
    return ((0, data),)


def _lists_brand(*brands: bytes) -> Callable[[bytes], bool]:
    """Whether a file of ISO base media (ISO/IEC 14496-12, 4.3) names a brand, its own or a compatible one."""

    def matches(head: bytes) -> bool:
        if head[4:8] != b"ftyp":
            return False
        length = int.from_bytes(head[:4], "big")
        named = (head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)), 4)))
        return any(brand in brands for brand in named)

    return matches


def _is_svg(head: bytes) -> bool:
    start = _text_start(head)
    return start.startswith(b"<svg") or (
        start.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in start
    )


def _is_web_page(head: bytes) -> bool:
    return _text_start(head).startswith((b"<!doctype html", b"<html"))


def _is_text(head: bytes) -> bool:
    return bool(head) and all(byte >= 32 or byte in b"\t\r\n\f" for byte in head)


def _text_start(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1000].lower()


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A row: ``name`` is the format in requests and files of ours, ``title`` what the user reads.

    Pictures of a format are ``sent`` byte for byte, ``converted`` into one that is, ``refused``, or ``none``
    at all. One of ``signatures`` stands in the file, or ``looks_like`` is true of its first bytes. New files
    get the first of ``suffixes``, which a format also has that isn't taken but may come as a result; a
    folder's pictures are known by ``rare_suffixes`` as well. ``decoder`` is the name of Pillow's plug-in,
    ``spoken`` the title with its article where "a" would be wrong.
    """

    name: str
    title: str
    becomes: Literal["sent", "converted", "refused", "none"]
    signatures: tuple[Signature, ...] = ()
    looks_like: Callable[[bytes], bool] | None = None
    suffixes: tuple[str, ...] = ()
    rare_suffixes: tuple[str, ...] = ()
    mime: str = ""
    decoder: str = ""
    spoken: str = ""

    @property
    def taken(self) -> bool:
        """Whether the tray takes such pictures."""
        return self.becomes in ("sent", "converted")

    @property
    def may_be_result(self) -> bool:
        """Whether a service may answer with it, wanted or not: a picture of pixels that others can open."""
        return self.taken or self.name in ("avif", "heic", "jxl", "jp2")

    @property
    def suffix(self) -> str:
        """The ending of new files, with its dot."""
        return self.suffixes[0]

    @property
    def refusal(self) -> str:
        """Why a file isn't taken, as the end of a sentence that begins with its name."""
        spoken = self.spoken or f"a {self.title}"
        if self.becomes == "none":
            return f"is {spoken} file, not a picture."
        return f"is {spoken} file; Overpaint takes {titles()}."

    def matches(self, head: bytes) -> bool:
        """Whether a file that begins with ``head`` is of this format."""
        for signature in self.signatures:
            if all(head.startswith(data, offset) for offset, data in signature):
                return True
        return self.looks_like is not None and self.looks_like(head)


FORMATS: tuple[PictureFormat, ...] = (
    PictureFormat(
        "cgbi",
        "CgBI",
        "refused",
        (((0, b"\x89PNG\r\n\x1a\n"), (12, b"CgBI")),),
        spoken="an Xcode-optimised PNG (CgBI)",
    ),
    PictureFormat(
        "png",
        "PNG",
        "sent",
        (_start(b"\x89PNG\r\n\x1a\n"),),
        suffixes=(".png",),
        mime="image/png",
        decoder="PNG",
    ),
    PictureFormat(
        "jpeg",
        "JPEG",
        "sent",
        (_start(b"\xff\xd8\xff"),),
        suffixes=(".jpg", ".jpeg"),
        rare_suffixes=(".jfif", ".mpo"),
        mime="image/jpeg",
        decoder="JPEG",
    ),
    PictureFormat(
        "webp",
        "WebP",
        "sent",
        (((0, b"RIFF"), (8, b"WEBP")),),
        suffixes=(".webp",),
        mime="image/webp",
        decoder="WEBP",
    ),
    PictureFormat(
        "gif",
        "GIF",
        "converted",
        (_start(b"GIF87a"), _start(b"GIF89a")),
        suffixes=(".gif",),
        mime="image/gif",
        decoder="GIF",
    ),
    PictureFormat(
        "bmp",
        "BMP",
        "converted",
        (_start(b"BM"),),
        suffixes=(".bmp",),
        mime="image/bmp",
        decoder="BMP",
    ),
    PictureFormat(
        "tiff",
        "TIFF",
        "converted",
        (_start(b"II*\0"), _start(b"MM\0*"), _start(b"II+\0"), _start(b"MM\0+")),
        suffixes=(".tif", ".tiff"),
        mime="image/tiff",
        decoder="TIFF",
    ),
    PictureFormat("psd", "Photoshop", "refused", (_start(b"8BPS"),), suffixes=(".psd", ".psb")),
    PictureFormat("pdf", "PDF", "refused", (_start(b"%PDF"),)),
    PictureFormat("ps", "PostScript", "refused", (_start(b"%!PS"), _start(b"\xc5\xd0\xd3\xc6"))),
    PictureFormat("xcf", "GIMP", "refused", (_start(b"gimp xcf"),), suffixes=(".xcf",)),
    PictureFormat(
        "exr", "OpenEXR", "refused", (_start(b"v/1\x01"),), suffixes=(".exr",), spoken="an OpenEXR"
    ),
    PictureFormat("ico", "icon", "refused", (_start(b"\0\0\x01\0"),), spoken="an icon"),
    PictureFormat(
        "jxl",
        "JPEG XL",
        "refused",
        (_start(b"\xff\x0a"), _start(b"\0\0\0\x0cJXL ")),
        suffixes=(".jxl",),
    ),
    PictureFormat(
        "jp2",
        "JPEG 2000",
        "refused",
        (_start(b"\0\0\0\x0cjP  "), _start(b"\xff\x4f\xff\x51")),
        suffixes=(".jp2",),
    ),
    PictureFormat("qoi", "QOI", "refused", (_start(b"qoif"),)),
    PictureFormat("zip", "ZIP archive", "none", (_start(b"PK\x03\x04"),)),
    PictureFormat(
        "avif",
        "AVIF",
        "refused",
        looks_like=_lists_brand(b"avif", b"avis"),
        suffixes=(".avif",),
        mime="image/avif",
        spoken="an AVIF",
    ),
    PictureFormat(
        "heic",
        "HEIC",
        "refused",
        looks_like=_lists_brand(
            b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"
        ),
        suffixes=(".heic", ".heif", ".hif"),
    ),
    PictureFormat("video", "video", "none", (((4, b"ftyp"),),)),
    PictureFormat("svg", "SVG", "refused", looks_like=_is_svg, spoken="an SVG"),
    PictureFormat("html", "web page", "none", looks_like=_is_web_page),
    PictureFormat("text", "text", "none", looks_like=_is_text),
)
"""The first row that matches decides. Those that are taken come in the order in which they are named."""


def recognize(head: bytes) -> PictureFormat | None:
    """What a file is by its first bytes, whatever its name says; None for what no row knows."""
    return next((row for row in FORMATS if row.matches(head[:HEAD_BYTES])), None)


def named(name: str) -> PictureFormat:
    """The row of a format's name. Raises KeyError for one that isn't in the table."""
    for row in FORMATS:
        if row.name == name:
            return row
    raise KeyError(name)


def sent() -> tuple[PictureFormat, ...]:
    """The formats that are uploaded byte for byte, and in which the API gives results."""
    return tuple(row for row in FORMATS if row.becomes == "sent")


def picture_suffixes() -> tuple[str, ...]:
    """The endings, with their dots, by which pictures are known before they are opened."""
    return tuple(suffix for row in FORMATS if row.taken for suffix in (*row.suffixes, *row.rare_suffixes))


def refused_title(file_name: str) -> str:
    """What a picture is called that isn't taken, by its file's ending; ``""`` for all others."""
    name = file_name.lower()
    return next(
        (row.title for row in FORMATS if row.becomes == "refused" and name.endswith(row.suffixes)), ""
    )


def result_suffixes() -> tuple[str, ...]:
    """The endings, with their dots, of files that may be results, those that can't be shown included."""
    return tuple(suffix for row in FORMATS if row.may_be_result for suffix in row.suffixes)


def titles() -> str:
    """All formats that are taken, as a sentence names them."""
    *others, last = (row.title for row in FORMATS if row.taken)
    return f"{', '.join(others)} and {last}"
