"""The inspector: every parameter of the edit, shown as it is and changed by the user."""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.foreign_words import visible
from overpaint.core.masks.geometry import Rect
from overpaint.core.request import request_rules as rules
from overpaint.core.request.api_fields import fields_of
from overpaint.core.results import prices
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.edit_words import unsent_paint
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.event import Names
from overpaint.studio.tasks import Tasks
from overpaint.ui.inspector.field_problems import ProblemsByField, mark, problems_by_field
from overpaint.ui.inspector.field_rows import FieldRow, row_of
from overpaint.ui.inspector.generate_bar import GenerateBar, Plan
from overpaint.ui.inspector.mask_warnings import MaskWarnings
from overpaint.ui.inspector.model_field import ModelField
from overpaint.ui.inspector.prompt_box import PromptBox
from overpaint.ui.inspector.size_box import SizeBox
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.collapsible import Disclosure
from overpaint.ui.widgets.labels import label, line
from overpaint.ui.widgets.literal import tip

if TYPE_CHECKING:
    from overpaint.core.errors import Problem

_SPECIAL = ("model", "prompt", "size")
"""Fields whose editors are made here."""
_MAIN = ("model", "quality", "n", "partial_images", "output_format", "background", "output_compression")
_ADVANCED = ("stream", "moderation", "input_fidelity", "user")
"""These stand first under *Advanced*; any field without another place follows them."""
_MARGIN = 14
_NARROWEST = 296


