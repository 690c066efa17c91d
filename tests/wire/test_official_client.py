"""The official Python client of the API, as it comes, pointed at a real ``overpaint engine`` process."""

import base64
import io
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types import ImagesResponse
from PIL import Image
from tests.conftest import Photo
from tests.engine.serving import mask_of, pixels

TOKEN = "a-token-of-this-test"
SIZE = (1024, 640)
ASKED: dict[str, Any] = {"model": "gpt-image-2", "prompt": "make it warmer", "size": "1024x640"}
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
MOST_AT_ONCE = 10


@dataclass(frozen=True)
class Served:
    """Where the engine listens."""

    base_url: str
    port: int

    def client(self, **changes: Any) -> OpenAI:
        """The official client, told the address and the key and nothing else unless named."""
        return OpenAI(**{"base_url": self.base_url, "api_key": TOKEN, **changes})


@pytest.fixture(scope="module")
def engine() -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "overpaint", "engine", "--port", str(port), "--token", TOKEN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = json.loads(process.stdout.readline())
        assert line == {"base_url": f"http://127.0.0.1:{port}/v1", "token": TOKEN}
        yield Served(line["base_url"], port)
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.fixture
def client(engine: Served) -> Iterator[OpenAI]:
    with engine.client() as one:
        yield one


@pytest.fixture
def cat(photo: Photo) -> Path:
    return photo("chelsea.png", SIZE)


def picture(b64: str | None) -> Image.Image:
    image = Image.open(io.BytesIO(base64.b64decode(b64 or "", validate=True)))
    image.load()
    return image


def pictures(reply: ImagesResponse) -> list[Image.Image]:
    return [picture(one.b64_json) for one in reply.data or []]


@pytest.mark.parametrize("count", [1, 16])
def test_plain_edit_when_of_one_or_sixteen_pictures_then_gives_a_picture_and_its_usage(
    client: OpenAI, photo: Photo, count: int
) -> None:
    names = ["chelsea.png", *["coffee.jpg", "rocket.webp", "retina.png"] * 5][:count]

    reply = client.images.edit(image=[photo(name) for name in names], **ASKED)

    assert [one.size for one in pictures(reply)] == [SIZE]
    assert (reply.size, reply.quality, reply.output_format, reply.background) == (
        "1024x640", "medium", "png", "opaque",
    )  # fmt: skip
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.input_tokens + reply.usage.output_tokens
    assert reply.usage.input_tokens_details.image_tokens >= 500 * count
    assert reply.created > 1_700_000_000


@pytest.mark.parametrize("count", [1, 16])
@pytest.mark.parametrize("partials", [0, 3])
def test_streamed_edit_when_of_one_or_sixteen_pictures_then_gives_the_clients_own_events(
    client: OpenAI, cat: Path, count: int, partials: int
) -> None:
    with client.images.edit(image=[cat] * count, stream=True, partial_images=partials, **ASKED) as stream:
        events = list(stream)

    *shown, last = events
    assert [one.type for one in shown] == ["image_edit.partial_image"] * partials
    assert [one.partial_image_index for one in shown if one.type != last.type] == list(range(partials))
    assert last.type == "image_edit.completed"
    assert last.usage.output_tokens >= 100 * partials
    assert {picture(one.b64_json).size for one in events} == {SIZE}


async def test_streamed_edit_when_the_client_is_the_asynchronous_one_then_is_the_same(
    engine: Served, client: OpenAI, cat: Path
) -> None:
    plain = client.images.edit(image=cat, **ASKED)

    async with (
        AsyncOpenAI(base_url=engine.base_url, api_key=TOKEN) as other,
        await other.images.edit(image=cat, stream=True, partial_images=1, **ASKED) as stream,
    ):
        events = [one async for one in stream]

    assert [one.type for one in events] == ["image_edit.partial_image", "image_edit.completed"]
    assert np.array_equal(pixels(picture(events[-1].b64_json)), pixels(*pictures(plain)))


