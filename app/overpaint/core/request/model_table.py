"""What each model accepts and costs, as data: one table, matched by name, which the user can extend.

The table that ships is ``resources/models.toml``; a file of the same form in the user's configuration
folder comes first. Names that no row knows get the permissive row, whose requests are not checked.
"""

import fnmatch
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from overpaint import resources
from overpaint.core.errors import SettingsError
from overpaint.core.request.api_fields import fields_of
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import SizeRules

_PLUS_SUFFIX = "-plus"
_PLUS_REFUSAL = "-plus models choose it"

Dollars = Annotated[float, msgspec.Meta(ge=0)]


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """US dollars per million tokens; input that the service had ``cached`` costs as any other where that
    price is None."""

    text_in: Annotated[Dollars, msgspec.Meta(title="Text in")]
    image_in: Annotated[Dollars, msgspec.Meta(title="Pictures in")]
    out: Annotated[Dollars, msgspec.Meta(title="Output")]
    cached: Annotated[Dollars | None, msgspec.Meta(title="Cached in")] = None


class ModelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table: a model family and what it takes.

    ``names`` are patterns as in file names (``gpt-image-2*``). Empty tuples mean that the field is not
    taken at all; ``refusals`` gives the sentence that stands beside such a disabled field.
    ``picture_tokens`` says how pictures that go up are counted: in 32-px patches or in 512-px tiles.
    """

    family: str
    names: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    title: str = ""
    offered: tuple[str, ...] = ()
    checked: bool = True
    note: str = ""
    sizes: SizeRules = SizeRules()
    qualities: tuple[str, ...] = ("auto", "low", "medium", "high")
    input_fidelities: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ("auto", "opaque")
    moderations: tuple[str, ...] = ("auto", "low")
    formats: tuple[str, ...] = ("auto", "png", "jpeg", "webp")
    max_pictures: Annotated[int, msgspec.Meta(ge=1, le=16)] = 16
    max_count: Annotated[int, msgspec.Meta(ge=1, le=10)] = 10
    max_partials: Annotated[int, msgspec.Meta(ge=0, le=3)] = 3
    streams: bool = True
    refusals: dict[str, str] = {}
    prices: Prices | None = None
    token_formula: Literal["", "gpt-image-2"] = ""
    picture_tokens: Literal["patches", "tiles"] = "patches"
    output_tokens: dict[str, dict[str, int]] = {}
    output_dollars: dict[str, dict[str, Dollars]] = {}

    def refusal(self, field: str) -> str:
        """Why the model doesn't take a field, as a sentence; ``""`` when it does."""
        row = fields_of(EditParams).get(field)
        allowed_by = row.allowed_by if row else ""
        rests_on = row.only_with.field if row and row.only_with else ""
        is_taken = bool(getattr(self, allowed_by)) if allowed_by else field not in self.refusals
        if is_taken and not (rests_on and self.refusal(rests_on)):
            return ""
        usual = f"{self.title or self.family} doesn't take {field.replace('_', ' ')}"
        return self.refusals.get(field) or self.refusals.get(rests_on) or usual


class _TableFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: list[ModelSpec]


class ModelTable:
    """Model rows in order; the first whose pattern matches a name decides.

    ``rows`` are those in force, ``shipped`` the same with the prices that they came with.
    """

    def __init__(self, rows: Iterable[ModelSpec]) -> None:
        self.rows = self.shipped = tuple(rows)
        if not any("*" in row.names for row in self.rows):
            raise SettingsError(
                "The model table has no row for unknown models.", next_step="Add a row named “*”."
            )

    @classmethod
    def load(cls, user_file: Path | None = None) -> "ModelTable":
        """The shipped table with the rows of ``user_file``, where it exists, before it.

        Raises :class:`SettingsError` naming the file and what is wrong in it.
        """
        own = [] if user_file is None else _read(user_file, may_be_missing=True)
        return cls(own + _read(resources.path("models.toml")))

    def find(self, name: str) -> ModelSpec:
        """The row for a model name, in any case; names that end in ``-plus`` never take ``quality``."""
        wanted = name.strip().lower()
        row = next(row for row in self.rows if _matches(wanted, row.names))
        if not wanted.endswith(_PLUS_SUFFIX):
            return row
        return msgspec.structs.replace(row, qualities=(), refusals={**row.refusals, "quality": _PLUS_REFUSAL})

    def use_prices(self, own: Mapping[str, Prices]) -> None:
        """Puts the user's prices in the place of the shipped ones; their keys are families."""
        self.rows = tuple(_priced(row, own[row.family]) if row.family in own else row for row in self.shipped)

    def offered(self) -> tuple[str, ...]:
        """Every name worth offering, in the table's order, once each."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.offered))


def _priced(row: ModelSpec, prices: Prices) -> ModelSpec:
    """A row at other prices; what it lists in dollars follows the price of output."""
    if row.prices is None or not row.prices.out:
        return msgspec.structs.replace(row, prices=prices)
    factor = prices.out / row.prices.out
    dollars = {
        quality: {size: price * factor for size, price in sizes.items()}
        for quality, sizes in row.output_dollars.items()
    }
    return msgspec.structs.replace(row, prices=prices, output_dollars=dollars)


def _matches(wanted: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(wanted, pattern.lower()) for pattern in patterns)


def _read(file: Path, *, may_be_missing: bool = False) -> list[ModelSpec]:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=_TableFile).model
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise SettingsError(
            f"The model table {file.name} can't be read.",
            cause=str(fault),
            next_step=f"Mend or remove {file}.",
        ) from fault
    except OSError as fault:
        if may_be_missing and isinstance(fault, FileNotFoundError):
            return []
        raise SettingsError(f"The model table {file.name} can't be opened.", cause=str(fault)) from fault
