"""Whether a reading process answers what it was asked: a picture may have taken it over."""

import stat
from pathlib import Path

from overpaint.core.request.edit_request import Picture
from overpaint.imaging.reading.reader_protocol import (
    Answer,
    Decode,
    Decoded,
    Failed,
    Look,
    Looked,
    MaskRead,
    ReadMask,
    ReadRequest,
    Take,
    Taken,
)
from overpaint.studio.pictures.pixel_folders import PixelFolders


def matches_request(order: ReadRequest, answer: Answer, body: bytes, folders: PixelFolders) -> bool:
    """True for an answer to just this order, with as many pixels as it says, that names no file but the one
    asked for, its copy, or pixels in ``folders``."""
    match order, answer:
        case _, Failed():
            return True
        case Take(), Taken(preview=shape):
            return _length(shape) == len(body) and _is_taken(answer.picture, order)
        case Look(), Looked():
            return answer.picture.path == order.path
        case ReadMask(), MaskRead(shape=shape):
            return min(shape) > 0 and shape[0] * shape[1] == len(body)
        case Decode(), Decoded(shape=shape, file=None):
            return _length(shape) == len(body)
        case Decode(), Decoded(shape=shape, file=Path() as file):
            return folders.hold(file) and _length(shape) == _size_of(file)
    return False


def _is_taken(picture: Picture, order: Take) -> bool:
    return picture.path == order.path or (picture.path.parent == order.into and picture.path.name != "..")


def _length(shape: tuple[int, int]) -> int | None:
    return 4 * shape[0] * shape[1] if min(shape) > 0 else None


def _size_of(file: Path) -> int:
    try:
        found = file.lstat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
