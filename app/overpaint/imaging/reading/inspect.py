"""Whether a file can go up byte for byte, from its header alone."""

from pathlib import Path

from overpaint.core.errors import PictureError
from overpaint.core.request.edit_request import Picture
from overpaint.imaging.reading.opening import examine


def inspect(path: Path) -> Picture:
    """The picture in a file, by its magic bytes and header; its pixels are not decoded yet.

    ``size`` has the EXIF orientation applied. Raises :class:`PictureError` with a sentence for whatever
    the tray doesn't take, and for pictures (CMYK, 16-bit, palette, several in one file, wide colour) that
    go up only as the copy that ``prepare`` makes.
    """
    header = examine(path)
    if header.conversion:
        raise PictureError(
            f"{path.name} can’t be sent as it is: {header.conversion}.",
            next_step="Add it to the tray, which makes a copy that can.",
        )
    return Picture(path, path.name, header.format, header.size, header.length)
