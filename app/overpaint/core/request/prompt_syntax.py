"""What a prompt holds beside plain words: pictures by their names, and fields that are filled in.

``@lamp`` and ``@"old lamp"`` are pictures of the tray; the service knows them by their order, so they are
sent as ``image 1``, ``image 2``. ``{subject}`` is a field, sent as what was typed for it. ``@@lamp``,
``@@"old lamp"`` and ``{{subject}}`` are sent as ``@lamp``, ``@"old lamp"`` and ``{subject}``, and nothing in
them is a mark. Whatever looks otherwise (an e-mail address, JSON) is plain words.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from overpaint.core.errors import Problem

MAX_FIELD_NAME = 40
"""Characters of a field's name; longer words in braces are plain words."""

MAX_FIELDS = 24
"""Fields of one prompt."""

_MOST_UNKNOWN = 3

_LONGEST = 300
_BARE = r"\w+(?:[.\-]+\w+)*"
_FIELD = rf"[^\W\d_][\w \-]{{0,{MAX_FIELD_NAME - 1}}}"
_QUOTED = rf'(?:[^"\n]|""){{1,{_LONGEST}}}'
_MARKS = re.compile(
    rf'(?P<at>(?<![\w@])@@(?:"{_QUOTED}"|(?=[\w"])))'
    rf'|(?<![\w@])@(?:(?P<bare>{_BARE})|"(?P<quoted>{_QUOTED})")'
    rf"|(?P<shown>\{{\{{{_FIELD}\}}\}})"
    r"|(?P<brace>\{\{)"
    rf"|\{{(?P<field>{_FIELD})\}}"
)
_BEING_TYPED = re.compile(r'(?<![\w@])@(?P<quote>"?)(?P<name>[^"\n@]{0,60})$')


class Mark(msgspec.Struct, frozen=True):
    """A part of a prompt that is not sent as it stands, from ``start`` to before ``end`` in characters.

    ``name`` is the picture's or the field's name, or the plain characters that an escape stands for.
    """

    kind: Literal["picture", "field", "escape"]
    start: int
    end: int
    name: str


@lru_cache(maxsize=32)  # every keystroke asks several times
def marks(prompt: str) -> tuple[Mark, ...]:
    """The pictures, fields and escapes of a prompt in their order. None of them spans a line feed."""
    return tuple(_marks(prompt))


def token(name: str) -> str:
    """How a picture is written in a prompt: ``@lamp``, or ``@"old lamp"`` where the name needs it."""
    if re.fullmatch(_BARE, name):
        return f"@{name}"
    doubled = " ".join(name.split()).replace('"', '""')
    return f'@"{doubled}"'


def plain(name: str) -> str:
    """A name as it is compared: without regard to case and to how its spaces are made."""
    return " ".join(name.split()).casefold()


def being_typed(before: str) -> tuple[int, str] | None:
    """Where a picture's name begins (its ``@``) that ends at the cursor, and what of it is there.

    ``before`` is the text of the line up to the cursor. None where no name is being typed.
    """
    found = _BEING_TYPED.search(before)
    return (found.start(), found["name"]) if found else None


def offered(typed: str, names: Sequence[str]) -> list[str]:
    """The names that complete what was typed: those that begin with it, then those that contain it."""
    wanted = plain(typed)
    begin = [name for name in names if plain(name).startswith(wanted)]
    return begin + [name for name in names if name not in begin and wanted in plain(name)]


def fields(prompt: str) -> tuple[str, ...]:
    """The names of a prompt's fields, each once, in the order of their first place."""
    return tuple(dict.fromkeys(mark.name for mark in marks(prompt) if mark.kind == "field"))


def unknown(prompt: str, pictures: Sequence[str]) -> tuple[str, ...]:
    """The names in a prompt that no picture has, each once."""
    known = {plain(name) for name in pictures}
    named = (mark.name for mark in marks(prompt) if mark.kind == "picture")
    return tuple(dict.fromkeys(name for name in named if plain(name) not in known))


