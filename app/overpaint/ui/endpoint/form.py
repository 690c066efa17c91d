"""Every field of an endpoint profile as a form: first the few that all need, then what sets one apart."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from overpaint.core.errors import Problem
from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.config.settings_reading import title_of
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.collapsible import Disclosure
from overpaint.ui.widgets.fields.calm_combo import CalmCombo
from overpaint.ui.widgets.fields.numerals import number
from overpaint.ui.widgets.fields.titled_field import Field

_AUTH = {"bearer": "Authorization: Bearer", "api-key": "api-key header", "none": "No key"}
_PARTS = {"auto": "image, or image[] for several", "image[]": "Always image[]", "image": "Always image"}
_STREAMS = {"yes": "Yes", "no": "No", "ask": "Try, and offer the plain call"}
_LINES = 46


class EndpointForm(QWidget):
    """``changed`` comes with every edit; :meth:`profile` gives what the fields say, right or wrong."""

    changed = Signal()

    def __init__(
        self,
        profile: EndpointProfile,
        name_hint: str,
        key: QWidget,
        tokens: Tokens,
        taken: Collection[str] = (),
    ) -> None:
        """``key`` is what stands below the address: the key, which no profile holds. ``taken`` are names
        that the profile can't have."""
        super().__init__()
        self._start = profile
        self._name_hint = name_hint
        self._taken = {name.casefold(): name for name in taken}
        self._sections: dict[str, Disclosure] = {}
        self.fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._add_basics()
        self._column.addWidget(key)
        for section in (self._differences(), self._connection()):
            section.set_icons(tokens)
            self._column.addWidget(section)
        self._column.addStretch()

    def profile(self) -> EndpointProfile:
        """The profile as it stands in the fields; numbers that are none are NaN, which is a problem."""
        return msgspec.structs.replace(
            self._start,
            name=self._name.text().strip() or self._name_hint,
            base_url=self._url.text().strip().rstrip("/"),
            path=self._path.text().strip() or "/images/edits",
            auth=_value(self._auth, _AUTH),
            image_field=_value(self._parts, _PARTS),
            streams=_value(self._streams, _STREAMS),
            mask_field=self._mask.text().strip() or "mask",
            formats=_words(self._formats.text()),
            max_pictures=_count(self._most.text()),
            true_word=self._true.text().strip() or "true",
            drop_fields=_words(self._drop.text()),
            response_format=self._format.text().strip(),
            headers=_pairs(self._headers.toPlainText(), ":"),
            query=_pairs(self._query.toPlainText(), "="),
            models=_words(self._models.text()),
            price_multiplier=number(self._multiplier.text()),
            timeouts=Timeouts(*(number(edit.text()) for edit in self._timeouts)),
            proxy=self._proxy.text().strip(),
            ca_file=self._ca.text().strip(),
            allow_plain_http=self._plain.isChecked(),
        )

    def problems(self) -> tuple[Problem, ...]:
        """What keeps the fields from being saved: problems of the profile, and of what makes none."""
        typed = (
            self._name_problem(),
            _lines_problem("headers", self._headers.toPlainText(), ":"),
            _lines_problem("query", self._query.toPlainText(), "="),
        )
        return (*(one for one in typed if one is not None), *self.profile().problems())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Words beside the fields that can't stay as they are; an empty address is no fault yet."""
        by_field: dict[str, str] = {}
        for problem in problems:
            by_field.setdefault(problem.field, problem.message)
        if not self._url.text().strip():
            by_field.pop("base_url", None)
        for name, field in self.fields.items():
            field.set_problem(by_field.get(name, ""))
        for name in by_field.keys() & self._sections.keys():
            self._sections[name].open()  # words that nobody sees would leave Save off without a reason

    def _name_problem(self) -> Problem | None:
        same = self._taken.get(self._name.text().strip().casefold())
        if same is None:
            return None
        return Problem("name", f"There is an endpoint named “{same}” already.", self._name_hint)

    def _add_basics(self) -> None:
        start = self._start
        self._name = self._line("name", start.name, self._name_hint)
        self._name.setEnabled(not start.name)
        self._url = self._line("base_url", start.base_url, "https://api.example.com/v1")
        self._path = self._line("path", start.path, "/images/edits")

    def _differences(self) -> Disclosure:
        start, section = self._start, Disclosure("How this server differs", "endpointDiffers")
        self._auth = self._choice("auth", _AUTH, start.auth, section)
        self._parts = self._choice("image_field", _PARTS, start.image_field, section)
        self._streams = self._choice("streams", _STREAMS, start.streams, section)
        self._mask = self._line("mask_field", start.mask_field, "mask", section)
        self._formats = self._line("formats", ", ".join(start.formats), "all that are sent", section)
        most = str(start.max_pictures)
        self._most = self._line("max_pictures", most, str(MAX_PICTURES), section)
        self._true = self._line("true_word", start.true_word, "true", section)
        dropped = ", ".join(start.drop_fields)
        self._drop = self._line("drop_fields", dropped, "moderation, user", section)
        self._format = self._line("response_format", start.response_format, "none", section)
        self._headers = self._lines("headers", start.headers, ": ", section)
        self._query = self._lines("query", start.query, "=", section)
        models = ", ".join(start.models)
        self._models = self._line("models", models, "those of the model table", section)
        multiplier = _spelled(start.price_multiplier)
        self._multiplier = self._line("price_multiplier", multiplier, "1", section)
        return section

    def _connection(self) -> Disclosure:
        start, section = self._start, Disclosure("Connection", "endpointConnection")
        self._timeouts = [
            self._line(f"timeouts.{name}", _spelled(seconds), "seconds", section)
            for name, seconds in msgspec.structs.asdict(start.timeouts).items()
        ]
        self._proxy = self._line("proxy", start.proxy, "as the environment says", section)
        self._ca = self._line("ca_file", start.ca_file, "the system's", section)
        self._plain = QCheckBox("Allow plain http: key and pictures can be read on the way")
        self._plain.setObjectName(_object_name("allow_plain_http"))
        self._plain.setChecked(start.allow_plain_http)
        self._plain.toggled.connect(self.changed)
        section.body.addWidget(self._plain)
        return section

    def _line(self, name: str, text: str, hint: str, section: Disclosure | None = None) -> QLineEdit:
        edit = QLineEdit(text)
        edit.setPlaceholderText(hint)
        edit.textChanged.connect(self.changed)
        self._place(name, edit, section)
        return edit

    def _lines(self, name: str, pairs: Mapping[str, str], sign: str, section: Disclosure) -> QPlainTextEdit:
        edit = QPlainTextEdit("\n".join(f"{key}{sign}{value}" for key, value in pairs.items()))
        edit.setPlaceholderText(f"Name{sign}value, one a line")
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(_LINES)
        edit.textChanged.connect(self.changed)
        self._place(name, edit, section)
        return edit

    def _choice(self, name: str, offered: Mapping[str, str], value: str, section: Disclosure) -> QComboBox:
        combo = CalmCombo()
        combo.addItems(list(offered.values()))
        combo.setCurrentIndex(list(offered).index(value))
        combo.currentIndexChanged.connect(self.changed)
        self._place(name, combo, section)
        return combo

    def _place(self, name: str, control: QWidget, section: Disclosure | None) -> None:
        title = _title(name)
        control.setObjectName(_object_name(name))
        control.setAccessibleName(title)
        field = Field(title, control, f"{_object_name(name)}Field")
        self.fields[name] = field
        if section is not None:
            self._sections[name] = section
        (self._column if section is None else section.body).addWidget(field)


