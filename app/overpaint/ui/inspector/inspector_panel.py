"""The inspector: every parameter of the edit, bound to the session both ways."""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from overpaint.core.request import request_rules as rules
from overpaint.core.results import prices
from overpaint.studio.document.session import Session
from overpaint.studio.tasks import Tasks
from overpaint.ui.inspector.choice_field import ChoiceField
from overpaint.ui.inspector.field_problems import ProblemsByField, mark, problems_by_field
from overpaint.ui.inspector.generate_bar import GenerateBar
from overpaint.ui.inspector.mask_warnings import LintLines
from overpaint.ui.inspector.model_field import ModelField
from overpaint.ui.inspector.prompt_box import PromptBox
from overpaint.ui.inspector.size_box import SizeBox
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.collapsible import Disclosure
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.fields.stepper import Stepper
from overpaint.ui.widgets.fields.titled_field import Field
from overpaint.ui.widgets.labels import label, line

if TYPE_CHECKING:
    from overpaint.core.errors import Problem

_MARGIN = 14
_NARROWEST = 296


class Inspector(QWidget):
    """``generate`` asks for the edit to be sent, ``preview_wanted`` for what it would be; ``place_wanted``
    carries a field at fault that has its place elsewhere: ``image``, ``mask``, or one of the endpoint's."""

    generate = Signal()
    preview_wanted = Signal()
    place_wanted = Signal(str)

    def __init__(self, session: Session, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("inspectorPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_NARROWEST)
        self._session = session
        self._tasks = tasks
        self._free = True
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
        self.model = ModelField()
        self.quality = ChoiceField("Quality", "quality")
        self.size_box = SizeBox()
        self._count = Stepper("Variations", "countStepper", 1, 10)
        self.count = Field("Variations", self._count, "countField")
        self._partials = Stepper("Partial pictures", "partialsStepper", 0, 3)
        self.partials = Field("Partials", self._partials, "partialsField")
        self.format = ChoiceField("Format", "output_format")
        self.background = ChoiceField("Background", "background")
        self._compression = SliderField("", "compression", 0, 100, "%", wide=True, spoken="Compression")
        self.compression = Field("Compression", self._compression, "compressionField")
        self._stream = QCheckBox("Show the picture while it renders")
        self._stream.setObjectName("streamCheck")
        self.stream = Field("Streaming", self._stream, "streamField")
        self.moderation = ChoiceField("Moderation", "moderation")
        self.fidelity = ChoiceField("Input fidelity", "input_fidelity")
        self._user = QLineEdit()
        self._user.setObjectName("userEdit")
        self._user.setAccessibleName("User identifier")
        self._user.setPlaceholderText("none")
        self.user = Field("User identifier", self._user, "userField")
        self._hint.clicked.connect(lambda: QToolTip.showText(QCursor.pos(), self._hint.toolTip(), self._hint))
        self.bar = GenerateBar(LintLines(self._session, self._tasks))
        self.advanced = Disclosure("Advanced", "advanced")
        self._fields = {
            "model": self.model,
            "quality": self.quality,
            "n": self.count,
            "partial_images": self.partials,
            "output_format": self.format,
            "output_compression": self.compression,
            "background": self.background,
            "moderation": self.moderation,
            "input_fidelity": self.fidelity,
            "user": self.user,
        }
        controls = {name: field.control for name, field in self._fields.items()}
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
        column.addLayout(_pair(self.model, self.quality, 8, 5))
        column.addWidget(self.size_box)
        column.addLayout(_pair(self.count, self.partials))
        column.addLayout(_pair(self.format, self.background))
        column.addWidget(self.compression)
        column.addWidget(line())
        column.addWidget(self.advanced)
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

    def _add_advanced(self) -> None:
        for part in (self.stream, self.moderation, self.fidelity, self.user):
            self.advanced.body.addWidget(part)

    def _connect(self) -> None:
        put = self._session.set
        self.prompt.edited.connect(lambda text: put(prompt=text))
        self.prompt.filled.connect(lambda name, value: self._session.fill_prompt_fields({name: value}))
        self.model.chosen.connect(lambda name: put(model=name))
        self.quality.chosen.connect(lambda value: put(quality=value))
        self.size_box.edited.connect(lambda value: put(size=value))
        self._count.stepped.connect(lambda value: put(n=value))
        self._partials.stepped.connect(lambda value: put(partial_images=value))
        self.format.chosen.connect(lambda value: put(output_format=value))
        self.background.chosen.connect(lambda value: put(background=value))
        self._compression.changed.connect(lambda value: put(output_compression=round(value)))
        self._stream.toggled.connect(lambda on: put(stream=on))
        self.moderation.chosen.connect(lambda value: put(moderation=value))
        self.fidelity.chosen.connect(lambda value: put(input_fidelity=value))
        self._user.textEdited.connect(lambda text: put(user=text))
        self.bar.pressed.connect(self.generate)
        self.bar.preview_wanted.connect(self.preview_wanted)
        self.bar.problem_wanted.connect(self._go_to_fault)
        self._session.params_changed.connect(self.refresh)
        self._session.mask_changed.connect(self._mask_changed)

    # --- showing the state

    def set_free(self, free: bool) -> None:
        """Whether edits cost nothing where they are sent."""
        self._free = free
        self.refresh()

    def show_hint(self, words: str) -> None:
        """What the endpoint understands, behind the sign beside the prompt; ``""`` for anything."""
        self._hint.setVisible(bool(words))
        self._hint.setToolTip(words)
        self._hint.setAccessibleName(words)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws every icon in the theme's colours."""
        self._hint.setIcon(icon("hint", tokens))
        for part in (self.prompt, self.size_box, self._count, self._partials, self.bar, self.advanced):
            part.set_icons(tokens)

    def refresh(self) -> None:
        """Shows parameters, what the model takes of them, and what is wrong."""
        params, spec = self._session.params, self._session.spec
        sent = self._session.sent_params.prompt
        self.prompt.show_prompt(params.prompt, self._session.names, self._session.fields, sent)
        self.model.show_model(params.model, self._session.models, spec)
        self.quality.show_choice(params.quality, spec.qualities, spec.refusal("quality"))
        target = self._session.first_picture
        first = target.picture.size if target else None
        cheaper = None if self._free else prices.cheaper_nearby(params, spec)
        self.size_box.show_size(params.size, spec.sizes, first, cheaper)
        self.size_box.set_reason(spec.refusal("size"))
        self._count.show_value(params.n)
        self.count.set_reason(spec.refusal("n"))
        self._show_stream()
        self.format.show_choice(params.output_format, spec.formats, spec.refusal("output_format"))
        self.background.show_choice(params.background, spec.backgrounds, spec.refusal("background"))
        lossy = params.output_format in ("jpeg", "webp")
        self._compression.set_value(params.output_compression)
        reason = "" if lossy else "Only JPEG and WebP are compressed with loss."
        self.compression.set_reason(spec.refusal("output_compression") or reason)
        self.moderation.show_choice(params.moderation, spec.moderations, spec.refusal("moderation"))
        fidelities = ("", *spec.input_fidelities)
        self.fidelity.show_choice(params.input_fidelity, fidelities, spec.refusal("input_fidelity"))
        if not self._user.hasFocus():
            self._user.setText(params.user)
        self.user.set_reason(spec.refusal("user"))
        self._show_problems()

    def _show_stream(self) -> None:
        params, spec = self._session.params, self._session.spec
        self._stream.blockSignals(True)
        self._stream.setChecked(params.stream and spec.streams)
        self._stream.blockSignals(False)
        self.stream.set_reason(spec.refusal("stream"))
        self._partials.show_value(params.partial_images)
        streams = params.stream and spec.streams
        self.partials.set_reason(spec.refusal("partial_images") if streams else "Streaming is off.")
        each = self._session.estimate().partials
        shown = bool(each and not self._free and params.stream)
        self._partials.set_trailer(f"+${each:.3f}" if shown else "")

    def _price_of(self, size: str) -> str:
        """What the edit would cost at another size, in words; nothing where it is free."""
        return "" if self._free else self._session.estimate(size=size).words()

    def _mask_changed(self, *_: object) -> None:
        if not self._session.history.recording:  # not at every move of a stroke
            self._show_problems()

    def _show_problems(self) -> None:
        params, spec = self._session.params, self._session.spec
        problems = [self._as_typed(problem) for problem in self._session.problems()]
        by_field: dict[str, Problem] = {}
        for problem in problems:
            by_field.setdefault(problem.field, problem)
        fault = by_field.get("prompt") if params.prompt else None
        self.prompt.set_problem(fault.message if fault else "")
        for name, field in self._fields.items():
            mark(field, by_field.get(name), self._session)
        if "n" not in by_field and rules.requests(params, spec) > 1:
            self.count.set_note(f"Streamed as {params.n} edits side by side.")
        self._fault = problems_by_field(problems, self._places)
        remark, price = self._session.remark(), self._session.estimate()
        self.bar.show_state(self._fault, remark, price, free=self._free, count=params.n)

    def _as_typed(self, problem: "Problem") -> "Problem":
        """A size that is still being typed is called wrong beside Generate by the words beside its field."""
        unfinished = self.size_box.unfinished if problem.field == "size" else ""
        return replace(problem, message=unfinished) if unfinished else problem

    def _go_to_fault(self) -> None:
        """Leads to the field that is at fault, wherever it is."""
        field = self._fault.field
        place = self.prompt.at_fault if field == "prompt" else self._places.get(field)
        if place is None:
            self.place_wanted.emit(field)
            return
        if self.advanced.isAncestorOf(place):
            self.advanced.open()
        place.setFocus()
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(place))  # once it has its place


def _pair(left: QWidget, right: QWidget, *shares: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget, share in zip((left, right), shares or (1, 1), strict=True):
        row.addWidget(widget, share, Qt.AlignmentFlag.AlignTop)
    return row
