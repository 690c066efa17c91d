"""Numbers as people type them: a point or a comma before the decimals, digits of any script, no grouping.

The same in every field and under every locale: a sign that groups thousands in one country is the decimal
sign of the next, and would make a cap a hundred times as high without a word.
"""

import math
import re
import unicodedata

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

Judged = tuple[QValidator.State, str, int]
"""Whether a text will do, the text as it may stay, and the place of the cursor."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_DECIMAL_SIGNS = str.maketrans({",": ".", "\u066b": ".", "\u2212": "-"})


def number(text: str) -> float:
    """The number that is typed, NaN for anything that is none."""
    plain = _plain(text.strip())
    value = float(plain) if _NUMBER.fullmatch(plain) else math.nan
    return value if math.isfinite(value) else math.nan


class WholeSpin(QSpinBox):
    """A whole number that is typed and shown in the same way under every locale."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(_locale())

    def validate(self, text: str, at: int) -> Judged:
        """Qt's own judgement of what is typed, once its digits are plain ones."""
        return super().validate(_plain_digits(text), at)


class DecimalSpin(QDoubleSpinBox):
    """A number with decimals that is typed and shown in the same way under every locale."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(_locale())

    def validate(self, text: str, at: int) -> Judged:
        """Qt's own judgement of what is typed, once its signs and digits are plain ones."""
        return super().validate(_plain(text), at)


def _plain(text: str) -> str:
    return _plain_digits(text).translate(_DECIMAL_SIGNS)


def _plain_digits(text: str) -> str:
    """Digits of every script as 0 to 9, each in its place."""
    return "".join(str(unicodedata.decimal(one, one)) for one in text)


def _locale() -> QLocale:
    plain = QLocale.c()
    plain.setNumberOptions(
        QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator
    )
    return plain