def as_sent(prompt: str, pictures: Sequence[str], values: Mapping[str, str]) -> str:
    """The prompt as it goes on the wire. ``pictures`` are the tray's names in their order, ``values`` what
    was typed for the fields, where pictures may be named as well. What can't be resolved stays as it is."""
    order = {plain(name): f"image {at}" for at, name in enumerate(pictures, 1)}

    def named(mark: Mark, written: str) -> str:
        if mark.kind == "picture":
            return order.get(plain(mark.name), written)
        return mark.name if written.startswith("@@") else written

    def sent(mark: Mark, written: str) -> str:
        match mark.kind:
            case "picture":
                return named(mark, written)
            case "field":
                value = values.get(mark.name, "")
                return _rewritten(value, named) if value.strip() else written
        return mark.name

    return _rewritten(prompt, sent)


def field_problem(name: str, value: str, pictures: Sequence[str], left_out: Collection[str] = ()) -> str:
    """What is wrong with a field's value, in words; ``""`` when nothing is. ``left_out`` as in
    :func:`problems`."""
    if not value.strip():
        return f"Fill in {{{name}}}"
    resting = {plain(one) for one in left_out}
    strange = next(iter(unknown(value, pictures)), "")
    if not strange:
        return ""
    return _not_sent(strange) if plain(strange) in resting else _no_picture(strange)


def problems(
    prompt: str, pictures: Sequence[str], values: Mapping[str, str], left_out: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Names that no picture has that is sent, with the prompt that would send them as words, and fields that
    are empty; of many the first few. ``left_out`` are the names of pictures that are there and not sent."""
    strange = unknown(prompt, pictures)[:_MOST_UNKNOWN]
    resting = {plain(name) for name in left_out}
    found = [
        Problem("prompt", _not_sent(name))
        if plain(name) in resting
        else Problem("prompt", _no_picture(name), as_words(prompt, name))
        for name in strange
    ]
    named = fields(prompt)
    if len(named) > MAX_FIELDS:
        found.append(Problem("prompt", f"A prompt takes at most {MAX_FIELDS} fields; this has {len(named)}."))
    for name in named[:MAX_FIELDS]:
        if words := field_problem(name, values.get(name, ""), pictures, left_out):
            found.append(Problem("prompt", f"{words.rstrip('.')}."))
    return tuple(found)


def as_words(prompt: str, name: str) -> str:
    """The prompt with a picture's name escaped, so that it is sent as it stands."""

    def escaped(mark: Mark, written: str) -> str:
        return f"@{written}" if mark.kind == "picture" and mark.name == name else written

    return _rewritten(prompt, escaped)


def renamed(prompt: str, names: Mapping[str, str]) -> str:
    """The prompt after pictures got other names: ``names`` has the new one for each old one."""
    new = {plain(old): name for old, name in names.items()}

    def followed(mark: Mark, written: str) -> str:
        name = new.get(plain(mark.name)) if mark.kind == "picture" else None
        return written if name is None else token(name)

    return _rewritten(prompt, followed)


def _marks(prompt: str) -> Iterator[Mark]:
    for found in _MARKS.finditer(prompt):
        start, end = found.span()
        if (name := found["bare"]) is not None:
            yield Mark("picture", start, end, name)
        elif (name := found["quoted"]) is not None:
            yield Mark("picture", start, end, name.replace('""', '"'))
        elif (name := found["field"]) is not None:
            yield Mark("field", start, end, name.strip())
        elif (shown := found["shown"]) is not None:
            yield Mark("escape", start, end, shown[1:-1])
        else:
            yield Mark("escape", start, end, found[0][1:])


def _rewritten(prompt: str, write: Callable[[Mark, str], str]) -> str:
    parts: list[str] = []
    done = 0
    for mark in marks(prompt):
        parts += (prompt[done : mark.start], write(mark, prompt[mark.start : mark.end]))
        done = mark.end
    return "".join((*parts, prompt[done:]))


def _not_sent(name: str) -> str:
    return f"“{name}” isn't sent: switch its eye on in the tray."


def _no_picture(name: str) -> str:
    return f"There is no picture named “{name}”."
