"""The request's body, byte by byte and through a parser that is not ours."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_multipart import create_form_parser
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.wire import SPEC, plain, profile
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.api.transport.multipart import BLOCK_BYTES, FileBody, FormReader, edit_form, text_fields
from overpaint.core.errors import NotAllowed
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.model_table import ModelSpec

FULL = ModelSpec(family="full", names=("*",), input_fidelities=("low", "high"))
HERE = profile("https://api.example.com/v1")


def parsed(content_type: str, body: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str, str, bytes]]]:
    """The text parts, and the files as name, file name, media type and bytes."""
    texts: list[tuple[str, str]] = []
    files: list[tuple[str, str, str, bytes]] = []

    def on_file(file: Any) -> None:
        file.file_object.seek(0)
        files.append(
            (file.field_name.decode(), file.file_name.decode(), file.content_type, file.file_object.read())
        )
        file.close()

    def on_field(field: Any) -> None:
        texts.append((field.field_name.decode(), (field.value or b"").decode()))

    parser = create_form_parser({"Content-Type": content_type.encode()}, on_field, on_file)
    parser.write(body)
    parser.finalize()
    return texts, files


async def posted(client: EditClient, request: EditRequest, **changes: Any) -> Any:
    """What arrives at a server for a request."""
    async with FaultServer(Script(body=plain(PNG))) as server:
        await outcome(client, request, profile(server.base_url, **changes))
    return server.requests[0]


async def test_the_body_when_parsed_by_another_then_holds_texts_first_and_the_files_as_they_are(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    names = ("chelsea.png", "coffee.jpg", "rocket.webp")
    request = request_of(*names, mask=PNG, prompt="Ein Hut,\r\n“ja” 🐈", user="me")

    arrived = await posted(client, request)
    texts, files = parsed(arrived.headers["content-type"], arrived.body)

    assert texts == [
        ("model", "gpt-image-2"), ("prompt", "Ein Hut,\r\n“ja” 🐈"), ("stream", "true"),
        ("partial_images", "2"), ("user", "me"),
    ]  # fmt: skip
    assert [one[:2] for one in files] == [
        *(("image[]", f"image-{name}") for name in ("1.png", "2.jpg", "3.webp")), ("mask", "mask.png"),
    ]  # fmt: skip
    assert [one[3] for one in files] == [
        *(photo(name).read_bytes() for name in names), PNG,
    ]  # fmt: skip
    for media in (b"image/png", b"image/jpeg", b"image/webp"):
        assert b"Content-Type: " + media + b"\r\n\r\n" in arrived.body
    assert arrived.headers["content-length"] == str(len(arrived.body))
    assert "transfer-encoding" not in arrived.headers


async def test_the_body_then_is_laid_out_to_the_byte(
    client: EditClient, request_of: RequestOf, photo: Photo
) -> None:
    arrived = await posted(client, request_of("chelsea.png", stream=False, size="1536X1024"))

    mark = arrived.headers["content-type"].partition("boundary=")[2].encode()
    expected = (
        b'--%b\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-image-2\r\n'
        b'--%b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nPut a hat on the cat.\r\n'
        b'--%b\r\nContent-Disposition: form-data; name="size"\r\n\r\n1536x1024\r\n'
        b'--%b\r\nContent-Disposition: form-data; name="image"; filename="image-1.png"\r\n'
        b"Content-Type: image/png\r\n\r\n%b\r\n--%b--\r\n"
    ) % (mark, mark, mark, mark, photo("chelsea.png").read_bytes(), mark)
    assert arrived.body == expected


async def test_the_request_then_goes_to_the_profiles_path_with_its_query(
    client: EditClient, request_of: RequestOf
) -> None:
    arrived = await posted(
        client,
        request_of(),
        path="/openai/deployments/my-image/images/edits",
        query={"api-version": "preview"},
    )

    assert arrived.method == "POST"
    assert arrived.target == "/v1/openai/deployments/my-image/images/edits?api-version=preview"
    assert arrived.headers["accept-encoding"] == "identity"
    assert arrived.headers["host"].startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("style", "count", "name"),
    [("auto", 1, "image"), ("auto", 2, "image[]"), ("image[]", 1, "image[]"), ("image", 3, "image")],
)
def test_file_parts_then_are_named_as_the_profile_says(
    request_of: RequestOf, style: str, count: int, name: str
) -> None:
    form = edit_form(request_of(*["chelsea.png"] * count), profile("https://x", image_field=style), SPEC)

    heads = [one for one in form.segments if isinstance(one, bytes) and b'filename="' in one]
    assert [f'name="{name}";'.encode() in one for one in heads] == [True] * count


def test_text_parts_then_leave_out_what_the_endpoint_drops(request_of: RequestOf) -> None:
    where = profile(
        "https://x", drop_fields=("user", "quality"), response_format="b64_json", true_word="True"
    )

    fields = dict(text_fields(request_of(user="me", quality="high", moderation="low"), where, FULL))

    assert fields == {
        "model": "gpt-image-2", "prompt": "Put a hat on the cat.", "moderation": "low", "stream": "True",
        "partial_images": "2", "response_format": "b64_json",
    }  # fmt: skip


def test_text_parts_when_the_endpoint_never_streams_then_ask_for_none(request_of: RequestOf) -> None:
    fields = dict(text_fields(request_of(), profile("https://x", streams="no"), FULL))

    assert set(fields) == {"model", "prompt"}


@pytest.mark.parametrize("name", ["Client X - secret", 'a"b', "a\r\nX: y", "日本語", "x" * 200])
def test_a_file_name_when_it_says_something_then_stays_here(
    request_of: RequestOf, tmp_path: Path, name: str
) -> None:
    request = request_of("chelsea.png", "coffee.jpg", mask=b"mask")
    private = tmp_path / f"{name}.jpg"
    private.write_bytes(request.pictures[1].path.read_bytes())
    second = replace(request.pictures[1], path=private, name=private.name)
    request = replace(request, pictures=(request.pictures[0], second))

    form = edit_form(request, profile("https://x"), FULL)

    heads = b"".join(one for one in form.segments if isinstance(one, bytes))
    names = [one.split(b'"')[0].decode() for one in heads.split(b'filename="')[1:]]
    assert names == ["image-1.png", "image-2.jpg", "mask.png"]
    assert name.encode() not in heads


async def test_a_file_then_is_read_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "big.png"
    path.write_bytes(bytes(BLOCK_BYTES * 2 + 7))
    reader = FormReader([b"head", FileBody(path, path.stat().st_size, "big.png"), b"tail"])

    lengths = []
    while (block := await reader.next()) is not None:
        lengths.append(len(block))

    assert lengths == [4, BLOCK_BYTES, BLOCK_BYTES, 7, 4]


async def test_a_file_when_it_shrinks_while_it_leaves_then_the_edit_stops_unsent(
    client: EditClient, request_of: RequestOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shrinking.png"
    path.write_bytes(bytes(1000))
    request = request_of()
    request = replace(request, pictures=(replace(request.pictures[0], path=path, name="shrinking.png"),))
    form = edit_form(request, HERE, SPEC)
    path.write_bytes(bytes(10))
    monkeypatch.setattr("overpaint.api.transport.multipart.edit_form", lambda *_: form)

    async with FaultServer() as server:
        ended = await outcome(client, request, profile(server.base_url))

    assert isinstance(ended.failure, NotAllowed)
    assert "“shrinking.png” changed while it was being sent" in ended.failure.message
    assert not any(one.complete for one in server.requests)


def test_a_file_when_it_is_empty_then_is_refused_by_name(request_of: RequestOf, tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    request = request_of()
    request = replace(
        request, pictures=(replace(request.pictures[0], path=tmp_path / "empty.png", name="empty.png"),)
    )

    with pytest.raises(NotAllowed, match=r"“empty.png” is an empty file"):
        edit_form(request, HERE, SPEC)


def test_a_file_when_another_program_has_changed_it_then_is_refused_by_name(
    request_of: RequestOf, tmp_path: Path
) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(b"a picture")
    picture = replace(request_of().pictures[0], path=file, name="cat.png", bytes=9)
    known = replace(picture, modified=file.stat().st_mtime_ns)

    edit_form(replace(request_of(), pictures=(known,)), HERE, SPEC)
    os.utime(file, ns=(1, 1))

    with pytest.raises(NotAllowed, match=r"“cat.png” has been changed .* so nothing was sent"):
        edit_form(replace(request_of(), pictures=(known,)), HERE, SPEC)
