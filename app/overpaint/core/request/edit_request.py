"""One edit as it is asked for: parameters, pictures in their order, and the mask of the first."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
from overpaint.core.request.picture_formats import named
from overpaint.core.request.request_rules import requests
from overpaint.core.request.sizes import Size

LEFT_OUT = "Left out: "
"""Begins what is said of a picture whose file holds more than is sent."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be uploaded byte for byte: an existing file of a format that is sent.

    ``name`` is what the user calls it, ``format`` the format's name by its magic bytes,
    ``size`` in pixels as it is shown (EXIF orientation applied), ``bytes`` the file's length, ``modified``
    when it was written last, in nanoseconds since 1970 (0: not known). A file that differs is not sent.
    """

    path: Path
    name: str
    format: str
    size: Size
    bytes: int
    modified: int = 0

    @property
    def mime(self) -> str:
        """The media type of the upload."""
        return named(self.format).mime

    def upload_name(self, number: int) -> str:
        """The file name that goes up with the ``number``-th picture, from 1; the user's may be private."""
        return f"image-{number}{named(self.format).suffix}"


@dataclass(frozen=True, slots=True)
class EditRequest:
    """A frozen request: nothing the user does afterwards changes it.

    ``mask`` is the PNG as it is sent (RGBA, transparent = edit, the first picture's size) or None;
    ``painted`` is what it was made of, as an 8-bit grey PNG of the same size: where the result is to show;
    ``parents`` are the gallery files that the pictures came from, for the lineage; ``endpoint`` is the
    profile's name; ``written`` is the prompt as the user wrote it, where names of pictures or fields were
    resolved in the one that is sent, otherwise ``""``; ``source_hash`` is the SHA-256 of the first picture's
    file, by which the picture before is found again, ``""`` where it isn't known.
    """

    params: EditParams
    pictures: tuple[Picture, ...]
    mask: bytes | None = field(default=None, repr=False)
    endpoint: str = ""
    parents: tuple[Path, ...] = ()
    written: str = ""
    source_hash: str = ""
    painted: bytes | None = field(default=None, repr=False)


def split_per_image(request: EditRequest, spec: ModelSpec) -> tuple[EditRequest, ...]:
    """The requests that an edit is sent as: itself, or one for each of several pictures that stream."""
    count = requests(request.params, spec)
    single = replace(request, params=request.params.replace(n=1)) if count > 1 else request
    return (single,) * count
