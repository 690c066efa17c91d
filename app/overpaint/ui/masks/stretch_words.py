"""Says that a mask was made for another shape than that of the picture it came to."""

from overpaint.core.masks.mask import Mask


def stretch_words(width: int, height: int, mask: Mask) -> str:
    """What became of a mask of ``width`` x ``height`` pixels that was put onto another one, as a sentence;
    ``""`` where they have the same size."""
    if (width, height) == (mask.width, mask.height):
        return ""
    came, there = f"{width} × {height}", f"{mask.width} × {mask.height}"
    return f"The mask came from {came} pixels and was stretched over {there}."
