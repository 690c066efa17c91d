"""Checks what Qt, the tests and the set-up need from the system, and installs it where it may."""

import ctypes
import importlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from dev_console import StepFailed, Trouble, run_quietly

# What Qt opens, and the Debian package that brings it.
OFFSCREEN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "a font": "fonts-dejavu-core",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "xdotool": "xdotool",
    "curl": "curl",
}
VENV_PACKAGE = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
MODULES = {"module venv": VENV_PACKAGE, "module ensurepip": VENV_PACKAGE}  # Debian takes them out of Python
NEEDS = {"offscreen": OFFSCREEN, "window": WINDOW, "tests": PROGRAMS, "venv": MODULES}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


def ensure(needs: Iterable[str]) -> None:
    """See that everything in `needs` (keys of `NEEDS`) is there; as root on Debian, install what isn't.

    Raises Trouble with one command for all of it, or with the names, when the person has to install it.
    """
    if not sys.platform.startswith("linux"):
        return  # Qt for macOS and Windows brings all it needs
    wanted = [item for need in needs for item in NEEDS[need].items()]
    absent = {thing: package for thing, package in wanted if not is_there(thing)}
    if not absent:
        return
    if shutil.which("apt-get") is None:
        raise Trouble(
            f"Overpaint needs these from your system, and they are not there: {', '.join(absent)}.\n"
            "Install them with your system's package manager and start this again."
        )
    _install(sorted(set(absent.values())))
    still = [thing for thing in absent if not is_there(thing)]
    if still:
        raise Trouble(
            f"Installed, but still not found: {', '.join(still)}. Is the system's architecture right?"
        )


def is_there(thing: str) -> bool:
    """Tell whether a library can be opened, a module found, a program started, or any font be had."""
    if thing == "a font":
        folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
        return any(next(folder.rglob("*.[to]tf"), None) for folder in folders if folder.is_dir())
    if thing.startswith("module "):
        importlib.invalidate_caches()  # it may just have been installed
        return importlib.util.find_spec(thing.removeprefix("module ")) is not None
    if ".so" not in thing:
        return shutil.which(thing) is not None
    try:
        ctypes.CDLL(thing)
    except OSError:
        return False
    return True


def _install(packages: list[str]) -> None:
    """Install Debian packages as root; raise Trouble with the exact command for anybody else."""
    why = "Overpaint needs some packages of your system."
    command = f"apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0:
        raise Trouble(f"{why} Install them with this command and start this again:\n    sudo {command}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run_quietly("Reading the system's package lists", ["apt-get", "update"], environment=quiet)
        run_quietly(
            f"Installing system packages ({len(packages)})",
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            environment=quiet,
        )
    except StepFailed as failed:
        raise Trouble(
            f"{why} Installing them failed:\n{failed.last_words()}\n"
            f"Try it by hand and start this again:\n    {command.replace('sudo ', '')}"
        ) from failed
