"""What each model accepts and costs, as data: one table, matched by name, which the user can extend.

The table that ships is ``resources/models.toml``; a file of the same form in the user's configuration
folder comes first. Names that no row knows get the permissive row, whose requests are not checked.
"""

import fnmatch
from collections.abc import Iterable
from pathlib import Path

import msgspec

from overpaint import resources
from overpaint.core.errors import SettingsError
from overpaint.core.sizes import SizeRules

_PLUS_SUFFIX = "-plus"


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars per million tokens."""

    text_in: float
    image_in: float
    out: float


class ModelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of the table: a model family and what it takes.

    ``names`` are patterns as in file names (``gpt-image-2*``). Empty tuples mean that the field is not
    taken at all; ``refusals`` gives the sentence that stands beside such a disabled field.
    """

    family: str
    names: tuple[str, ...]
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
    max_pictures: int = 16
    max_count: int = 10
    max_partials: int = 3
    streams: bool = True
    refusals: dict[str, str] = {}
    prices: Prices | None = None
    token_formula: str = ""
    output_tokens: dict[str, dict[str, int]] = {}
    output_dollars: dict[str, dict[str, float]] = {}

    def refusal(self, field: str) -> str:
        """Why the model doesn't take a field, as a sentence; ``""`` when it does."""
        taken: tuple[str, ...] | bool = {
            "input_fidelity": self.input_fidelities,
            "quality": self.qualities,
            "background": self.backgrounds,
            "moderation": self.moderations,
            "output_format": self.formats,
            "stream": self.streams,
            "partial_images": self.streams and self.max_partials > 0,
        }.get(field, True)
        if taken:
            return ""
        words = field.replace("_", " ")
        return self.refusals.get(field, f"{self.title or self.family} doesn't take {words}")


class _TableFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    model: list[ModelSpec]


class ModelTable:
    """Model rows in order; the first whose pattern matches a name decides."""

    def __init__(self, rows: Iterable[ModelSpec]) -> None:
        self.rows = tuple(rows)
        if not any("*" in row.names for row in self.rows):
            raise SettingsError("The model table has no row for unknown models.", next_step="Add a row named “*”.")

    @classmethod
    def load(cls, user_file: Path | None = None) -> "ModelTable":
        """The shipped table with the rows of ``user_file``, where it exists, before it.

        Raises :class:`SettingsError` naming the file and the line's fault.
        """
        rows = _read(resources.path("models.toml"))
        if user_file is not None and user_file.exists():
            rows = _read(user_file) + rows
        return cls(rows)

    def find(self, name: str) -> ModelSpec:
        """The row for a model name, in any case; names that end in ``-plus`` never take ``quality``."""
        wanted = name.strip().lower()
        row = next(row for row in self.rows if any(fnmatch.fnmatchcase(wanted, one.lower()) for one in row.names))
        if not wanted.endswith(_PLUS_SUFFIX):
            return row
        refusals = {**row.refusals, "quality": "Models whose name ends in -plus choose the quality themselves"}
        return msgspec.structs.replace(row, qualities=(), refusals=refusals)

    def offered(self) -> tuple[str, ...]:
        """Every name worth offering, in the table's order, once each."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.offered))


def _read(file: Path) -> list[ModelSpec]:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=_TableFile).model
    except msgspec.MsgspecError as fault:
        raise SettingsError(
            f"The model table {file.name} can't be read.", cause=str(fault), next_step=f"Mend or remove {file}."
        ) from fault
    except OSError as fault:
        raise SettingsError(f"The model table {file.name} can't be opened.", cause=str(fault)) from fault
