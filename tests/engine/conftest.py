"""One engine process for each file of tests."""

from collections.abc import Iterator

import pytest
from tests.engine import serving
from tests.engine.serving import Engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A running engine, ended when the file's tests are done."""
    running = serving.start()
    yield running
    running.stop()
