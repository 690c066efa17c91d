"""Width and height as they are typed, the rules where one is broken, and sizes one click away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.request import sizes
from overpaint.core.request.params import AUTO
from overpaint.core.request.sizes import RuleCheck, Size, SizeRules
from overpaint.ui.actions.standard_keys import CONFIRM
from overpaint.ui.inspector.aspect_preview import ShapePreview
from overpaint.ui.inspector.preset_menu import PresetButton
from overpaint.ui.inspector.size_chips import SizeChips
from overpaint.ui.inspector.size_rules import RuleInfo, RuleMarks
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.labels import label, set_tone

_PRESETS = (("1:1", Size(1024, 1024)), ("3:2", Size(1536, 1024)), ("16:9", Size(2048, 1152)))
"""Those of the menu that are one click away."""

_HALF = "Type both sides in pixels, or choose auto."
_SUGGESTIONS = {"ratio": "", "width": "keep width ", "area": "keep area ", "larger": "larger "}


class SizeBox(QWidget):
    """Shows and edits the ``size`` parameter; ``edited`` carries it as it is typed, legal or not."""

    edited = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizeBox")
        self._rules = SizeRules()
        self._value = AUTO
        self._first: Size | None = None
        self._locked: float | None = None
        self._cheaper: tuple[Size, float] | None = None
        self._facts = label("", "note", "sizeFacts")
        self._shape = ShapePreview()
        self.presets = PresetButton()
        self._width = self._side("Width", "widthEdit", "W")
        self._height = self._side("Height", "heightEdit", "H")
        self._lock = self._button("Keep the ratio", "ratioLock", checkable=True)
        self._swap = self._button("Swap width and height", "sizeSwap")
        self._info = RuleInfo()
        self._marks = RuleMarks()
        self._note = label("", "note", "sizeNote")
        self._note.setWordWrap(True)
        self._chips = SizeChips(self.presets)
        self._lay_out()
        self._width.textEdited.connect(lambda: self._typed(self._width))
        self._height.textEdited.connect(lambda: self._typed(self._height))
        self._lock.toggled.connect(self._lock_ratio)
        self._swap.clicked.connect(self._swapped)
        self._chips.chosen.connect(self._choose)
        self.presets.chosen.connect(self._choose)
        self.presets.like_first.connect(self._take_after_first)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self._tokens = tokens
        self._lock.setIcon(icon("link", tokens))
        self._swap.setIcon(icon("swap", tokens))
        self._marks.set_icons(tokens)
        self._info.set_icons(tokens)
        self._shape.set_tokens(tokens)
        self.presets.set_icons(tokens)

    def show_size(
        self, value: str, rules: SizeRules, first: Size | None, cheaper: tuple[Size, float] | None = None
    ) -> None:
        """Shows the parameter against a model's rules; ``first`` is the first picture's own size,
        ``cheaper`` a size close by with the share of the price that it saves."""
        self._cheaper = cheaper
        typed = value != self._value
        self._value, self._rules, self._first = value, rules, first
        size = sizes.parse(value)
        if typed or not self._being_typed():
            self._show_sides(value, size)
        checks = sizes.checks(size, rules) if size else ()
        legal = all(check.ok for check in checks)
        self._marks.show_checks(() if legal else checks)
        self._info.show_checks(checks or sizes.checks(Size(1024, 1024), rules), known=size is not None)
        self._show_problems(value, size, checks)
        self._show_facts(size)
        self._shape.show_shape(size, ok=legal)
        self.presets.show_state(value, rules, self._like_first())
        self._show_chips(size, legal=legal)

    @property
    def first_side(self) -> QLineEdit:
        """Where the typing begins."""
        return self._width

    @property
    def unfinished(self) -> str:
        """What a size that is only half typed still needs, in words; ``""`` when it is a size or auto."""
        return self._note.text() if self._value != AUTO and sizes.parse(self._value) is None else ""

    def set_reason(self, reason: str) -> None:
        """Switches everything off and says why; ``""`` switches it on again. Follows :meth:`show_size`."""
        for part in (self._width, self._height, self._lock, self._swap, self.presets, self._chips):
            part.setEnabled(not reason)
        if reason:
            self._marks.hide()
            self._note.setText(reason)
            self._note.show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        title = label("Size", "label")
        title.setBuddy(self._width)
        head.addWidget(title)
        head.addStretch()
        head.setSpacing(6)
        head.addWidget(self._facts)
        head.addWidget(self._shape)
        head.addWidget(self._info)
        row = QHBoxLayout()
        row.setSpacing(4)
        for widget in (self._width, self._lock, self._height, self._swap):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self._marks)
        column.addWidget(self._note)
        column.addWidget(self._chips)

    def _side(self, words: str, name: str, letter: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setObjectName(name)
        edit.setAccessibleName(f"{words} in pixels")
        edit.setPlaceholderText("auto")
        edit.setMaxLength(14)
        edit.setToolTip("Pixels, or 1920x1080, 16:9, 4k, 2k 3:2")
        edit.returnPressed.connect(self._take_wish)
        edit.setTextMargins(0, 0, 18, 0)
        mark = label(letter, "note")
        mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inner = QHBoxLayout(edit)
        inner.setContentsMargins(0, 0, 10, 0)
        inner.addStretch()
        inner.addWidget(mark)
        return edit

    def _button(self, words: str, name: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setCheckable(checkable)
        button.setFixedSize(28, 28)
        return button

    def _being_typed(self) -> bool:
        return self._width.hasFocus() or self._height.hasFocus()

    def _show_sides(self, value: str, size: Size | None) -> None:
        sides = (str(size.width), str(size.height)) if size else ("", "")
        if size is None and value != AUTO:
            left, _, right = value.partition("x")
            sides = (left, right)
        for edit, text in zip((self._width, self._height), sides, strict=True):
            if edit.text() != text:
                edit.setText(text)

    def _show_problems(self, value: str, size: Size | None, checks: tuple[RuleCheck, ...]) -> None:
        broken = [check for check in checks if not check.ok]
        half = value != AUTO and size is None
        sides = self._sides_with_problems(size, broken)
        set_tone(self._width, "bad" if half or "width" in sides else "")
        set_tone(self._height, "bad" if half or "height" in sides else "")
        if half:
            wish = self._wish()
            words = f"{CONFIRM} takes {wish.width} × {wish.height}." if wish else _HALF
        elif broken and broken[0].rule == "listed":
            words = broken[0].message
        elif broken:
            words = ""  # the marks say it
        elif size and self._rules.experimental_area and size.area > self._rules.experimental_area:
            words = "Above 2560 × 1440 this model is experimental."
        else:
            words = ""
        self._note.setText(words)
        role = "problem" if half or broken else "note"
        if self._note.property("role") != role:
            self._note.setProperty("role", role)
            self._note.style().unpolish(self._note)
            self._note.style().polish(self._note)
        self._note.setVisible(bool(words))

    def _sides_with_problems(self, size: Size | None, broken: list[RuleCheck]) -> set[str]:
        if size is None or not broken:
            return set()
        rules = {check.rule for check in broken}
        faulty: set[str] = set()
        for side, length in (("width", size.width), ("height", size.height)):
            multiple = "multiple" in rules and self._rules.multiple and length % self._rules.multiple
            if multiple or ("edge" in rules and length > self._rules.max_edge):
                faulty.add(side)
        return faulty or {"width", "height"}

    def _show_facts(self, size: Size | None) -> None:
        self._facts.setText(
            f"{size.ratio_words} · {size.area / 1e6:.1f} MP"
            if size
            else ("as the model chooses" if self._value == AUTO else "")
        )

    def _show_chips(self, size: Size | None, *, legal: bool) -> None:
        offers = self._presets() if size is None or legal else self._suggestions(size)
        mending = size is not None and not legal
        cheaper = None if mending else self._cheaper_offer()
        self._chips.show_sizes(offers, self._value, mending=mending, further=cheaper)

    def _presets(self) -> list[tuple[str, str]]:
        offers = [("Auto", AUTO)]
        if self._rules.listed:
            return offers + _in_short([one for text in self._rules.listed if (one := sizes.parse(text))])
        if (like := self._like_first()) is not None:
            offers.append(("Like 1", str(like)))
        return offers + [(words, str(one)) for words, one in _PRESETS if sizes.is_legal(one, self._rules)]

    def _cheaper_offer(self) -> tuple[str, str] | None:
        if self._cheaper is None:
            return None
        size, saved = self._cheaper
        return f"{size.width} × {size.height} · {saved:.0%} less", str(size)

    def _like_first(self) -> Size | None:
        """The legal size that comes nearest to the first picture's own, its ratio kept."""
        if self._first is None or sizes.is_legal(self._first, self._rules):
            return self._first
        return sizes.nearest(self._first, self._rules).get("ratio")

    def _take_after_first(self) -> None:
        """The first picture's size as far as the model takes it, and its very ratio from now on."""
        like, first = self._like_first(), self._first
        if like is None or first is None:
            return
        self._choose(str(like))
        self._lock.setChecked(True)
        self._locked = first.aspect

    def _suggestions(self, size: Size) -> list[tuple[str, str]]:
        found: dict[str, str] = {}
        for measure, near in sizes.nearest(size, self._rules).items():
            found.setdefault(str(near), f"{_SUGGESTIONS[measure]}{near.width} × {near.height}")
        return [(words, value) for value, words in found.items()]

    def _wish(self) -> Size | None:
        """The size that words in one of the fields ask for, such as ``16:9``."""
        for edit in (self._width, self._height):
            text = edit.text().strip()
            if text and not text.isdecimal() and (size := sizes.wished(text, self._rules)) is not None:
                return size
        return None

    def _take_wish(self) -> None:
        if (size := self._wish()) is not None:
            self._choose(str(size))

    def _typed(self, edit: QLineEdit) -> None:
        width, height = self._width.text().strip(), self._height.text().strip()
        if self._locked and edit.text().isdecimal() and int(edit.text()):
            partner = self._height if edit is self._width else self._width
            length = int(edit.text())
            ratio = 1 / self._locked if edit is self._width else self._locked
            partner.setText(str(self._rounded(length * ratio)))
            width, height = self._width.text(), self._height.text()
        self._announce(f"{width}x{height}" if width or height else AUTO)

    def _rounded(self, length: float) -> int:
        step = self._rules.multiple or 1
        return max(step, round(length / step) * step)

    def _choose(self, value: str) -> None:
        self._locked = None if value == AUTO or not self._lock.isChecked() else self._ratio_of(value)
        self._show_sides(value, sizes.parse(value))
        self._announce(value)

    def _announce(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.edited.emit(value)
        else:
            self.show_size(self._value, self._rules, self._first, self._cheaper)

    def _lock_ratio(self, on: bool) -> None:
        self._locked = self._ratio_of(self._value) if on else None

    def _ratio_of(self, value: str) -> float | None:
        size = sizes.parse(value) or self._first
        return size.aspect if size else None

    def _swapped(self) -> None:
        size = sizes.parse(self._value)
        if size is not None:
            self._choose(str(Size(size.height, size.width)))


def _in_short(listed: list[Size]) -> list[tuple[str, str]]:
    """Sizes by their ratios where these tell them apart, otherwise by their pixels."""
    ratios = [size.ratio_words for size in listed]
    if len(set(ratios)) == len(listed):
        return [(words, str(size)) for words, size in zip(ratios, listed, strict=True)]
    return [
        (str(size.width) if size.width == size.height else f"{size.width} × {size.height}", str(size))
        for size in listed
    ]