def test_streamed_edit_when_left_at_its_first_partial_then_the_next_edit_is_served(
    client: OpenAI, cat: Path
) -> None:
    with client.images.edit(image=cat, stream=True, partial_images=3, **ASKED) as stream:
        next(iter(stream))

    assert pictures(client.images.edit(image=cat, **ASKED))


@pytest.mark.parametrize("stream", [False, True])
def test_edit_when_there_is_a_mask_then_only_what_is_inside_changes(
    client: OpenAI, cat: Path, stream: bool
) -> None:
    _, mask = mask_of(SIZE, (300, 200, 560, 420))
    asked = {**ASKED, "prompt": "make it much darker"}

    if stream:
        with client.images.edit(image=cat, mask=mask, stream=True, **asked) as events:
            result = picture(list(events)[-1].b64_json)
    else:
        (result,) = pictures(client.images.edit(image=cat, mask=mask, **asked))

    with Image.open(cat) as original:
        changed = np.abs(pixels(result) - pixels(original)).max(axis=2) > 0
    assert changed[210:410, 310:550].mean() > 0.9
    changed[200:421, 300:561] = False
    assert not changed.any()


def test_edit_when_two_are_asked_for_then_two_different_pictures_come_at_twice_the_output(
    client: OpenAI, cat: Path
) -> None:
    one, two = client.images.edit(image=cat, **ASKED), client.images.edit(image=cat, n=2, **ASKED)

    first, second = pictures(two)
    assert not np.array_equal(pixels(first), pixels(second))
    assert one.usage is not None
    assert two.usage is not None
    assert two.usage.output_tokens == 2 * one.usage.output_tokens


@pytest.mark.parametrize("kind", MAGIC)
@pytest.mark.parametrize("stream", [False, True])
def test_edit_when_a_format_is_asked_for_then_the_picture_is_of_it(
    client: OpenAI, cat: Path, kind: Any, stream: bool
) -> None:
    extra = {} if kind == "png" else {"output_compression": 60}
    asked = {**ASKED, "output_format": kind, **extra}

    if stream:
        with client.images.edit(image=cat, stream=True, partial_images=1, **asked) as events:
            texts = [one.b64_json for one in events]
    else:
        texts = [one.b64_json or "" for one in client.images.edit(image=cat, **asked).data or []]

    assert len(texts) == 1 + stream
    assert all(base64.b64decode(one).startswith(MAGIC[kind]) for one in texts)


def test_edit_when_every_field_of_the_table_is_sent_then_is_made(client: OpenAI, cat: Path) -> None:
    reply = client.images.edit(
        model="gpt-image-1.5", prompt="make it warmer", image=[cat, cat], n=1, size="1024x1024",
        quality="low", background="transparent", output_format="webp", output_compression=70,
        input_fidelity="high", user="me", extra_body={"moderation": "low"},
    )  # fmt: skip

    assert [one.mode for one in pictures(reply)] == ["RGBA"]
    assert (reply.background, reply.quality) == ("transparent", "low")


