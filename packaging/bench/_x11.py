"""A screen of one's own: Xvfb with a window manager, a pointer that XTest moves, and the pixels shown.

Everything goes through libX11 and libXtst by ctypes, so that nothing but the system's packages is needed.
"""

import ctypes
import ctypes.util
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool"}
"""Programs, and the Debian packages that bring them; libxtst6 is needed besides."""

SCREEN = (1600, 1000)
_ALL_PLANES = 0xFFFFFFFFFFFFFFFF
_Z_PIXMAP = 2
_BUTTON = 1
_PATIENCE = 60.0


class _Image(ctypes.Structure):
    """The head of an XImage: what is needed to find its bytes."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_ubyte)),
    )


def absent() -> str:
    """What must be installed first, in words; ``""`` when all is there."""
    packages = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    packages += [] if ctypes.util.find_library("Xtst") else ["libxtst6"]
    return f"needs {', '.join(packages)} (apt-get install {' '.join(packages)})" if packages else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int


class Screen:
    """The one screen of an X server: a pointer, keys, and pixels."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._x, self._test = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XStringToKeysym.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        opened = self._x.XOpenDisplay(name.encode())
        if not opened:
            raise OSError(f"The X server {name} can't be reached.")
        self._display = ctypes.c_void_p(opened)
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))

    def move(self, x: int, y: int) -> None:
        """Moves the pointer, and returns once the request is on its way."""
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, ctypes.c_ulong(0))
        self._x.XFlush(self._display)

    def press(self) -> None:
        """Holds the left button."""
        self._button(down=True)

    def release(self) -> None:
        """Lets the left button go."""
        self._button(down=False)

    def click(self, x: int, y: int) -> None:
        """Moves there, presses and lets go."""
        self.move(x, y)
        self.press()
        self.release()

    def key(self, name: str) -> None:
        """Presses a key by its X name, such as ``p`` or ``Escape``."""
        symbol = ctypes.c_ulong(self._x.XStringToKeysym(name.encode()))
        code = self._x.XKeysymToKeycode(self._display, symbol)
        for down in (1, 0):
            self._test.XTestFakeKeyEvent(self._display, code, down, ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """Blue, green and red of one pixel as the server shows it, without the pointer."""
        image = self._x.XGetImage(
            self._display, self._root, x, y, 1, 1, ctypes.c_ulong(_ALL_PLANES), _Z_PIXMAP
        )
        data = image.contents.data
        found = (data[0], data[1], data[2])
        ctypes.CDLL(None).free(data)
        self._x.XFree(image)
        return found

    # --- windows

    def window(self, words: str, seconds: float = _PATIENCE) -> str:
        """The id of the first visible window whose title holds the words. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self._tool("search", "--onlyvisible", "--name", words).split()
            if found:
                return found[-1]
            time.sleep(0.1)
        raise TimeoutError(f"No window called “{words}” came up in {seconds:.0f} s.")

    def put(self, window: str, place: Place) -> None:
        """Gives a window its place and the focus."""
        self._tool("windowsize", "--sync", window, str(place.width), str(place.height))
        self._tool("windowmove", window, str(place.x), str(place.y))
        self._tool("windowactivate", "--sync", window)

    def _tool(self, *words: str) -> str:
        environment = {**os.environ, "DISPLAY": self.name}
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=False, timeout=20
        )
        return done.stdout

    def _button(self, *, down: bool) -> None:
        self._test.XTestFakeButtonEvent(self._display, _BUTTON, int(down), ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)


@contextmanager
def screen() -> Iterator[Screen]:
    """A new X server with a window manager, until it is left."""
    readable, writable = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writable,), stderr=subprocess.DEVNULL)
    os.close(writable)
    try:
        if not select.select([readable], [], [], _PATIENCE)[0]:
            raise OSError("Xvfb doesn't start.")
        name = f":{os.read(readable, 16).decode().strip()}"
        environment = {**os.environ, "DISPLAY": name}
        manager = subprocess.Popen(
            ["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield Screen(name)
        finally:
            _end(manager)
    finally:
        os.close(readable)
        _end(server)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
