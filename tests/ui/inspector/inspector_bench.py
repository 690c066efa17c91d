"""An inspector by itself, for the tests of what it shows."""

from dataclasses import dataclass

from PySide6.QtWidgets import (
    QApplication,
    QLabel,
)
from pytestqt.qtbot import QtBot
from tests.flows.desk import W, child

from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.studio.document.edit_state import CurrentEdit
from overpaint.studio.document.parameters import Parameters
from overpaint.studio.document.session import Session
from overpaint.studio.tasks import Tasks
from overpaint.ui.inspector.inspector_panel import Inspector
from overpaint.ui.theme.window_theme import DARK


@dataclass(frozen=True)
class Bench:
    """An inspector in a window of its own, over an edit without pictures."""

    edit: CurrentEdit
    parameters: Parameters
    panel: Inspector

    def get(self, kind: type[W], name: str) -> W:
        return child(self.panel, kind, name)

    @property
    def reason(self) -> str:
        """What stands beside Generate."""
        return child(self.panel, QLabel, "generateNote").text()


def opened(qtbot: QtBot, params: EditParams | None = None) -> Bench:
    """An inspector that is shown, with its advanced part open."""
    parameters = Parameters(ModelTable.load(), params or EditParams())
    edit = CurrentEdit(Session(1 << 20), parameters)
    panel = Inspector(edit, Tasks())
    panel.set_icons(DARK)
    panel.advanced.open()
    panel.resize(316, 1100)
    qtbot.addWidget(panel)
    panel.show()
    panel.activateWindow()
    QApplication.processEvents()
    return Bench(edit, parameters, panel)
