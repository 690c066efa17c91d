"""Fixtures of the studio's tests: a workshop over folders of the test, and a server that plays scripts."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from tests.api.wire import profile
from tests.fault_server import FaultServer, Script
from tests.studio.making import KEY, Workshop

from overpaint.core.request.built_in_profiles import BUILT_IN

Served = Callable[..., AbstractAsyncContextManager[tuple[FaultServer, Workshop]]]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Opens a workshop whose edits go to a server that plays the given scripts."""
    for name, value in KEY.items():
        monkeypatch.setenv(name, value)

    @asynccontextmanager
    async def serve(*scripts: Script, **changes: object) -> AsyncIterator[tuple[FaultServer, Workshop]]:
        async with FaultServer(*scripts) as server:
            workshop = Workshop(tmp_path, profile(server.base_url, **changes))
            try:
                yield server, workshop
            finally:
                await workshop.close()

    return serve


@pytest_asyncio.fixture
async def offline(tmp_path: Path) -> AsyncIterator[Workshop]:
    """A workshop with the real engine as its endpoint."""
    workshop = Workshop(tmp_path, BUILT_IN[0])
    yield workshop
    await workshop.close()
