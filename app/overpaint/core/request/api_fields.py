"""What a row of the table of API fields can say.

The table itself is ``params.EditParams``: each parameter is declared there once, and its row is the
``Annotated`` metadata of its type.

Problems, wire, engine, command line and inspector are made from these rows and name a field only where it
means something that no row can say.
"""

from collections.abc import Mapping
from functools import cache
from typing import get_type_hints

import msgspec

Value = str | int | bool


class OnlyWith(msgspec.Struct, frozen=True, kw_only=True):
    """A field that means something only while another ``field`` has one of ``values``.

    ``omitted`` says in a list of the fields that stay behind why this one does, ``reason`` says it as a
    sentence beside its control.
    """

    field: str
    values: tuple[Value, ...]
    omitted: str
    reason: str


class ApiField(msgspec.Struct, frozen=True, kw_only=True):
    """One row: what every field has.

    ``name`` and ``default`` come from the declaration. ``left_out`` is the value that the service takes where
    the field isn't sent; ``title`` stands over the control, ``spoken`` is its longer name for screen readers;
    ``help`` and ``metavar`` are the command line's; ``allowed_by`` is the attribute of a model's row that is
    empty where the model doesn't take the field (without one, ``refusals`` alone says it); ``editor`` names a
    special control of the inspector.
    """

    name: str = ""
    default: Value = ""
    left_out: Value = ""
    title: str
    spoken: str = ""
    help: str = ""
    metavar: str = ""
    allowed_by: str = ""
    only_with: OnlyWith | None = None
    editor: str = ""

    @property
    def words(self) -> str:
        """The field's name in the middle of a sentence."""
        return self.name.replace("_", " ")


class Text(ApiField, frozen=True, kw_only=True):
    """Free text of at most ``longest`` characters (0: any length). With ``missing``, the sentence for a blank
    one, it is required and always sent; ``trimmed`` leaves out the spaces around it."""

    longest: int = 0
    missing: str = ""
    trimmed: bool = False


class Choice(ApiField, frozen=True, kw_only=True):
    """One of a few ``values``, each with the words that the user reads for it.

    ``allowed_by`` holds those that a model takes. ``refused`` has the sentences for values that must not be
    left out in silence where the model doesn't take them; ``{title}`` in them is the model's.
    ``only_if_taken`` leaves out any value that the model doesn't take.
    """

    values: Mapping[str, str]
    left_out: Value = "auto"
    refused: Mapping[str, str] = {}
    only_if_taken: bool = False


class Number(ApiField, frozen=True, kw_only=True):
    """A whole number from ``low`` to ``high``, or to the attribute ``high_by`` of a model's row.

    ``problem`` is the sentence for one outside, with ``{low}`` and ``{high}``.
    """

    low: int
    high: int
    high_by: str = ""
    problem: str


class Switch(ApiField, frozen=True, kw_only=True):
    """Yes or no. ``label`` stands beside the box; ``off`` says what happens while it is off."""

    left_out: Value = False
    label: str
    off: str


class PictureSize(ApiField, frozen=True, kw_only=True):
    """``auto`` or ``WxH`` in pixels, which the rules in the attribute ``rules_by`` of a model's row allow."""

    left_out: Value = "auto"
    rules_by: str


@cache
def fields_of(params: type[msgspec.Struct]) -> Mapping[str, ApiField]:
    """The rows of a type of parameters by their names, in the order of the wire."""
    hints = get_type_hints(params, include_extras=True)
    defaults = dict(zip(params.__struct_fields__, params.__struct_defaults__, strict=True))
    return {
        name: msgspec.structs.replace(hints[name].__metadata__[0], name=name, default=default)
        for name, default in defaults.items()
    }