class Inspector(QWidget):
    """``generate`` asks for the edit to be sent, ``preview_wanted`` for what it would be; ``place_wanted``
    carries a field at fault that has its place elsewhere: ``image``, ``mask``, ``eye``, ``too many``, or
    one of the endpoint's; ``first`` where the picture on the canvas is to be the one that is edited, and
    ``result`` where the result on it is."""

    generate = Signal()
    preview_wanted = Signal()
    place_wanted = Signal(str)

    def __init__(self, edit: CurrentEdit, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("inspectorPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_NARROWEST)
        self._edit = edit
        self._tasks = tasks
        self._free = True
        self._result_shown = self._going = False
        self._fault = ProblemsByField()
        self._build()
        self._lay_out()
        self._connect()
        self.size_box.presets.price_of = self._price_of
        self.refresh()

    # --- what it is made of

    def _build(self) -> None:
        self.prompt = PromptBox()
        self._hint = QToolButton()
        self._hint.setObjectName("promptHint")
        self._hint.setFixedSize(20, 20)
        self.size_box = SizeBox()
        fields = fields_of(type(self._edit.parameters.params)).values()
        self._model = ModelField(next(one for one in fields if one.editor == "model"))
        made = {one.name: row_of(one) for one in fields if one.editor not in _SPECIAL}
        self.rows: dict[str, FieldRow] = {"model": self._model, **made}
        self._hint.clicked.connect(lambda: QToolTip.showText(QCursor.pos(), self._hint.toolTip(), self._hint))
        self.bar = GenerateBar(MaskWarnings(self._edit.session, self._tasks))
        self.advanced = Disclosure("Advanced", "advanced")
        controls = {name: row.control for name, row in self.rows.items()}
        self._places = {"prompt": self.prompt.edit, "size": self.size_box.first_side, **controls}

    def _lay_out(self) -> None:
        self._add_advanced()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(_MARGIN, 6, _MARGIN, 14)
        column.setSpacing(14)
        title = label("Prompt", "label")
        title.setBuddy(self.prompt.edit)
        row = QHBoxLayout()
        row.addWidget(title)
        row.addStretch()
        row.addWidget(self.prompt.buttons)
        row.addWidget(self._hint)
        head = QVBoxLayout()
        head.setSpacing(5)
        head.addLayout(row)
        head.addWidget(self.prompt)
        column.addLayout(head)
        rows = self.rows
        column.addLayout(_pair(rows["model"], rows["quality"], 8, 5))
        column.addWidget(self.size_box)
        column.addLayout(_pair(rows["n"], rows["partial_images"]))
        column.addLayout(_pair(rows["output_format"], rows["background"]))
        column.addWidget(rows["output_compression"])
        column.addWidget(line())
        column.addWidget(self.advanced)
        self._sections = column
        column.addStretch()
        self._scroll = scroll = QScrollArea()
        scroll.setObjectName("inspectorScroll")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the field that has the focus
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.bar)

    def add_section(self, section: QWidget) -> None:
        """Puts something below the fields, after a line."""
        for part in (line(), section):
            self._sections.insertWidget(self._sections.count() - 1, part)

    def _add_advanced(self) -> None:
        further = (name for name in self.rows if name not in (*_MAIN, *_ADVANCED))
        for name in (*_ADVANCED, *further):
            self.advanced.body.addWidget(self.rows[name])

    def _connect(self) -> None:
        put, fill = self._edit.parameters.set, self._edit.parameters.fill_prompt_fields
        self.prompt.edited.connect(lambda text: put(prompt=text))
        self.prompt.filled.connect(lambda name, value: fill({name: value}))
        self.size_box.edited.connect(lambda value: put(size=value))
        for name, row in self.rows.items():
            row.edited.connect(lambda value, name=name: put(**{name: value}))
        self.bar.pressed.connect(self.generate)
        self.bar.preview_wanted.connect(self.preview_wanted)
        self.bar.problem_wanted.connect(self._go_to_problem)
        self._edit.changed.connect(self._edit_changed)
        self._edit.session.current_changed.connect(self._show_problems)
        self._edit.session.mask_edited.connect(self._other_mask_edited)
        self.bar.make_first_wanted.connect(lambda: self.place_wanted.emit("first"))
        self.bar.replace_wanted.connect(lambda: self.place_wanted.emit("result"))

    # --- showing the state

    def set_free(self, free: bool) -> None:
        """Whether edits cost nothing where they are sent."""
        self._free = free
        self.refresh()

    def show_hint(self, words: str) -> None:
        """What the endpoint understands, behind the sign beside the prompt; ``""`` for anything."""
        self._hint.setVisible(bool(words))
        self._hint.setToolTip(tip(words))
        self._hint.setAccessibleName(visible(words))

    def show_result(self, shown: bool) -> None:
        """Whether a finished result is on the canvas: it isn't edited before it is in the tray."""
        if shown != self._result_shown:
            self._result_shown = shown
            self._show_problems()

    def show_going(self, going: bool) -> None:
        """Whether an edit is under way, behind which another one would queue."""
        if going != self._going:
            self._going = going
            self._show_problems()

    def set_icons(self, tokens: Tokens) -> None:
        """Draws every icon in the theme's colours."""
        self._hint.setIcon(icon("hint", tokens))
        for part in (self.prompt, self.size_box, self.bar, self.advanced):
            part.set_icons(tokens)
        for row in self.rows.values():
            row.set_icons(tokens)

    def refresh(self) -> None:
        """Shows parameters, what the model takes of them, and what is wrong."""
        state = self._edit.state
        params, spec = state.params, state.spec
        self.prompt.show_prompt(params.prompt, state.names, state.fields, state.sent.prompt, state.left_out)
        first = state.sizes[0] if state.sizes else None
        cheaper = None if self._free else prices.cheaper_nearby(params, spec)
        self.size_box.show_size(params.size, spec.sizes, first, cheaper)
        self.size_box.set_reason(spec.refusal("size"))
        self._model.offer(self._edit.parameters.models)
        for row in self.rows.values():
            row.show_params(params, spec)
        compression = self.rows["output_compression"]
        compression.setVisible(compression.control.isEnabled())  # PNG, the usual format, has none to choose
        each = state.estimate.partials
        is_priced = bool(each and not self._free and params.stream)
        self.rows["partial_images"].show_price(f"+${each:.3f}" if is_priced else "")
        self._show_problems()

    def _price_of(self, size: str) -> str:
        """What the edit would cost at another size, in words; nothing where it is free."""
        return "" if self._free else self._edit.state.estimate_with(size=size).words()

    def _edit_changed(self, names: Names) -> None:
        if names == {"mask"}:
            self._show_problems()
        else:
            self.refresh()

    def _show_problems(self) -> None:
        state = self._edit.state
        params = state.params
        problems = [self._as_typed(problem) for problem in state.problems]
        by_field: dict[str, Problem] = {}
        for problem in problems:
            by_field.setdefault(problem.field, problem)
        fault = by_field.get("prompt") if params.prompt else None
        self.prompt.set_problem(fault.message if fault else "")
        for name, row in self.rows.items():
            mark(row, by_field.get(name), self._edit.parameters)
        if "n" not in by_field and rules.requests(params, state.spec) > 1:
            self.rows["n"].set_note(f"Streamed as {params.n} edits side by side.")
        self._fault = problems_by_field(problems, self._places)
        self.bar.show_state(self._fault, self._plan(), state.estimate, free=self._free, count=params.n)

    def _plan(self) -> Plan:
        state, first = self._edit.state, self._edit.session.first_picture
        loses_paint = first is not None and not first.mask.is_empty() and bool(state.spec.refusal("mask"))
        return Plan(
            does=state.plan,
            warning=state.warning,
            aside=self._other_on_canvas(),
            loses_paint=loses_paint,
            lost=self._unsent_paint(),
            result=self._result_shown,
            going=self._going,
        )

    def _other_on_canvas(self) -> str:
        """What to say where something else is on the canvas than the picture that is edited."""
        shown, first = self._edit.session.current, self._edit.session.first_picture
        if first is not None and self._result_shown:
            return "You see a result."
        if shown is None or first is None or shown.id == first.id:
            return ""
        most = self._edit.state.endpoint.max_pictures
        looked_at = [item.id for item in self._edit.session.sent_pictures[:most]]
        role = "a reference" if shown.id in looked_at else "which isn't sent"
        return f"You see {shown.name}, {role}."

    def _unsent_paint(self) -> str:
        return unsent_paint(self._edit.session.sent_pictures, self._edit.session.current)

    def _other_mask_edited(self, item: TrayItem, _: Rect) -> None:
        if item is not self._edit.session.first_picture:
            self._show_problems()

    def _as_typed(self, problem: "Problem") -> "Problem":
        """A size that is still being typed is called wrong beside Generate by the words beside its field."""
        unfinished = self.size_box.unfinished if problem.field == "size" else ""
        return replace(problem, message=unfinished) if unfinished else problem

    def _go_to_problem(self) -> None:
        """Leads to the field that is at fault, wherever it is."""
        field = self._fault.field
        place = self.prompt.at_fault if field == "prompt" else self._places.get(field)
        if place is None:
            self.place_wanted.emit(field)
            return
        if self.advanced.isAncestorOf(place):
            self.advanced.open()
        self._lead_to(place)

    def write_prompt(self) -> None:
        """Gives the prompt the keys, and brings it into sight."""
        self._lead_to(self.prompt.edit)

    def _lead_to(self, place: QWidget) -> None:
        place.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(place))  # once it has its place


def _pair(left: QWidget, right: QWidget, *shares: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget, share in zip((left, right), shares or (1, 1), strict=True):
        row.addWidget(widget, share, Qt.AlignmentFlag.AlignTop)
    return row
