"""What the tests of the client share: requests with real photographs, profiles, and replies of the API."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from tests.conftest import Photo

from overpaint.api.client import EditClient
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size


@pytest_asyncio.fixture
async def client() -> AsyncIterator[EditClient]:
    """A client that is closed after the test."""
    one = EditClient()
    yield one
    await one.close()


@pytest.fixture
def request_of(photo: Photo) -> Callable[..., EditRequest]:
    """Makes a request for some photographs, by their names, with any parameters."""

    def make(*names: str, mask: bytes | None = None, **params: object) -> EditRequest:
        pictures = []
        for name in names or ("chelsea.png",):
            path = photo(name)
            kind = {".png": "png", ".jpg": "jpeg", ".webp": "webp"}[path.suffix]
            pictures.append(Picture(path, name, kind, Size(451, 300), path.stat().st_size))
        settings = EditParams(prompt="Put a hat on the cat.").replace(**params)
        return EditRequest(settings, tuple(pictures), mask)

    return make
