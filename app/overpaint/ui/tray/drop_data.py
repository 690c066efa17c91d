"""What was dropped or pasted, taken apart: addresses first, then files, then pixels."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

_IMAGE = re.compile(r"""<img\b[^>]*?\ssrc\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)
_LONGEST_HTML = 2_000_000
_HTTP = ("http", "https")


@dataclass(frozen=True, slots=True)
class DroppedData:
    """``links`` are http, https or data addresses of pictures, ``files`` local files and folders, ``image``
    the pixels, or None."""

    links: tuple[str, ...]
    files: tuple[Path, ...]
    image: QImage | None

    @property
    def holds_something(self) -> bool:
        """Whether there is anything that could be a picture."""
        return bool(self.links or self.files or self.image is not None)


def parse_mime(mime: QMimeData) -> DroppedData:
    """Copies everything out of the data, which is gone as soon as the drop is over."""
    files = tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    image = mime.imageData() if mime.hasImage() else None
    links = () if files else _links(mime)
    return DroppedData(
        links, files, QImage(image) if isinstance(image, QImage) and not image.isNull() else None
    )


def _links(mime: QMimeData) -> tuple[str, ...]:
    """Browsers name the picture in the page's own words; the address beside it may be that of a link that
    the picture stands on."""
    found = _IMAGE.search(mime.html()[:_LONGEST_HTML]) if mime.hasHtml() else None
    if found is not None:
        source = html.unescape(found[1] or found[2]).strip()
        if source.lower().startswith(("http://", "https://", "data:image/")):
            return (source,)
    urls = (url for url in mime.urls() if url.scheme() in _HTTP or url.toString().startswith("data:image/"))
    return tuple(dict.fromkeys(url.toString(url.ComponentFormattingOption.FullyEncoded) for url in urls))
