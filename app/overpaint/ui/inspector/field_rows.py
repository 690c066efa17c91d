"""The rows of the inspector that a field of the API gets by its kind: list, stepper, box to tick, text."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from overpaint.core.request.api_fields import ApiField, Choice, Number, Switch, Text, Value
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
from overpaint.core.request.request_rules import choices, off_reason
from overpaint.ui.theme.window_theme import Tokens
from overpaint.ui.widgets.fields.calm_combo import CalmCombo
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.fields.stepper import Stepper
from overpaint.ui.widgets.fields.titled_field import Field


class FieldRow(Field):
    """``edited`` carries the value when the user changes it. Widgets are named after the field."""

    edited = Signal(object)

    def __init__(self, field: ApiField, control: QWidget) -> None:
        super().__init__(field.title, control, f"{field.name}Field")
        self._field = field

    def show_params(self, params: EditParams, spec: ModelSpec) -> None:
        """Shows the parameter as it is, and off with the reason where it has no effect."""
        self._show_value(getattr(params, self._field.name), spec)
        self.set_reason(off_reason(self._field, params, spec))

    def show_price(self, words: str) -> None:
        """What the field adds to the price."""
        self.trailer.setText(words)

    def set_icons(self, tokens: Tokens) -> None:
        """Draws the row's icons, where it has some, in the theme's colours."""

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        """Puts a value into the control, without ``edited``; each kind of row has its own way."""


class ChoiceRow(FieldRow):
    """A list of the values that the chosen model takes."""

    def __init__(self, field: Choice) -> None:
        self._combo = CalmCombo()
        self._combo.setObjectName(f"{field.name}Combo")
        self._combo.setAccessibleName(field.title)
        self._combo.setMinimumContentsLength(6)
        super().__init__(field, self._combo)
        self._choice = field
        self._values: tuple[str, ...] = ()
        self._combo.activated.connect(lambda at: self.edited.emit(self._values[at]))

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        """A value that is not among those offered stands at the end."""
        shown, values = str(value), choices(self._choice, spec)
        offered = values if shown in values else (*values, shown)
        self._combo.blockSignals(True)
        if offered != self._values:
            self._values = offered
            self._combo.clear()
            self._combo.addItems([self._choice.values.get(one, one) for one in offered])
        self._combo.setCurrentIndex(offered.index(shown))
        self._combo.blockSignals(False)


class NumberRow(FieldRow):
    """A number between two buttons."""

    def __init__(self, field: Number) -> None:
        title = field.spoken or field.title
        self._stepper = Stepper(title, f"{field.name}Stepper", field.low, field.high)
        super().__init__(field, self._stepper)
        self._stepper.stepped.connect(self.edited.emit)

    def show_price(self, words: str) -> None:
        self._stepper.set_trailer(words)

    def set_icons(self, tokens: Tokens) -> None:
        self._stepper.set_icons(tokens)

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        self._stepper.show_value(int(value))


class PercentRow(FieldRow):
    """A percentage on a slider."""

    def __init__(self, field: Number) -> None:
        self._slider = SliderField("", field.name, field.low, field.high, "%", wide=True, spoken=field.title)
        super().__init__(field, self._slider)
        self._slider.changed.connect(lambda value: self.edited.emit(round(value)))

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        self._slider.set_value(int(value))


class SwitchRow(FieldRow):
    """A box to tick; not ticked where the model doesn't take the field."""

    def __init__(self, field: Switch) -> None:
        self._box = QCheckBox(field.label)
        self._box.setObjectName(f"{field.name}Check")
        super().__init__(field, self._box)
        self._box.toggled.connect(self.edited.emit)

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        self._box.blockSignals(True)
        self._box.setChecked(bool(value) and not spec.refusal(self._field.name))
        self._box.blockSignals(False)


class TextRow(FieldRow):
    """A line of text, which is left alone while it is being typed."""

    def __init__(self, field: Text) -> None:
        self._edit = QLineEdit()
        self._edit.setObjectName(f"{field.name}Edit")
        self._edit.setAccessibleName(field.title)
        self._edit.setPlaceholderText("none")
        super().__init__(field, self._edit)
        self._edit.textEdited.connect(self.edited.emit)

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        if not self._edit.hasFocus():
            self._edit.setText(str(value))


def row_of(field: ApiField) -> FieldRow:
    """The row of a field by its kind. Raises TypeError for one that has no row of its own kind."""
    match field:
        case Choice():
            return ChoiceRow(field)
        case Number():
            return PercentRow(field) if field.editor == "percent" else NumberRow(field)
        case Switch():
            return SwitchRow(field)
        case Text():
            return TextRow(field)
    raise TypeError(f"{field.name} needs an editor of its own")
