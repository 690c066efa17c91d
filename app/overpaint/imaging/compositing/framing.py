"""How a result of another size or shape is laid on its picture before anything is aligned."""

from overpaint.core.results.result_placement import Affine, Framing

_SAME_SHAPE = 0.01


def frame(framing: Framing, picture: tuple[int, int], result: tuple[int, int]) -> Affine:
    """From picture to result pixels for sizes (width, height): the picture is stretched to fill the
    result, covers it with what juts out cut off, or is contained in it."""
    across, down = result[0] / picture[0], result[1] / picture[1]
    if framing != "stretch":
        across = down = max(across, down) if framing == "cover" else min(across, down)
    tx, ty = (result[0] - picture[0] * across) / 2.0, (result[1] - picture[1] * down) / 2.0
    return Affine(across, 0.0, tx, 0.0, down, ty)


def framings(picture: tuple[int, int], result: tuple[int, int]) -> tuple[Framing, ...]:
    """Those that can be meant: one, where the shapes are alike."""
    alike = abs(picture[0] * result[1] / (picture[1] * result[0]) - 1.0) <= _SAME_SHAPE
    return ("stretch",) if alike else ("stretch", "cover", "contain")
