"""An edit as it would leave, before it does: address, header fields and parts, and the same as a command.

Made of what the client sends by, so that it shows nothing else; only secrets are replaced.
"""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from overpaint.api.transport.connections import request_headers, request_url
from overpaint.api.transport.multipart import FileBody, Part, parts
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec

KEY_STANDS_FOR = "$OPENAI_API_KEY"
"""What stands in the place of the key: the variable that the command takes it from."""

_SECRET = re.compile(r"auth|cookie|key|pass|secret|signature|token", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves for an edit; in address and header fields ``variables`` stand for whatever is secret."""

    url: str
    headers: Mapping[str, str]
    parts: tuple[Part, ...]
    variables: tuple[str, ...]

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The text parts in their order."""
        return tuple((part.name, part.content) for part in self.parts if isinstance(part.content, str))

    @property
    def files(self) -> tuple[Part, ...]:
        """The pictures in their order, the mask last."""
        return tuple(part for part in self.parts if not isinstance(part.content, str))


def outgoing(request: EditRequest, profile: EndpointProfile, spec: ModelSpec) -> Outgoing:
    """An edit as it would be sent. Looks at the files' lengths and so touches the disk.

    Raises :class:`NotAllowed` where sending would: no usable address, or a picture whose file is gone.
    """
    shown, variables = _without_secrets(profile)
    url = str(request_url(shown))
    for variable in variables:
        url = url.replace(f"%24{variable[1:]}", variable)
    headers = request_headers(shown, KEY_STANDS_FOR)
    return Outgoing(url, headers, tuple(parts(request, profile, spec)), (KEY_STANDS_FOR, *variables))


def curl(edit: Outgoing, mask: Path) -> str:
    """The edit as a command for a POSIX shell, with the key taken from the environment; ``mask`` is the file
    in which the mask lies, where there is one.

    Source: the manual of curl, ``--form`` and ``--form-string``.
    """
    words = [f"curl --no-buffer {_filled_in(edit.url, edit.variables)}"]
    words += [f"-H {_filled_in(f'{name}: {value}', edit.variables)}" for name, value in edit.headers.items()]
    for part in edit.parts:
        if isinstance(part.content, str):
            words.append(f"--form-string {shlex.quote(f'{part.name}={part.content}')}")
        else:
            path = part.content.path if isinstance(part.content, FileBody) else mask
            place = str(path).replace("\\", "\\\\").replace('"', '\\"')
            facts = f'{part.name}=@"{place}";type={part.mime};filename={part.filename}'
            words.append(f"--form {shlex.quote(facts)}")
    return " \\\n  ".join(words)


def _without_secrets(profile: EndpointProfile) -> tuple[EndpointProfile, list[str]]:
    """The profile with variables in place of the secrets among its own header and query fields."""
    headers, query = (
        {name: _variable(name) if _SECRET.search(name) else value for name, value in fields.items()}
        for fields in (profile.headers, profile.query)
    )
    variables = [_variable(name) for name in (*profile.headers, *profile.query) if _SECRET.search(name)]
    return msgspec.structs.replace(profile, headers=headers, query=query), variables


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def _filled_in(text: str, variables: Iterable[str]) -> str:
    """Quoted so that the shell fills in the variables, where there are any, and changes nothing else."""
    present = [variable for variable in variables if variable in text]
    if not present:
        return shlex.quote(text)
    escaped = re.sub(r'(["\\`$])', r"\\\1", text)
    for variable in present:
        escaped = escaped.replace("\\" + variable, variable)
    return f'"{escaped}"'
