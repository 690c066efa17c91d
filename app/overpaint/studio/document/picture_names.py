"""What pictures are called: on one line, not too long, and no two alike."""

from collections.abc import Iterable
from pathlib import PurePath

from overpaint.core.foreign_words import visible

LONGEST_NAME = 80
_NAMELESS = "Picture"


def unique_name(wanted: str, taken: Iterable[str]) -> str:
    """The name itself on one line, or numbered before its ending, where another picture has it already.

    ``coffee.png`` becomes ``coffee 2.png``; case makes no difference. There are no double quotes, between
    which prompts write names.
    """
    name = visible(" ".join(wanted.replace('"', "'").split()))[:LONGEST_NAME].strip() or _NAMELESS
    others = {one.casefold() for one in taken}
    path, number, numbered = PurePath(name), 1, name
    ending = path.suffix if 1 < len(path.suffix) <= 5 else ""
    stem = name.removesuffix(ending)
    while numbered.casefold() in others:
        number += 1
        numbered = f"{stem} {number}{ending}"
    return numbered
