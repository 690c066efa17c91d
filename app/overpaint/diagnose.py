"""What is installed and where things are kept, for a report of a fault; holds no key and no prompt."""

import importlib.metadata
import os
import platform
import sys

from overpaint import __version__
from overpaint.core.errors import OverpaintError
from overpaint.library.gallery.gallery import Gallery
from overpaint.studio.config.folders import Folders
from overpaint.studio.config.key_store import KEY_VARIABLE
from overpaint.studio.config.settings_store import SettingsStore

_PACKAGES = (
    "PySide6-Essentials",
    "qasync",
    "httpx",
    "pillow",
    "numpy",
    "opencv-python-headless",
    "keyring",
    "starlette",
    "uvicorn",
    "msgspec",
    "pybase64",
    "isal",
)


def report() -> str:
    """The report as lines of ``name: value``."""
    folders = Folders.find()
    store = SettingsStore(folders.settings_file)
    gallery = Gallery(folders.gallery(store.current.gallery))
    facts = [
        ("overpaint", __version__),
        ("python", f"{platform.python_version()} at {sys.prefix}"),
        ("system", platform.platform()),
        ("display", _display()),
        *((name, _version(name)) for name in _PACKAGES),
        ("settings", f"{folders.settings_file}{_missing(folders.settings_file.exists())}"),
        ("journal", f"{folders.journal}{_missing(folders.journal.exists())}"),
        ("log", f"{folders.log_file}{_missing(folders.log_file.exists())}"),
        ("gallery", f"{gallery.folder}: {_state_of(gallery)}"),
        ("endpoint", f"{store.current.active.name} {store.current.active.host}".strip()),
        ("key in the environment", "yes" if os.environ.get(KEY_VARIABLE) else "no"),
    ]
    if store.warning:
        facts.append(("warning", store.warning))
    return "\n".join(f"{name}: {value}" for name, value in facts)


def _display() -> str:
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    found = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    return " ".join([*found, chosen]).strip() or ("the system's own" if os.name == "nt" else "none")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _missing(there: bool) -> str:
    return "" if there else " (not made yet)"


def _state_of(gallery: Gallery) -> str:
    if not gallery.folder.exists():
        return "not made yet"
    try:
        gallery.check()
    except OverpaintError as fault:
        return fault.sentence()
    return "can be written"
