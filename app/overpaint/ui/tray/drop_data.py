"""What was dropped or pasted, taken apart: addresses first, then files, then pixels."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from overpaint.studio.pictures.file_addresses import RemoteFile, files_in

_URI_LIST = "text/uri-list"
_COPIED_FILES = "x-special/gnome-copied-files"
_MOZILLA_URL = "text/x-moz-url"
_LONGEST_HTML = 2_000_000
_LAZY = ("data-src", "data-original", "data-lazy-src")
"""Where pages keep a picture's address until it is scrolled to."""

_PICTURE_IN_ADDRESS = re.compile(r"data:image/(?!svg)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DroppedData:
    """``links`` are http, https or data addresses of pictures, ``files`` local files and folders, ``remote``
    files that are reached by other ways than the file system, ``image`` the pixels, or None."""

    links: tuple[str, ...]
    files: tuple[Path, ...]
    image: QImage | None
    remote: tuple[RemoteFile, ...] = ()

    @property
    def holds_something(self) -> bool:
        """Whether there is anything that could be a picture."""
        return bool(self.links or self.files or self.remote or self.image is not None)


def parse_mime(mime: QMimeData) -> DroppedData:
    """Copies everything out of the data, which is gone as soon as the drop is over.

    The formats are asked for once, and each that is there is fetched once: whoever has to hand it over may
    be slow.
    """
    formats = frozenset(mime.formats())
    addresses = _addresses(mime, formats)
    files, remote, links = files_in(addresses)
    if files or remote:
        return DroppedData((), files, None, remote)
    in_page = _picture_of(mime.html()) if "text/html" in formats else ""
    image = (
        mime.imageData()
        if any(one.startswith(("image/", "application/x-qt-image")) for one in formats)
        else None
    )
    return DroppedData(
        (in_page,) if in_page else tuple(dict.fromkeys(filter(_leads_to_picture, links))),
        (),
        QImage(image) if isinstance(image, QImage) and not image.isNull() else None,
    )


def _addresses(mime: QMimeData, formats: frozenset[str]) -> list[bytes]:
    """The lines of what names files or pages, as bytes: names of files need not be text."""
    if _URI_LIST in formats:
        return bytes(mime.data(_URI_LIST).data()).splitlines()
    if _COPIED_FILES in formats:
        return bytes(mime.data(_COPIED_FILES).data()).splitlines()[1:]  # behind the word "copy" or "cut"
    if _MOZILLA_URL in formats:
        text = bytes(mime.data(_MOZILLA_URL).data()).decode("utf-16-le", "replace")
        return [line.encode() for line in text.splitlines()[:1]]
    return []


def _leads_to_picture(link: str) -> bool:
    return link.lower().startswith(("http://", "https://")) or bool(_PICTURE_IN_ADDRESS.match(link))


def _picture_of(page: str) -> str:
    """Browsers name the picture in the page's own words; the address beside it may be that of a link that
    the picture stands on. ``""`` where they don't."""
    finder = _PictureFinder()
    finder.feed(page[:_LONGEST_HTML])
    return finder.found


class _PictureFinder(HTMLParser):
    """Finds the address of the first picture that has one."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "img" or self.found:
            return
        given = {name: value.strip() for name, value in reversed(attrs) if value}
        own = given.get("src", "")
        # What stands in the page itself is often a placeholder for what comes later.
        late = [given[name] for name in _LAZY if name in given] + _largest_of(given.get("srcset", ""))
        order = [*late, own] if not own or own.lower().startswith("data:") else [own, *late]
        links = (f"https:{link}" if link.startswith("//") else link for link in order)
        self.found = next(filter(_leads_to_picture, links), "")


def _largest_of(srcset: str) -> list[str]:
    """The address in a list of several sizes that stands for the largest."""
    sizes: list[tuple[float, str]] = []
    for candidate in re.split(r",\s+", srcset):
        address, _, size = candidate.strip().partition(" ")
        number = re.match(r"[\d.]+", size.strip())
        if address:
            sizes.append((float(number[0]) if number and number[0].strip(".") else 1.0, address))
    return [max(sizes)[1]] if sizes else []
