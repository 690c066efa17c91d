"""Exports the result that is on the canvas: asks where, writes it there, and says what the format costs
it."""

import asyncio
from pathlib import Path

from overpaint.core.errors import OverpaintError
from overpaint.library.storage.durable_files import write_atomic
from overpaint.library.storage.storage_errors import storage_errors
from overpaint.studio.results.kept_results import KeptResults
from overpaint.studio.tasks import Tasks
from overpaint.ui.actions.action import Action
from overpaint.ui.canvas.presenter import CanvasPresenter
from overpaint.ui.shell.ports import DialogParent, Notices


class ExportResult:
    """What is exported is what is seen: the kept picture where the rest is to be kept."""

    def __init__(
        self,
        stage: CanvasPresenter,
        kept: KeptResults,
        tasks: Tasks,
        dialogs: DialogParent,
        notices: Notices,
    ) -> None:
        self._stage, self._kept, self._tasks = stage, kept, tasks
        self._dialogs, self._notices = dialogs, notices

    def actions(self) -> tuple[Action, ...]:
        """The one that exports."""
        return (
            Action(
                "export_result",
                "Export the result…",
                self.export,
                ("Ctrl+Shift+E",),
                menu="File",
                group="export",
                icon="export",
                short="Export",
                tip="as PNG, JPEG, WebP or TIFF.",
                enabled=lambda now: now.run_finished,
            ),
        )

    def export(self) -> None:
        """Asks where to, and writes it."""
        self._tasks.start(self._export(), "export result")

    async def _export(self) -> None:
        from overpaint.imaging.export import EXPORTED  # loads here, with Pillow
        from overpaint.ui.dialogs.file_dialogs import ask_where_to_export_picture  # loads here

        saved = self._stage.result
        if saved is None:
            return
        source, name = self._kept.picture_of(saved), saved.path.stem
        place = await ask_where_to_export_picture(self._dialogs.widget, self._dialogs.memory, name, EXPORTED)
        if place is None:
            return
        try:
            lost = await asyncio.to_thread(_write, source, place)
        except OverpaintError as fault:
            self._notices.notify(fault.sentence(), bad=True)
            return
        self._notices.notify(f"Exported as “{place.name}”. {lost}".rstrip())


def _write(source: Path, place: Path) -> str:
    from overpaint.imaging.export import exported, format_of

    data, lost = exported(source, format_of(place))
    with storage_errors(place.parent):
        write_atomic(place, data)
    return lost
