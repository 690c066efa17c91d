"""Starts the engine: a free port on 127.0.0.1, a token for this run, one line of JSON, and a good end."""

import asyncio
import contextlib
import gc
import json
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import uvicorn

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.engine.app import make_app
from overpaint.engine.workers import WORKER_VARIABLE
from overpaint.imaging.service_drift import from_environment

_HOST = "127.0.0.1"
_BACKLOG = 64
_GRACE_SECONDS = 1


def serve(port: int | None, token: str | None, kind: type[EditParams] = EditParams) -> int:
    """Serves an API with the fields of ``kind`` until standard input closes or the process is told to end;
    returns its exit code.

    ``port`` None takes any free one, ``token`` None makes one for this run. The first line on standard
    output, once requests are accepted, is ``{"base_url": "http://127.0.0.1:PORT/v1", "token": "…"}``.
    """
    if os.environ.get(WORKER_VARIABLE) == "1":
        from overpaint.engine.worker import main

        main()
    try:
        from_environment()
    except ValueError as fault:
        sys.stderr.write(f"overpaint engine: {fault}\n")
        return 1
    listener = _listen(port or 0)
    if listener is None:
        sys.stderr.write(f"overpaint engine: port {port} on {_HOST} is taken or not allowed\n")
        return 1
    with listener:
        number = listener.getsockname()[1]
        token = token or secrets.token_urlsafe(32)
        app = make_app((f"{_HOST}:{number}", f"localhost:{number}"), token, ModelTable.load(), kind)
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            h11_max_incomplete_event_size=64 * 1024,
        )
        asyncio.run(_Server(config, f"http://{_HOST}:{number}/v1", token).serve([listener]))
    return 0


class _Server(uvicorn.Server):
    """Says where it listens, and ends without complaint at a signal or at the end of standard input."""

    def __init__(self, config: uvicorn.Config, base_url: str, token: str) -> None:
        super().__init__(config)
        self._line = json.dumps({"base_url": base_url, "token": token})

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts accepting, then tells the parent; ends where it can't be told."""
        await super().startup(sockets)
        gc.freeze()  # what start-up made stays; collections while pictures pass through need not walk it
        try:
            sys.stdout.write(self._line + "\n")
            sys.stdout.flush()
        except OSError:  # nobody will learn where it listens
            self.should_exit = True
            return
        threading.Thread(target=self._end_with_input, name="standard input", daemon=True).start()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Lets SIGINT and SIGTERM end the loop; unlike the base class, does not raise them again."""
        names = (signal.SIGINT, signal.SIGTERM)
        before = {name: signal.signal(name, self.handle_exit) for name in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Asks the loop to end; asked twice, it waits for no open request."""
        self.force_exit = self.should_exit
        self.should_exit = True

    def _end_with_input(self) -> None:
        """Reads without Python's buffer, whose lock a thread may not hold while the interpreter ends."""
        with contextlib.suppress(OSError):
            while sys.stdin is not None and os.read(sys.stdin.fileno(), 4096):
                pass
        self.should_exit = True


def _listen(port: int) -> socket.socket | None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError):
        listener.close()
        return None
    return listener
