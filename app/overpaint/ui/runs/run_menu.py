"""The menu of a run's tile: what can be done with it now."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from overpaint.studio.runs.job import Job
from overpaint.ui.runs.run_outcome import message, next_step
from overpaint.ui.runs.run_tile import RunTile


def run_menu(tile: RunTile, together: Sequence[Job]) -> QMenu:
    """Made for the moment; ``together`` are the runs of the same click, itself among them."""
    menu = QMenu(tile)
    menu.setObjectName("runMenu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if not tile.job.running:
        menu.addAction("Show on the canvas", tile.chosen.emit).setObjectName("runMenu_show")
        if message(tile.job):
            menu.addAction("What became of it…", tile.open_details).setObjectName("runMenu_details")
    for step, words in _steps(tile.job, together):
        if step == "dismiss":
            menu.addSeparator()
        one = menu.addAction(words)
        one.setObjectName(f"runMenu_{step.replace(' ', '_')}")
        one.triggered.connect(lambda _=False, step=step: tile.acted.emit(step))
    return menu


def _steps(job: Job, together: Sequence[Job]) -> list[tuple[str, str]]:
    """What its buttons ask for, with the words."""
    going = sum(1 for one in together if one.running)
    steps = [next_step(job)]
    if job.running and going > 1:
        steps.append(("cancel all", f"Cancel all {going}"))
    if job.results:
        steps.append(("again", "Run it once more"))
    if job.kept_reply is not None:
        steps.append(("save reply", "Save the reply…"))
    if not job.running:
        steps.append(("dismiss", "Take it out of the list"))
    return [(step, words) for step, words in steps if step]
