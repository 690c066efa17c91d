"""The model: any name may be typed, the known ones are offered, and what is special about it is said."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from overpaint.core.foreign_words import visible
from overpaint.core.request.api_fields import ApiField, Value
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
from overpaint.ui.inspector.field_rows import FieldRow
from overpaint.ui.widgets.fields.calm_combo import CalmCombo
from overpaint.ui.widgets.literal import tip


class ModelField(FieldRow):
    """``edited`` carries the model's name as typed or picked."""

    def __init__(self, field: ApiField) -> None:
        self._combo = CalmCombo()
        self._combo.setObjectName("modelCombo")
        self._combo.setAccessibleName("Model")
        self._combo.setEditable(True)
        self._edit = _NameEdit()
        self._combo.setLineEdit(self._edit)
        self._combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._combo.setMinimumContentsLength(8)
        completer = self._combo.completer()
        if completer is not None:  # inline, it would write another name over the one being typed
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        super().__init__(field, self._combo)
        self._offered: tuple[str, ...] = ()
        self._edit.setObjectName("modelEdit")
        self._edit.setAccessibleName("Model name")
        self._combo.editTextChanged.connect(self.edited.emit)

    def offer(self, names: Sequence[str]) -> None:
        """The names worth offering."""
        self._offered = tuple(names)

    def show_params(self, params: EditParams, spec: ModelSpec) -> None:
        """Never off: the model decides what all other fields take, even where an endpoint isn't sent it."""
        self._show_value(params.model, spec)

    def _show_value(self, value: Value, spec: ModelSpec) -> None:
        """Shows the name among those offered, and the model's note as the tool tip."""
        name, offered = str(value), list(self._offered)
        self._combo.blockSignals(True)
        if [self._combo.itemText(at) for at in range(self._combo.count())] != offered:
            self._combo.clear()
            self._combo.addItems(offered)
        if self._combo.currentText() != name:
            self._combo.setEditText(name)
        if not self._edit.hasFocus():
            self._edit.setCursorPosition(0)
        self._combo.blockSignals(False)
        self._combo.setToolTip(tip("\n".join(filter(None, (name, spec.note)))))
        self.trailer.setText("" if spec.checked else "not checked")


class _NameEdit(QLineEdit):
    """Shortens a long name at its end while nobody types; the tool tip has all of it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.rect()
        shown = self.fontMetrics().elidedText(visible(self.text()), Qt.TextElideMode.ElideRight, room.width())
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
