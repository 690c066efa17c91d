"""A picture with results laid into it: nothing baked, so that all of it can be made again and changed."""

import msgspec

from overpaint.core.results.blending import ColourMatch, Drift, Seam
from overpaint.core.results.result_placement import Placement

VERSION = 1


class ResultLayer(msgspec.Struct, frozen=True):
    """One result in it: its whole ``file`` by name and SHA-256, how it lies on the picture and how its
    colours are brought there. ``mask`` is the grey file beside the sidecar that says where it shows, ``""``
    for what was painted before the edit was sent."""

    file: str
    sha256: str
    placement: Placement
    match: ColourMatch = ColourMatch()
    mask: str = ""


class Composite(msgspec.Struct, frozen=True):
    """The picture whose file has the SHA-256 ``base``, with ``layers`` over each other, the last
    uppermost."""

    base: str
    layers: tuple[ResultLayer, ...]
    seam: Seam = Seam()
    drift: Drift = Drift()
    version: int = VERSION
