"""What every test stands on: a home of its own, a silent log, no task left behind, and real photographs."""

import asyncio
import functools
import importlib.util
import inspect
import logging
import os
import random
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

# Qt reads it when the first window is made, long before a fixture could set it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A shell lets its background jobs, and what they start, ignore Ctrl+C; tests send it to what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Everybody tries the same examples each time, so that red is the last change's doing; --random seeks others.
settings.register_profile(
    "random", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True, derandomize=False
)
settings.register_profile("same", parent=settings.get_profile("random"), derandomize=True)
settings.load_profile("same")

HERE = Path(__file__).parent
QT_FOLDERS = (HERE / "ui", HERE / "flows", HERE / "look", HERE / "painter", HERE / "tray")
FROM_OUTSIDE = re.compile(
    r"(?i)(https?|ftp|all|no)_proxy$|OVERPAINT_|OPENAI_|PYTHON|QT_SCALE|QT_STYLE|SSL_?(CERT|KEYLOG)|DBUS_SESSION"
)


class Photo(Protocol):
    """Gives the path of a real photograph; treat the file as read-only, it is shared by all tests."""

    def __call__(self, name: str = "astronaut.png", size: tuple[int, int] | None = None) -> Path:
        """Return the picture `name` (stem: which one; suffix: the format), scaled to `size` if given.

        Stems: astronaut 512x512, chelsea 451x300, coffee 600x400, rocket 640x427, motorcycle_left 741x497,
        hubble_deep_field 1000x872, retina 1411x1411, camera 512x512 (grey). Suffixes: .png .jpg .webp.
        """


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Photo:
    """Real photographs (those inside scikit-image) as PNG, JPEG or WebP files; see `Photo`."""
    spec = importlib.util.find_spec("skimage")
    assert spec is not None, "scikit-image belongs to the test dependencies"
    assert spec.origin is not None
    originals = Path(spec.origin).parent / "data"
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "photos"  # one for all workers

    def give(name: str = "astronaut.png", size: tuple[int, int] | None = None) -> Path:
        subfolder = folder / ("full" if size is None else f"{size[0]}x{size[1]}")
        wanted = subfolder / name
        if not wanted.exists():
            subfolder.mkdir(parents=True, exist_ok=True)
            (original,) = originals.glob(f"{wanted.stem}.[jp][pn]g")
            unfinished = wanted.with_name(f"{os.getpid()} {name}")  # no other worker sees half a picture
            with Image.open(original) as picture:
                scaled = picture if size is None else picture.resize(size, Image.Resampling.BICUBIC)
                scaled.save(unfinished, quality=90)
            unfinished.replace(wanted)
        return wanted

    return give


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home folder for this test alone; no settings, keys, proxies or Python of the person's own get in."""
    # Not pytest's numbered folders: to find the next number it looks through those of all tests before.
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=tmp_path_factory.getbasetemp()))
    # Sockets live here, and their paths may have about 100 characters: pytest's folders are too deep.
    runtime = Path(tempfile.mkdtemp(prefix="op-"))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if FROM_OUTSIDE.match(name)]:
            patch.delenv(name)
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(folder))
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.delenv(name, raising=False)
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        patch.setenv("OVERPAINT_HOME", str(folder / "overpaint"))
        patch.setenv("PYTHONPATH", str(HERE.parent / "app"))  # what children run is what is tested
        if sys.platform != "linux":  # elsewhere no other home keeps the person's own keyring away
            patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield folder
    shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def warm_processes() -> Iterator[None]:
    """Ends the reading processes and the engine that windows of all tests shared, if any did."""
    yield
    if (warm := sys.modules.get("tests.warm")) is not None:
        warm.WARM.close()


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns a hundred times as often as usual, so that what they share is put to the test."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    yield
    sys.setswitchinterval(before)


class _ErrorRecords(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_stray_error_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs an error it did not announce with `@pytest.mark.error_logs("pattern")`."""
    marker = request.node.get_closest_marker("error_logs")
    announced = re.compile(marker.args[0]) if marker else None
    records = _ErrorRecords()
    logging.getLogger().addHandler(records)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(records)
    stray = [message for message in records.messages if not (announced and announced.search(message))]
    if stray:
        pytest.fail("error logged, but not announced:\n" + "\n".join(stray), pytrace=False)
    if announced and not records.messages:
        pytest.fail(f"announced error was not logged: {announced.pattern}", pytrace=False)


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], Any]]:
    """Run tests that touch Qt in Qt's loop, as the window does, and all others in the stock loop."""
    if any(item.path.is_relative_to(folder) for folder in QT_FOLDERS):
        return {"qt": _qt_loop}
    return {"stock": asyncio.new_event_loop}


def _qt_loop() -> Any:
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    class QtLoop(QEventLoop):  # type: ignore[misc]  # qasync has no types
        """The window's loop with the window's threads; it ends its timers where they live.

        Left to the garbage collector, which may run on any thread, they crash Qt in a later test. And what
        worker threads say just before the end arrives after it, in a later test: nobody listens any more.
        """

        def close(self) -> None:
            super().close()
            for timer in tuple(self._timer._SimpleTimer__callbacks):
                self._timer.killTimer(timer)
            self._timer._SimpleTimer__callbacks.clear()

        def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> Any:
            return handle if self.is_closed() else super()._add_callback(handle, delay)

    loop = QtLoop(QApplication.instance() or QApplication([]))
    loop.set_default_executor(ThreadPoolExecutor(6, thread_name_prefix="work"))
    return loop


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer an order in which no test can rest on what another one left."""
    words = "run the files, and the tests of each file, in the random order that this number gives"
    parser.addoption("--random-order", type=int, metavar="SEED", help=words)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle the tests if asked to, and let every coroutine test fail when it leaves a task running."""
    seed = config.getoption("--random-order")
    if seed is not None:
        _shuffle(items, random.Random(seed))
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        inner = getattr(getattr(item.obj, "hypothesis", None), "inner_test", None)
        if inspect.iscoroutinefunction(inner):
            item.obj.hypothesis.inner_test = _without_leaks(inner)
        elif inspect.iscoroutinefunction(item.obj):
            item.obj = _without_leaks(item.obj)


def _shuffle(items: list[pytest.Item], chance: random.Random) -> None:
    """Bring files into another order, and tests within their file: what a file's tests share is made once."""
    place = {path: chance.random() for path in dict.fromkeys(item.path for item in items)}
    items.sort(key=lambda item: (place[item.path], chance.random()))


def _without_leaks(test: Callable[..., Any]) -> Callable[..., Any]:
    if hasattr(test, "checks_for_leaks"):  # parametrized tests share one function
        return test

    @functools.wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        before = asyncio.all_tasks()
        await test(*args, **kwargs)
        for _ in range(5):  # what was just cancelled may still have to take notice
            await asyncio.sleep(0)
        left = [task for task in asyncio.all_tasks() - before if not task.done()]
        assert not left, f"tasks left running: {[task.get_coro() for task in left]}"

    run.checks_for_leaks = True  # type: ignore[attr-defined]  # a mark on the function itself
    return run
