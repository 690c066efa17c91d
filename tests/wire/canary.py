"""Looks for a key in files, texts and processes, in every spelling in which one leaks."""

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def spellings(key: str) -> dict[str, bytes]:
    """How the key's bytes look: raw, in either case and backwards, in URLs, JSON and web pages,
    base64 at each alignment, hexadecimal, UTF-16."""
    raw = key.encode()
    found = {
        "raw": raw,
        "half of it": raw[len(raw) // 2 :],
        "url": quote(key, safe="").encode(),
        "json": key.replace("/", "\\/").encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "upper case": raw.upper(),
        "lower case": raw.lower(),
        "the other case": raw.swapcase(),
        "backwards": raw[::-1],
        "all escaped in JSON": "".join(f"\\u{ord(one):04x}" for one in key).encode(),
        "ALL escaped in JSON": "".join(f"\\u{ord(one):04X}" for one in key).encode(),
        "all escaped in a URL": "".join(f"%{ord(one):02x}" for one in key).encode(),
        "twice in a URL": quote(quote(key, safe=""), safe="").encode(),
        "in a web page": "".join(f"&#{ord(one)};" for one in key).encode(),
        "utf-16": key.encode("utf-16-le"),
        "utf-16 be": key.encode("utf-16-be"),
    }
    for shift in range(3):
        # Cut off what depends on the bytes before and behind the key.
        text = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        inside = text[4 if shift else 0 : len(text) // 4 * 4 - 4]
        found[f"base64, {shift} bytes in"] = inside
        found[f"base64 of URLs, {shift} bytes in"] = inside.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def hits(key: str, *places: Path | str | bytes) -> list[str]:
    """Where the key stands in these folders (every file and every name) and texts."""
    return [
        f"{how}: {where}"
        for where, content in _contents(*places)
        for how, spelling in spellings(key).items()
        if spelling in content
    ]


def processes(key: str, root: int) -> list[str]:
    """Processes that show the key: any by its command line, by its environment all children of ``root``."""
    shown = []
    for folder in Path("/proc").glob("[0-9]*"):
        shown += [f"{folder} by its command" for _ in hits(key, _read(folder / "cmdline"))]
    for child in descendants(root):
        shown += [
            f"child {child} by its environment" for _ in hits(key, _read(Path(f"/proc/{child}/environ")))
        ]
    return shown


def descendants(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*"):
        for child in map(int, _read(thread / "children").split()):
            found += [child, *descendants(child)]
    return found


def _contents(*places: Path | str | bytes) -> Iterator[tuple[str, bytes]]:
    for place in places:
        if isinstance(place, Path):
            for path in place.rglob("*"):
                yield f"name of {path}", str(path.relative_to(place)).encode()
                if path.is_file():
                    yield str(path), path.read_bytes()
        else:
            text = place.encode() if isinstance(place, str) else place
            yield repr(text[:60]), text


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # the process has ended meanwhile, or is another user's
        return b""
