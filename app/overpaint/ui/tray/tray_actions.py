"""How pictures come into the tray, and what can be done with each of them there."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from overpaint.core.errors import OverpaintError
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.document.tray_commands import TrayCommands, with_mask_of
from overpaint.studio.pictures.picture_import import FULL, Rejected
from overpaint.studio.studio import Studio
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.window_parts import Parts, Shell
from overpaint.ui.pictures.qimages import png_of
from overpaint.ui.tray.reload_changed import reload_changed

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from overpaint.ui.tray.drop_data import DroppedData

_OF_ONE = (
    "rename_picture",
    "duplicate_picture",
    "replace_picture",
    "open_picture",
    "reveal_picture",
    "move_first",
    "move_left",
    "move_right",
    "remove_picture",
)
"""Acts on the picked picture, in the order of its menu."""

_LINES_BEFORE = ("open_picture", "move_first", "remove_picture")


class TrayActions:
    """Acts on pictures mean the one whose tile has the focus, otherwise the one on the canvas."""

    def __init__(self, studio: Studio, window: Shell, parts: Parts) -> None:
        self._studio = studio
        self._window = window
        self._parts = parts
        self._edits = TrayCommands(studio.session)
        self._actions: ActionRegistry | None = None

    def by_name(self) -> dict[str, Callable[[], object]]:
        """What to call for each act of the menus."""
        return {
            "add": self.add,
            "from_gallery": lambda: self._start(self._add_from_gallery(), "add from gallery"),
            "paste": self._paste,
            "rename_picture": lambda: self._with_picked(lambda item: self._parts.tray.edit_name(item.id)),
            "duplicate_picture": lambda: self._with_picked(self._duplicate),
            "replace_picture": lambda: self._with_picked(
                lambda item: self._start(self._replace(item), "replace picture")
            ),
            "open_picture": lambda: self._with_picked(self._open),
            "reveal_picture": lambda: self._with_picked(self._reveal),
            "move_first": lambda: self._with_picked(lambda item: self._studio.session.move(item.id, 0)),
            "move_left": partial(self._move, -1),
            "move_right": partial(self._move, 1),
            "remove_picture": lambda: self._with_picked(lambda item: self._studio.session.remove(item.id)),
        }

    def bind(self, actions: ActionRegistry) -> None:
        """Connects the tray once the acts exist."""
        self._actions = actions
        tray, session = self._parts.tray, self._studio.session
        tray.add_wanted.connect(self.add)
        tray.menu_wanted.connect(self._show_menu)
        tray.renamed.connect(self._edits.rename)
        tray.shrink_wanted.connect(self._shrink)
        session.tray_changed.connect(self._offer)
        session.current_changed.connect(self._offer)
        self._offer()

    # --- pictures that come

    def add(self) -> None:
        """Asks for picture files and takes them."""
        self._start(self._add(), "add pictures")

    def take_mime(self, mime: "QMimeData", name: str, *, pasted: bool = False) -> None:
        """Takes what was dropped or pasted: addresses first, then files, then pixels. What was pasted is
        here already, so its pixels go before its address."""
        from overpaint.ui.tray.drop_data import (
            parse_mime,  # loads here, with the first picture that comes so
        )

        found = parse_mime(mime)
        if not found.holds_something:
            self._parts.status.notify("There is no picture on the clipboard.", bad=True)
        elif found.files:
            self.take_files(found.files)
        elif found.links and not (pasted and found.image is not None):
            self._start(self._take_links(found, name), "fetch pictures")
        elif found.image is not None:
            self._start(self._take_image(found.image, name), "take pixels")

    def take_files(self, files: Sequence[Path]) -> None:
        """Takes files and folders, and says what was refused."""
        self._start(self._take_files(files), "take files")

    def _paste(self) -> None:
        self.take_mime(QGuiApplication.clipboard().mimeData(), "Pasted picture", pasted=True)

    async def _add(self) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_files  # loads here, when it is opened

        files = await ask_for_files(self._window, self._window.memory)
        if files:
            await self._take_files(files)

    async def _add_from_gallery(self) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_files  # loads here, when it is opened

        files = await ask_for_files(self._window, self._window.memory, self._studio.gallery().folder)
        if files:
            await self._take_files(files)

    async def _take_files(self, files: Sequence[Path], *, shrink: bool = False) -> None:
        self._parts.tray.show_rejected(await self._studio.picture_import.import_files(files, shrink=shrink))

    async def _take_image(self, image: QImage, name: str) -> None:
        png = await asyncio.to_thread(png_of, image)
        self._parts.tray.show_rejected(await self._studio.picture_import.import_pixels(png, name))

    async def _take_links(self, found: "DroppedData", name: str) -> None:
        links = found.links[:MAX_PICTURES]
        rejected: list[Rejected] = []
        for link in links if await self._may_fetch(links) else ():
            try:
                with self._studio.picture_import.pending_picture(_last_part(link)):
                    fetched = await self._studio.client().fetch(link)
            except OverpaintError as fault:
                rejected.append(Rejected("The picture", fault.sentence()))
            else:
                rejected += await self._studio.picture_import.import_data(fetched.data, fetched.name)
        if found.image is not None and len(rejected) == len(links):
            await self._take_image(found.image, name)  # smaller perhaps, but it is there
        else:
            self._parts.tray.show_rejected(rejected)

    async def _may_fetch(self, links: Sequence[str]) -> bool:
        """Asks before anything is fetched; pictures that are inside their own address need no asking."""
        from overpaint.api.transport.picture_link import (
            host_of,  # httpx loads here, long after the window is there
        )

        hosts = list(dict.fromkeys(host for link in links if (host := host_of(link))))
        if not hosts:
            return True
        what = "the picture" if len(links) == 1 else f"{len(links)} pictures"
        plain = any(link[:5].lower() == "http:" for link in links)
        way = "http, which others on the way can read" if plain else "https"
        from overpaint.ui.dialogs.confirm import confirm  # loads here, when it is opened

        return await confirm(
            self._window,
            f"Fetch {what}?",
            f"From {', '.join(hosts)} over {way}. At most 50 MB; nothing of yours is sent along.",
            "Fetch",
        )

    def _shrink(self, files: list[Path]) -> None:
        self._start(self._take_files(files, shrink=True), "shrink to fit")

    # --- pictures that are there

    def reload_changed(self) -> None:
        """Looks whether another program has changed pictures meanwhile."""
        self._start(self._reload_changed(), "look for changed pictures")

    async def _reload_changed(self) -> None:
        await reload_changed(self._studio, self._parts)

    def _duplicate(self, item: TrayItem) -> None:
        if not self._edits.duplicate(item.id):
            self._parts.tray.show_rejected([Rejected(item.name, FULL)])

    async def _replace(self, item: TrayItem) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_other_file  # loads here, when it is opened

        file = await ask_for_other_file(self._window, self._window.memory, item.name)
        if file is None:
            return
        try:
            with self._studio.picture_import.pending_picture(file.name):
                new = await self._studio.picture_import.examine(file)
        except OverpaintError as fault:
            self._parts.tray.show_rejected([Rejected(file.name, fault.sentence())])
            return
        same_size = new.picture.size == item.picture.size
        if same_size or (item.mask.revision and await self._keeps_mask(item, new)):
            new = with_mask_of(new, item)
        self._edits.replace(item.id, new)

    async def _keeps_mask(self, item: TrayItem, new: TrayItem) -> bool:
        from overpaint.ui.dialogs.choose import choose  # loads here, when it is opened

        answer = await choose(
            self._window,
            "Keep the mask?",
            f"{item.name} has {item.picture.size} pixels, {new.name} {new.picture.size}.",
            ("Stretch the mask", "Begin without one"),
        )
        return answer == 0

    def _open(self, item: TrayItem) -> None:
        from overpaint.ui.shell.file_manager import open_file  # loads here, when something is opened

        if not open_file(item.source):
            self._parts.status.notify(f"No program could be found that opens {item.name}.", bad=True)

    def _reveal(self, item: TrayItem) -> None:
        from overpaint.ui.shell.file_manager import reveal  # loads here, when something is shown

        if not reveal(item.source):
            self._parts.status.notify(
                f"No file manager could be opened. The folder is {item.source.parent}", bad=True
            )

    def _move(self, by: int) -> None:
        item = self._parts.tray.picked
        if item is not None:
            place = self._studio.session.tray.index(item) + by
            self._studio.session.move(item.id, max(place, 0))

    # --- below

    def _with_picked(self, act: Callable[[TrayItem], object]) -> None:
        item = self._parts.tray.picked
        if item is not None:
            act(item)

    def _show_menu(self, at: QPoint) -> None:
        assert self._actions is not None
        self._offer()
        menu = QMenu(self._parts.tray)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _OF_ONE:
            if name in _LINES_BEFORE:
                menu.addSeparator()
            menu.addAction(self._actions[name])
        menu.popup(at)

    def _offer(self) -> None:
        """Lets those acts be chosen that can be done."""
        assert self._actions is not None
        tray, item = self._studio.session.tray, self._parts.tray.picked
        place = next((at for at, one in enumerate(tray) if item is not None and one.id == item.id), -1)
        for name in _OF_ONE:
            self._actions[name].setEnabled(place >= 0)
        for name in ("move_first", "move_left"):
            self._actions[name].setEnabled(place > 0)
        self._actions["move_right"].setEnabled(0 <= place < len(tray) - 1)
        self._actions["duplicate_picture"].setEnabled(place >= 0 and len(tray) < MAX_PICTURES)

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._studio.tasks.start(work, name)


def _last_part(link: str) -> str:
    """What a link may be called while nobody knows what it leads to."""
    if link[:5].lower() == "data:":
        return "Dropped picture"
    from PySide6.QtCore import QUrl  # loads here, with the first picture that is fetched

    return QUrl(link).fileName() or QUrl(link).host()
