"""Makes and keeps `.venv`: the pinned packages and the project itself, quick when nothing changed."""

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import dev_system
from dev_console import StepFailed, Trouble, run_quietly, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
# It is written last: a .venv without it was never finished, and is made anew.
STAMP = VENV / "overpaint-setup.json"
ROOM_MB = 1800  # what .venv takes (900 MB), and as much again while pip unpacks
PYTHONS_OWN = re.compile(r"PYTHON(?!_KEYRING)")  # PYTHON_KEYRING_BACKEND chooses where keys are kept

NO_NETWORK = (
    "name resolution", "failed to establish a new connection", "network is unreachable", "connection refused",
    "connection reset", "connection broken", "getaddrinfo failed", "max retries exceeded", "timed out",
    "proxyerror", "sslerror", "could not fetch url", "nodename nor servname",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a finished `.venv` was made from: Python and place, packages, and system needs seen to be met."""

    base: str = ""
    packages: str = ""
    system: frozenset[str] = frozenset()

    def covers(self, wanted: "Stamp") -> bool:
        """Tell whether nothing is left to do for `wanted`."""
        same = (self.base, self.packages) == (wanted.base, wanted.packages)
        return same and self.system >= wanted.system


def script(name: str) -> Path:
    """Return the path of a program inside `.venv`, such as `python`."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def environment(**changes: str) -> dict[str, str]:
    """Return this environment with `changes`, and without what would make another Python of the job's.

    PYTHONPATH and its like are the person's, for programs of theirs; here they would hide what is pinned.
    """
    kept = {name: value for name, value in os.environ.items() if not PYTHONS_OWN.match(name)}
    return kept | changes


def ensure(needs: tuple[str, ...] = ()) -> None:
    """See that `.venv` and the system `needs` (keys of `dev_system.NEEDS`) are ready; do nothing if they are.

    Raises Trouble in words, and OSError when the file system refuses.
    """
    wanted = Stamp(_base_key(), _packages_key(), frozenset(needs))
    found = _read_stamp()
    if found.covers(wanted):
        return
    dev_system.ensure(needs if found.base == wanted.base else (*needs, "venv"))
    with _alone():
        found = _read_stamp()  # read again: another set-up may have finished while this one waited
        if not found.covers(replace(wanted, system=frozenset())):
            _install(reuse=found.base == wanted.base)
        _write_stamp(replace(wanted, system=wanted.system | found.system))


def words_for_pip(failed: StepFailed) -> str:
    """Return what went wrong with pip, in words, with the end of what pip said."""
    if failed.said("no space left", "disk quota exceeded", "errno 28"):
        reason = "The disk is full. Free some space and start this again."
    elif failed.said(*NO_NETWORK):
        reason = (
            "The package registry can't be reached. Check the network (and any proxy) and start this again."
        )
    elif failed.said("do not match the hashes"):
        reason = "A downloaded package is not the pinned one. Try again; if it stays, distrust the source."
    elif failed.said("permission denied", "access is denied", "read-only file system"):
        reason = f"{VENV} can't be written to. Check who owns it, or remove it, and start this again."
    elif failed.said("no matching distribution"):
        found = platform.python_version()
        reason = f"A pinned package doesn't exist for Python {found} here. Try Python 3.11, 3.12 or 3.13."
    else:
        reason = "Installing the packages failed."
    return f"{reason}\nThe last lines of pip:\n{failed.last_words()}"


def _install(*, reuse: bool) -> None:
    STAMP.unlink(missing_ok=True)
    if not reuse:
        _check_room()
        _make_venv()
    _pip("Installing the pinned packages", "--require-hashes", "-r", str(CONSTRAINTS))
    _pip(
        "Installing Overpaint itself",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        str(ROOT),
    )


def _make_venv() -> None:
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise Trouble(
            "The Python you started is inside .venv, which has to be made anew. Use your system's Python."
        )
    if VENV.exists():
        say("The folder .venv is unfinished or belongs to another Python: making it anew.")
    try:
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
        run_quietly("Making .venv", command, environment=environment())
    except StepFailed as failed:
        raise Trouble(f"The folder {VENV} can't be made:\n{failed.last_words()}") from failed


def _check_room() -> None:
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if free_mb < ROOM_MB:
        raise Trouble(
            f"The disk has {free_mb} MB free, and the set-up needs {ROOM_MB} MB. Free some space first."
        )


def _pip(title: str, *words: str) -> None:
    quiet = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "3")
    try:
        run_quietly(
            title,
            [script("python"), "-u", "-m", "pip", "install", *quiet, *words],
            environment=environment(PIP_USER="0"),
            counted=("Collecting ", "Processing "),
        )
    except StepFailed as failed:
        raise Trouble(words_for_pip(failed)) from failed


def _packages_key() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        facts = tomllib.load(file)
    project = {key: facts["project"].get(key) for key in ("version", "dependencies", "scripts")}
    parts = [
        project,
        facts["build-system"],
        facts.get("dependency-groups"),
        facts.get("tool", {}).get("hatch"),
    ]
    return hashlib.sha256(json.dumps(parts).encode() + CONSTRAINTS.read_bytes()).hexdigest()


def _base_key() -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{platform.python_implementation()} {version} {platform.machine()} {ROOT}"


def _read_stamp() -> Stamp:
    """Return the stamp of `.venv`, or an empty one when it was never finished or its Python is gone."""
    try:
        facts = json.loads(STAMP.read_text("utf-8"))
        stamp = Stamp(facts["base"], facts["packages"], frozenset(facts["system"]))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return Stamp()
    return stamp if os.access(script("python"), os.X_OK) else Stamp()


def _write_stamp(stamp: Stamp) -> None:
    facts = {"base": stamp.base, "packages": stamp.packages, "system": sorted(stamp.system)}
    draft = STAMP.with_suffix(".new")
    draft.write_text(json.dumps(facts, indent=1), "utf-8")
    draft.replace(STAMP)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one set-up of this checkout work at a time; the others wait."""
    lock = ROOT / "build" / "setup.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("a+") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file opens the lock, also after a crash
