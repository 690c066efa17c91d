"""The one way to the files shipped beside the code: icons, themes, tables, templates and pictures."""

import sys
from functools import cache
from pathlib import Path, PurePosixPath, PureWindowsPath


def path(name: str) -> Path:
    """Return where the shipped file or folder `name` lies.

    `name` is relative, with forward slashes, such as `"icons/overpaint.svg"`.
    It is found in a checkout, an installed wheel and a frozen bundle alike.

    Raises ValueError for a name that would lead out of the resources, and FileNotFoundError when nothing
    of that name is shipped.
    """
    if _leads_out(name):
        raise ValueError(f"{name!r} is no name of a resource: give a relative path with forward slashes.")
    found = _root() / name
    if not found.exists():
        raise FileNotFoundError(
            f"The file {name} that belongs to Overpaint is missing from {_root()}. "
            "Please install Overpaint again."
        )
    return found


def _leads_out(name: str) -> bool:
    pure = PurePosixPath(name)
    return (
        not pure.parts
        or pure.is_absolute()
        or ".." in pure.parts
        or "\\" in name
        or "\0" in name
        or bool(PureWindowsPath(name).drive)
    )


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    places = [package / "_resources", package.parent.parent / "resources"]
    bundle = getattr(sys, "_MEIPASS", None)  # set by the bundle's boot code only
    if bundle is not None:
        places.insert(0, Path(bundle) / "overpaint" / "_resources")
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(
        f"The files that belong to Overpaint are missing from {package}. Please install Overpaint again."
    )
