"""An edit before it leaves: nothing secret in what is shown, and a command that any shell takes as meant."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.runs import PNG, RequestOf
from tests.api.wire import SPEC, profile

from overpaint.api.transport.multipart import edit_form
from overpaint.api.transport.outgoing_request import KEY_STANDS_FOR, curl, outgoing
from overpaint.core.errors import NotAllowed

SECRET = "s3cret-value-of-the-user"
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")


def arguments(command: str, **environment: str) -> list[str]:
    """What a shell hands to curl for a command."""
    shown = subprocess.run(
        ["/bin/sh", "-c", f"curl() {{ printf '%s\\0' \"$@\"; }}\n{command}"],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    ).stdout
    return shown.decode().split("\0")[:-1]


def test_parts_are_those_of_the_form_that_is_sent(request_of: RequestOf) -> None:
    request, where = request_of("chelsea.png", "coffee.jpg", mask=PNG), profile("https://api.example.com/v1")

    edit = outgoing(request, where, SPEC)

    segments = edit_form(request, where, SPEC).segments
    heads = [one for one in segments if isinstance(one, bytes) and b"form-data" in one]
    assert len(heads) == len(edit.parts)
    for head, part in zip(heads, edit.parts, strict=True):
        assert f'name="{part.name}"'.encode() in head
    assert [part.name for part in edit.files] == ["image[]", "image[]", "mask"]
    assert edit.fields[0] == ("model", "gpt-image-2")


def test_secrets_among_header_and_query_fields_are_variables(request_of: RequestOf) -> None:
    where = profile(
        "https://api.example.com/v1",
        headers={"X-Proxy-Token": SECRET, "X-Team": "a$b `c`"},
        query={"subscription-key": SECRET, "api-version": "preview"},
    )

    edit = outgoing(request_of(), where, SPEC)
    command = curl(edit, Path("mask.png"))

    assert SECRET not in f"{edit} {command}"
    assert edit.headers["Authorization"] == f"Bearer {KEY_STANDS_FOR}"
    assert edit.url.endswith("?subscription-key=$SUBSCRIPTION_KEY&api-version=preview")


@posix
def test_command_fills_in_the_variables_and_nothing_else(request_of: RequestOf, tmp_path: Path) -> None:
    where = profile(
        "https://api.example.com/v1",
        headers={"X-Proxy-Token": SECRET, "X-Team": 'a$HOME `id` "b" \\c'},
        query={"subscription-key": SECRET},
    )
    mask = tmp_path / 'it\'s a "mask"; $x.png'
    prompt = '@it\'s <"x">\n$HOME `id` \\ ;type=text/plain'

    command = curl(outgoing(request_of(mask=PNG, prompt=prompt), where, SPEC), mask)
    given = arguments(command, OPENAI_API_KEY="sk-1", X_PROXY_TOKEN="t-2", SUBSCRIPTION_KEY="q-3")

    assert given[1] == "https://api.example.com/v1/images/edits?subscription-key=q-3"
    assert "Authorization: Bearer sk-1" in given
    assert "X-Proxy-Token: t-2" in given
    assert 'X-Team: a$HOME `id` "b" \\c' in given
    assert f"prompt={prompt}" in given
    place = str(mask).replace('"', '\\"')
    assert f'mask=@"{place}";type=image/png;filename=mask.png' in given


def test_mask_that_an_endpoint_drops_stays_behind(request_of: RequestOf) -> None:
    where = profile("https://api.example.com/v1", drop_fields=("mask",))

    request = request_of(mask=PNG)

    edit, form = outgoing(request, where, SPEC), edit_form(request, where, SPEC)

    assert [part.name for part in edit.files] == ["image"]
    assert PNG not in form.segments


def test_address_that_is_none_is_refused_as_at_sending(request_of: RequestOf) -> None:
    with pytest.raises(NotAllowed, match="address can't be read"):
        outgoing(request_of(), profile("http://[::1"), SPEC)
