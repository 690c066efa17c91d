"""Where results are saved: opening that folder, choosing another, and moving what couldn't be saved there."""

import asyncio
from pathlib import Path

from overpaint.core.errors import StorageError
from overpaint.library.gallery.gallery import Gallery
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.shell.ports import DialogParent, Notices


class GalleryFolder:
    """The actions on the gallery folder."""

    def __init__(self, studio: Studio, dialogs: DialogParent, notices: Notices) -> None:
        self._studio = studio
        self._dialogs = dialogs
        self._notices = notices

    def actions(self) -> tuple[Action, ...]:
        """Opening it, and choosing another."""
        return (
            Action("open_gallery", "Open gallery folder", self.open, menu="File", group="gallery"),
            Action(
                "choose_gallery", "Choose gallery folder…", self._start_choosing, menu="File", group="gallery"
            ),
        )

    def _start_choosing(self) -> None:
        self._studio.tasks.start(self.choose(), "choose gallery")

    def open(self) -> None:
        """Shows the folder in the platform's file manager; it is made when nothing was saved yet."""
        self._studio.tasks.start(self._open(), "open gallery folder")

    async def _open(self) -> None:
        from overpaint.ui.shell.file_manager import open_file  # loads here, when something is opened

        gallery = await asyncio.to_thread(self._studio.gallery)
        await asyncio.to_thread(gallery.create)
        if not open_file(gallery.folder):
            self._notices.notify(f"No file manager could be opened. The folder is {gallery.folder}", bad=True)

    async def choose(self, job: Job | None = None) -> None:
        """Asks for another folder; what a run couldn't save goes there at once."""
        from overpaint.ui.dialogs.file_dialogs import ask_for_folder  # loads here, when it is opened

        start = self._studio.gallery_folder
        folder = await ask_for_folder(self._dialogs.widget, "Choose gallery folder", start)
        if folder is not None:
            await self.use(folder, job)

    async def use(self, folder: Path, job: Job | None = None) -> None:
        """Makes a folder the gallery, when it can be written to; ``~`` is the user's own folder."""
        gallery = await asyncio.to_thread(Gallery, _at_home(folder))
        try:
            await asyncio.to_thread(gallery.check)
        except StorageError as fault:
            self._notices.notify(fault.sentence(), bad=True)
            return
        self._studio.settings.replace(gallery=str(gallery.folder))
        self._notices.notify(f"Results are saved to “{gallery.folder.name}”")
        if job is not None and job.unsaved:
            self._studio.jobs.save_elsewhere(job, gallery)


def _at_home(folder: Path) -> Path:
    """A folder as people type it, where ``~`` would otherwise be a folder below the working one."""
    return Path.home().joinpath(*folder.parts[1:]) if folder.parts[:1] == ("~",) else folder
