"""Addresses of files, as file managers and browsers hand them over: which lie here, and which elsewhere."""

import os
import socket
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

_ELSEWHERE = (
    "file",
    "smb",
    "sftp",
    "ssh",
    "ftp",
    "ftps",
    "dav",
    "davs",
    "nfs",
    "afp",
    "mtp",
    "gphoto2",
    "trash",
)
_MOUNTS = {
    "smb": "smb-share:server={host},share={first}",
    "sftp": "sftp:host={host}",
    "ftp": "ftp:host={host}",
    "mtp": "mtp:host={host}",
    "gphoto2": "gphoto2:host={host}",
    "afp": "afp-volume:host={host},volume={first}",
}
"""Where GVfs mounts what the desktop reaches by a scheme, below the user's run-time folder."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that has no place in the file system, or one only where it is ``mounted``."""

    name: str
    scheme: str
    mounted: Path | None

    @property
    def refusal(self) -> str:
        """Why it can't be taken, as a sentence with the next step."""
        where = "another computer" if self.scheme == "file" else f"a network share or device ({self.scheme}:)"
        return f"{self.name} lies on {where} that isn't mounted here. Copy it to this computer and add that."


def files_in(addresses: Iterable[bytes]) -> tuple[tuple[Path, ...], tuple[RemoteFile, ...], tuple[str, ...]]:
    """Files that lie here, files that lie elsewhere, and all other addresses (RFC 2483, RFC 8089).

    Names are taken as bytes, as the file system has them: they need not be text.
    """
    files: list[Path] = []
    remote: list[RemoteFile] = []
    links: list[str] = []
    for address in addresses:
        line = address.strip(b"\0 \t\r\n")
        scheme = line.partition(b":")[0].decode("ascii", "replace").lower()
        if not line or line.startswith(b"#"):
            continue
        if scheme not in _ELSEWHERE:
            links.append(line.decode(errors="replace"))
            continue
        host, path = _parts(line[len(scheme) + 1 :])
        if b"\0" in path:
            continue
        if scheme == "file" and _is_here(host):
            files.append(_path(path))
        else:
            remote.append(_remote(scheme, host, path))
    return tuple(files), tuple(remote), tuple(links)


def reached(remote: Sequence[RemoteFile]) -> tuple[list[Path], list[RemoteFile]]:
    """Those that are mounted, as files, and those that aren't. Blocks."""
    files, others = [], []
    for one in remote:
        if one.mounted is not None and one.mounted.exists():
            files.append(one.mounted)
        else:
            others.append(one)
    return files, others


def _parts(rest: bytes) -> tuple[str, bytes]:
    """Host and path behind the scheme's colon, the path with its escapes undone."""
    host = b""
    if rest.startswith(b"//"):
        host, slash, path = rest[2:].partition(b"/")
        rest = slash + path
    return unquote_to_bytes(host).decode(errors="replace").lower(), unquote_to_bytes(rest).rstrip(b"\0")


def _is_here(host: str) -> bool:
    own = socket.gethostname().lower()
    return host in ("", "localhost", "127.0.0.1", "::1", "[::1]", own, own.partition(".")[0])


def _path(path: bytes) -> Path:
    if sys.platform == "win32":
        text = path.decode(errors="replace")
        return Path(text[1:] if text[2:3] == ":" else text)
    return Path(os.fsdecode(path))


def _remote(scheme: str, host: str, path: bytes) -> RemoteFile:
    whole = os.fsdecode(path)
    name = Path(whole.encode(errors="replace").decode()).name or host
    if scheme == "file":
        is_share = sys.platform == "win32"
        return RemoteFile(name, scheme, Path(f"\\\\{host}{whole}") if is_share else None)
    pattern = _MOUNTS.get(scheme)
    run_time = os.environ.get("XDG_RUNTIME_DIR", "")
    if pattern is None or not run_time:
        return RemoteFile(name, scheme, None)
    first, _, rest = whole.lstrip("/").partition("/")
    inside = rest if "{first}" in pattern else whole.lstrip("/")
    user, _, machine = host.rpartition("@")
    mount = pattern.format(host=machine, first=first.lower()) + (f",user={user}" if user else "")
    return RemoteFile(name, scheme, Path(run_time, "gvfs", mount, inside))