REFUSED: dict[str, tuple[dict[str, Any], type[openai.APIStatusError], int, str | None, str | None]] = {
    "model": ({"model": "gpt-4o"}, openai.NotFoundError, 404, "model_not_found", None),
    "prompt": ({"prompt": ""}, openai.BadRequestError, 400, "missing_required_parameter", "prompt"),
    "long": ({"prompt": "x" * 32_001}, openai.BadRequestError, 400, "string_above_max_length", "prompt"),
    "size": ({"size": "1025x640"}, openai.BadRequestError, 400, "invalid_value", "size"),
    "quality": ({"quality": "standard"}, openai.BadRequestError, 400, "invalid_value", "quality"),
    "n": ({"n": 11}, openai.BadRequestError, 400, "integer_above_max_value", "n"),
    "n of a stream": ({"n": 2, "stream": True}, openai.BadRequestError, 400, "invalid_value", "n"),
    "partials": (
        {"partial_images": 4, "stream": True},
        openai.BadRequestError, 400, "integer_above_max_value", "partial_images",
    ),
    "background": ({"background": "transparent"}, openai.BadRequestError, 400, "invalid_value", "background"),
    "format": ({"output_format": "gif"}, openai.BadRequestError, 400, "invalid_value", "output_format"),
    "fidelity": (
        {"input_fidelity": "high"},
        openai.BadRequestError, 400, "invalid_input_fidelity_model", "input_fidelity",
    ),
    "unknown": (
        {"response_format": "url"}, openai.BadRequestError, 400, "unknown_parameter", "response_format",
    ),
    "picture": (
        {"image": ("a.png", b"no picture", "image/png")},
        openai.BadRequestError, 400, "invalid_image_file", "image",
    ),
    "picture without a type": (
        {"image": b"\x89PNG\r\n\x1a\n"}, openai.BadRequestError, 400, "unsupported_file_mimetype", "image",
    ),
    "mask": ({"mask": mask_of((64, 64), (0, 0, 9, 9))[1]},
             openai.BadRequestError, 400, "invalid_image_file", "mask"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_edit_when_a_field_is_refused_then_the_client_raises_its_own_error_for_it(
    client: OpenAI, cat: Path, name: str
) -> None:
    fields, kind, status, code, param = REFUSED[name]

    with pytest.raises(kind) as caught:
        client.images.edit(**{**ASKED, "image": cat, **fields})

    fault = caught.value
    assert (type(fault), fault.status_code, fault.code, fault.param) == (kind, status, code, param)
    assert fault.type in ("invalid_request_error", "image_generation_user_error")
    assert (fault.request_id or "").startswith("req_")


@pytest.mark.parametrize("stream", [False, True])
def test_edit_when_the_key_is_wrong_then_an_authentication_error(
    engine: Served, cat: Path, stream: bool
) -> None:
    with engine.client(api_key="nonsense") as stranger, pytest.raises(openai.AuthenticationError) as caught:
        stranger.images.edit(image=cat, stream=stream, **ASKED)

    assert (caught.value.status_code, caught.value.code) == (401, "invalid_api_key")


def test_edit_when_it_comes_from_a_web_page_then_permission_is_denied(engine: Served, cat: Path) -> None:
    page = {"Origin": "https://example.com"}

    with engine.client(default_headers=page) as stranger, pytest.raises(openai.PermissionDeniedError):
        stranger.images.edit(image=cat, **ASKED)


def test_edit_when_the_engine_is_full_then_a_rate_limit_error_that_says_how_long(
    engine: Served, cat: Path
) -> None:
    with ExitStack() as held, engine.client(max_retries=0) as client:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(begun_upload(engine))
        with pytest.raises(openai.RateLimitError) as caught:
            client.images.edit(image=cat, **ASKED)

    assert (caught.value.status_code, caught.value.code) == (429, "rate_limit_exceeded")
    assert int(caught.value.response.headers["retry-after"]) >= 1


def test_edit_when_the_path_is_wrong_then_not_found(engine: Served, cat: Path) -> None:
    wrong = f"{engine.base_url}/nowhere"

    with engine.client(base_url=wrong) as client, pytest.raises(openai.NotFoundError, match="Invalid URL"):
        client.images.edit(image=cat, **ASKED)


def test_models_when_listed_by_the_client_then_hold_the_current_one(client: OpenAI) -> None:
    assert "gpt-image-2" in [one.id for one in client.models.list()]


def begun_upload(engine: Served) -> socket.socket:
    """A connection that has begun to send a picture and does not go on."""
    connection = socket.create_connection(("127.0.0.1", engine.port), timeout=20)
    head = (
        f"POST /v1/images/edits HTTP/1.1\r\nHost: 127.0.0.1:{engine.port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        "Content-Length: 40000000\r\n\r\n"
    )
    connection.sendall(head.encode() + b"--b\r\n")
    return connection