def _title(name: str) -> str:
    """What a field of the profile, or one of its time-outs, is called."""
    timeout = name.removeprefix("timeouts.")
    return title_of(EndpointProfile, name) if timeout == name else title_of(Timeouts, timeout)


def _object_name(name: str) -> str:
    """``endpointBaseUrl`` for ``base_url``."""
    return "endpoint" + "".join(word.capitalize() for word in name.replace(".", "_").split("_"))


def _value(combo: QComboBox, offered: Mapping[str, str]) -> str:
    return list(offered)[combo.currentIndex()]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _pairs(text: str, sign: str) -> dict[str, str]:
    pairs = (line.partition(sign) for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _lines_problem(field: str, text: str, sign: str) -> Problem | None:
    """What is wrong with lines of names and values before they are taken apart."""
    lines = [line for line in text.splitlines() if line.strip()]
    names = [line.partition(sign)[0].strip() for line in lines]
    for line, name in zip(lines, names, strict=True):
        if sign not in line or not name:
            form = f"Name{sign} value" if sign == ":" else f"name{sign}value"
            return Problem(field, f"“{line.strip()}” isn't written as {form}.")
    # Names of headers are the same in any case, those of a query are not.
    spelled = (name.casefold() if sign == ":" else name for name in names)
    again = next((name for name, times in Counter(spelled).items() if times > 1), "")
    return Problem(field, f"“{again}” is there twice.") if again else None


def _spelled(value: float) -> str:
    """A number as it is typed; reading it gives the same number again."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _count(text: str) -> int:
    """A whole number; 0, which no count is, for what is none."""
    return int(text) if text.strip().isdecimal() else 0
