"""The command line: the window, headless edits, the engine, and checks of files and of the installation."""

import argparse
import builtins
import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from overpaint import __version__
from overpaint.cli_streams import Bytes, sturdy_streams

_OK, _FAILED, _UNHEARD, _INTERRUPTED = 0, 1, 3, 130
_COMMANDS = ("edit", "keep", "engine", "check")
_READER = "--read-pictures"
"""How a frozen program, which is no interpreter, starts the process that reads pictures."""
_FOR_PARENTS = ("engine", _READER)
"""Commands whose parent reads what they die of."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code.

    0 done, 1 failed, 2 wrong arguments, 3 done, but what it says could not be written to standard output,
    130 interrupted. Nobody has to read standard error.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    with sturdy_streams() as out:
        code = _code(words, out)
        if out is not None and out.lost and not isinstance(out.lost, BrokenPipeError):
            print(f"overpaint: standard output can't be written: {out.lost.strerror}", file=sys.stderr)
    return _UNHEARD if code == _OK and out is not None and out.lost else code


def _code(words: list[str], out: Bytes | None) -> int:
    """Runs one command until all that it says is written or lost; its exit code."""
    code = _OK
    try:
        code = _run(words)
    except SystemExit as end:  # argparse has said what there is to say
        code = end.code if isinstance(end.code, int) else _FAILED
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except Exception as error:
        if words and words[0] in _FOR_PARENTS:
            raise
        if not isinstance(error, OSError) or out is None or out.lost is None:
            _tell_unexpected(error)
            code = _FAILED
    with contextlib.suppress(OSError):  # `out` remembers it
        sys.stdout.flush()
    return code


def _tell_unexpected(error: Exception) -> None:
    from overpaint.studio.config.folders import Folders
    from overpaint.studio.process.command_errors import CommandErrors

    def say(words: str) -> None:
        print(f"overpaint: {words}", file=sys.stderr)

    CommandErrors(Folders.find().log_file, say).take(error)


def _run(words: list[str]) -> int:
    if words and words[0] == _READER:
        from overpaint.imaging.reading.reader_process import main as read

        read(words[1:])
    if words and words[0] in _COMMANDS:
        return {"edit": _edit, "keep": _keep, "engine": _engine, "check": _check}[words[0]](words[1:])
    return _window(words)


def _window(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="overpaint",
        description="Edit pictures with gpt-image models: paint what should change, say what you want.",
        epilog="Commands: overpaint edit, keep, engine, check. Each has its own --help.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pictures to open")
    parser.add_argument("--version", action="version", version=f"overpaint {__version__}")
    parser.add_argument("--diagnose", action="store_true", help="say what is installed and kept where")
    given = parser.parse_args(words)
    if given.diagnose:
        from overpaint.diagnose import report

        print(report())
        return _OK
    files = [file.absolute() for file in given.files]
    if _window_is_open(files):
        return _OK
    if reason := _no_window():
        print(f"overpaint: {reason}", file=sys.stderr)
        return _FAILED
    try:
        program = load_window()
    except ImportError as fault:
        if "PySide6" not in f"{fault.name} {fault.path}":
            raise
        print(f"overpaint: the window's libraries can't be loaded: {fault}", file=sys.stderr)
        return _FAILED
    code: int = program.start(files)
    return code


def _window_is_open(files: Sequence[Path]) -> bool:
    """Whether another start has a window already, which takes the files then."""
    from overpaint.studio.config.folders import Folders
    from overpaint.studio.process.single_instance import hand_over

    return hand_over(Folders.find().state, files)


def load_window() -> ModuleType:
    """``overpaint.ui.app.program``, loaded in the order that is quickest; it turns the collector off.

    Everything without Qt comes first: once Qt is there, each further import passes a hook of PySide's.
    Nothing that loading makes is garbage, so the collector would only look in vain.
    """
    gc.disable()
    # numpy's linear algebra would start a thread for each core, and they'd spin: nothing here is that large.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    importlib.import_module("overpaint.studio.studio")
    with _no_hook():
        return importlib.import_module("overpaint.ui.app.program")


@contextlib.contextmanager
def _no_hook() -> Iterator[None]:
    """Loads Qt, and what is imported inside passes by the hook that PySide has put into every import.

    The hook reads the source of each module in search of ``from __feature__ import``; no module here has it.
    """
    plain = builtins.__import__
    for name in ("QtCore", "QtGui", "QtWidgets"):
        importlib.import_module(f"PySide6.{name}")
    hook, builtins.__import__ = builtins.__import__, plain
    try:
        yield
    finally:
        builtins.__import__ = hook


def _no_window() -> str:
    """Why no window can open here, or ``""``: Qt ends the whole process where it finds no display."""
    told = any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))
    if told or not sys.platform.startswith("linux"):
        return ""
    return "there is no display to open the window on; “overpaint edit” works without one."


def _edit(words: list[str]) -> int:
    from overpaint.cli_edit import run
    from overpaint.studio.process.core_dumps import forbid_core_dumps

    forbid_core_dumps(and_looking_in=True)
    return run(words)


def _keep(words: list[str]) -> int:
    from overpaint.cli_keep import run

    return run(words)


def _engine(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="overpaint engine",
        description="Serve the image edit API on this computer. Prints its address and token as JSON, then "
        "serves until its standard input closes or it is told to end.",
    )
    parser.add_argument("--port", type=_port, metavar="N", help="port on 127.0.0.1; a free one by default")
    parser.add_argument(
        "--token", metavar="T", help="the key that clients must send; a random one by default"
    )
    given = parser.parse_args(words)
    from overpaint.engine.serve import serve

    return serve(given.port, given.token)


def _check(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="overpaint check", description="Say for each file whether the tray takes it, and why not."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    given = parser.parse_args(words)
    import asyncio

    from overpaint.core.foreign_words import visible
    from overpaint.studio.pictures.picture_import import checked
    from overpaint.studio.pictures.picture_reader import PictureReader

    async def check() -> int:
        refused, reader = 0, PictureReader()
        try:
            for file in given.files:
                taken, line = await checked(file, reader)
                refused += not taken
                print(f"{visible(str(file))}: {line}")
        finally:
            reader.close()
        return refused

    return _FAILED if asyncio.run(check()) else _OK


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port
