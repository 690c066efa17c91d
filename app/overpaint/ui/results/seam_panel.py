"""Keep the rest untouched: the switch, how the seam is set, and what came of it in numbers."""

from msgspec.structs import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from overpaint.core.foreign_words import visible
from overpaint.core.results.blending import MOST_FEATHER, Seam
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.studio.results import kept_words
from overpaint.studio.results.kept_results import KeptState
from overpaint.ui.widgets.fields.slider_field import SliderField
from overpaint.ui.widgets.labels import label

_AT_REST_MS = 120
_MOST_GROWN = 32


class SeamPanel(QWidget):
    """Writes the settings; results follow them. ``longer_side`` is that of the picture on the canvas, by
    which a feather that nobody set goes."""

    def __init__(self, settings: SettingsStore) -> None:
        super().__init__()
        self.setObjectName("seamPanel")
        self._settings = settings
        self._longer_side = 1536
        self._wanted: Seam | None = None
        self.switch = QCheckBox("Keep the rest untouched")
        self.switch.setObjectName("keepRest")
        self._feather = SliderField("Feather", "seamFeather", 0, 2 * MOST_FEATHER, "px", wide=True)
        self._grow = SliderField("Grow", "seamGrow", -_MOST_GROWN, _MOST_GROWN, "px", wide=True)
        self._match = SliderField("Match colour", "seamMatch", 0, 1, "%", scale=100, wide=True)
        sliders = (self._feather, self._grow, self._match)
        for slider in sliders:
            slider.set_title_width(max(one.title_width for one in sliders))
        self._proof = label("", "ok", "seamProof")
        self._facts = label("", "note", "seamFacts")
        for words in (self._proof, self._facts):
            words.setWordWrap(True)
            words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.switch)
        for part in (self._feather, self._grow, self._match, self._proof, self._facts):
            column.addWidget(part)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_AT_REST_MS)
        self._rest.timeout.connect(self._put)
        self.switch.toggled.connect(lambda on: settings.replace(keep_rest=on))
        self._feather.changed.connect(lambda value: self._want(feather=round(value, 1)))
        self._grow.changed.connect(lambda value: self._want(grow=float(round(value))))
        self._match.changed.connect(lambda value: self._want(match=round(value, 2)))
        settings.changed.connect(lambda _: self._show_settings(), ["keep_rest", "seam"])
        self._show_settings()

    def show_picture(self, longer_side: int) -> None:
        """Another picture is on the canvas."""
        self._longer_side = longer_side
        self._show_settings()

    def show_state(self, state: KeptState | None) -> None:
        """How it stands with the result that is shown; None while there is none."""
        on = self._settings.current.keep_rest
        proof = facts = ""
        if on and state is not None:
            facts = "Laying the result in…" if state.busy else state.words
            if state.composite is not None and not state.words:
                proof = f"✓ {kept_words.proof(state.composite.drift)}"
                facts = kept_words.placed(state.composite.layers[0].placement, state.composite.drift)
        for words, text in ((self._proof, proof), (self._facts, facts)):
            words.setText(visible(text))
            words.setVisible(bool(text))

    def _want(self, **changes: float) -> None:
        """A slider that is dragged asks once it rests."""
        self._wanted = replace(self._wanted or self._settings.current.seam, **changes)
        self._rest.start()

    def _put(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._settings.replace(seam=wanted)

    def _show_settings(self) -> None:
        on, seam = self._settings.current.keep_rest, self._settings.current.seam
        self.switch.setChecked(on)
        self._feather.set_value(seam.feather_for(self._longer_side))
        self._grow.set_value(seam.grow)
        self._match.set_value(seam.match)
        for part in (self._feather, self._grow, self._match):
            part.setEnabled(on)
