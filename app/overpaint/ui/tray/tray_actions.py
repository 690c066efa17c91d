"""How pictures come into the tray, and what can be done with each of them there."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from overpaint.core.errors import OverpaintError
from overpaint.core.foreign_words import visible
from overpaint.core.request.params import MAX_PICTURES
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.document.tray_commands import TrayCommands, with_mask_of
from overpaint.studio.pictures.file_addresses import reached
from overpaint.studio.pictures.picture_import import FULL, Rejected
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.context import ActionContext
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.pictures.qimages import png_of
from overpaint.ui.shell.clipboard import when_clipboard_answers
from overpaint.ui.shell.ports import DialogParent, Notices
from overpaint.ui.tray.reload_changed import reload_changed
from overpaint.ui.tray.tray_keys import TRAY_KEYS
from overpaint.ui.tray.tray_panel import TrayPanel

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from overpaint.ui.tray.drop_data import DroppedData


class TrayActions:
    """Acts on pictures mean the one whose tile has the focus, otherwise the one on the canvas."""

    def __init__(self, studio: Studio, tray: TrayPanel, dialogs: DialogParent, notices: Notices) -> None:
        self._studio = studio
        self._tray = tray
        self._dialogs = dialogs
        self._notices = notices
        self._edits = TrayCommands(studio.session)
        self._actions: ActionRegistry | None = None

    def actions(self) -> tuple[Action, ...]:
        """How pictures come in, and what is done with the picked one."""
        gallery = partial(self._start_with, self._add_from_gallery, "add from gallery")
        return (
            Action("add", "Add pictures…", self.add, ("Ctrl+O",), menu="File", group="add"),
            Action("from_gallery", "Add from gallery…", gallery, ("Ctrl+Shift+O",), menu="File", group="add"),
            Action("paste", "Paste picture", self._paste, ("Ctrl+V",), menu="Edit", group="clipboard"),
            self._on_picked("rename_picture", "Rename", self._rename, "change", "F2"),
            self._on_picked(
                "duplicate_picture",
                "Duplicate",
                self._duplicate,
                "change",
                "Ctrl+J",
                enabled=lambda now: now.has_picked and now.pictures < MAX_PICTURES,
            ),
            self._on_picked("replace_picture", "Replace…", self._start_replacing, "change"),
            self._on_picked("open_picture", "Open in its program", self._open, "open"),
            self._on_picked("reveal_picture", "Show in its folder", self._reveal, "open"),
            self._on_picked(
                "move_first",
                "Make it first: it is edited",
                lambda item: self._edits.make_first(item.id),
                "move",
                enabled=lambda now: now.has_picked and not now.picked_is_edited,
            ),
            Action(
                "send_picture",
                "Send it with the edit",
                partial(self._with_picked, self._switch_eye),
                ("Ctrl+E",),
                menu="Picture",
                group="move",
                enabled=lambda now: now.has_picked,
                checked=lambda now: now.picked_is_sent,
            ),
            self._on_picked(
                "move_left",
                "Move left",
                partial(self._move, -1),
                "move",
                "Ctrl+Left",
                scope="tray",
                enabled=lambda now: now.picked > 0,
            ),
            self._on_picked(
                "move_right",
                "Move right",
                partial(self._move, 1),
                "move",
                "Ctrl+Right",
                scope="tray",
                enabled=lambda now: 0 <= now.picked < now.pictures - 1,
            ),
            self._on_picked(
                "remove_picture",
                "Remove from the tray",
                lambda item: self._studio.session.remove(item.id),
                "remove",
                "Del",
                "Backspace",
                scope="tray",
            ),
            *(self._showing(number) for number in range(1, 10)),
            *TRAY_KEYS,
        )

    def _on_picked(
        self,
        name: str,
        title: str,
        work: Callable[[TrayItem], object],
        group: str,
        *keys: str,
        scope: str = "window",
        enabled: Callable[[ActionContext], bool] = lambda now: now.has_picked,
    ) -> Action:
        run = partial(self._with_picked, work)
        return Action(name, title, run, keys, scope, menu="Picture", group=group, enabled=enabled)

    def _showing(self, number: int) -> Action:
        run = partial(self._tray.show_number, number)
        title = f"Picture {number}"
        return Action(
            f"picture_{number}", title, run, (f"Alt+{number}",), group="inputs", family="Picture 1 to 9"
        )

    def bind(self, actions: ActionRegistry) -> None:
        """Connects the tray once the actions exist."""
        self._actions = actions
        tray = self._tray
        tray.add_wanted.connect(self.add)
        tray.menu_wanted.connect(self._show_menu)
        tray.renamed.connect(self._edits.rename)
        tray.eye_pressed.connect(self.switch_eye)
        tray.shrink_wanted.connect(self._shrink)

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
            self._notices.notify("There is no picture on the clipboard.", bad=True)
        elif found.files or found.remote:
            self._start(self._take_found(found), "take files")
        elif found.links and not (pasted and found.image is not None):
            self._start(self._take_links(found, name), "fetch pictures")
        elif found.image is not None:
            self._start(self._take_image(found.image, name), "take pixels")

    def take_files(self, files: Sequence[Path]) -> None:
        """Takes files and folders, and says what was refused."""
        self._start(self._take_files(files), "take files")

    def _paste(self) -> None:
        when_clipboard_answers(self._take_pasted, self._studio.tasks, self._notices)

    def _take_pasted(self, mime: "QMimeData") -> None:
        self.take_mime(mime, "Pasted picture", pasted=True)

    async def _add(self) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_files  # loads here, when it is opened

        files = await ask_for_files(self._dialogs.widget, self._dialogs.memory)
        if files:
            await self._take_files(files)

    async def _add_from_gallery(self) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_files  # loads here, when it is opened

        files = await ask_for_files(self._dialogs.widget, self._dialogs.memory, self._studio.gallery_folder)
        if files:
            await self._take_files(files)

    async def _take_files(self, files: Sequence[Path], *, shrink: bool = False) -> None:
        self._tray.show_rejected(await self._studio.picture_import.import_files(files, shrink=shrink))

    async def _take_found(self, found: "DroppedData") -> None:
        mounted, elsewhere = await asyncio.to_thread(reached, found.remote)
        refused = [Rejected(one.name, one.refusal) for one in elsewhere]
        taken = await self._studio.picture_import.import_files([*found.files, *mounted])
        self._tray.show_rejected([*refused, *taken])

    async def _take_image(self, image: QImage, name: str) -> None:
        png = await asyncio.to_thread(png_of, image)
        self._tray.show_rejected(await self._studio.picture_import.import_pixels(png, name))

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
            self._tray.show_rejected(rejected)

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
            self._dialogs.widget,
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
        await reload_changed(self._studio, self._tray, self._notices)

    def _duplicate(self, item: TrayItem) -> None:
        if not self._edits.duplicate(item.id):
            self._tray.show_rejected([Rejected(item.name, FULL)])

    def _start_replacing(self, item: TrayItem) -> None:
        self._start(self._replace(item), "replace picture")

    async def _replace(self, item: TrayItem) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_other_file  # loads here, when it is opened

        file = await ask_for_other_file(self._dialogs.widget, self._dialogs.memory, item.name)
        if file is None:
            return
        try:
            with self._studio.picture_import.pending_picture(file.name):
                new = await self._studio.picture_import.examine(file)
        except OverpaintError as fault:
            self._tray.show_rejected([Rejected(visible(file.name), fault.sentence())])
            return
        same_size = new.picture.size == item.picture.size
        if same_size or (item.mask.revision and await self._keeps_mask(item, new)):
            new = with_mask_of(new, item)
        self._edits.replace(item.id, new)

    async def _keeps_mask(self, item: TrayItem, new: TrayItem) -> bool:
        from overpaint.ui.dialogs.choose import choose  # loads here, when it is opened

        answer = await choose(
            self._dialogs.widget,
            "Keep the mask?",
            f"{item.name} has {item.picture.size} pixels, {new.name} {new.picture.size}.",
            ("Stretch the mask", "Begin without one"),
        )
        return answer == 0

    def _open(self, item: TrayItem) -> None:
        from overpaint.ui.shell.file_manager import open_file  # loads here, when something is opened

        if not open_file(item.source):
            self._notices.notify(f"No program could be found that opens {item.name}.", bad=True)

    def _reveal(self, item: TrayItem) -> None:
        from overpaint.ui.shell.file_manager import reveal  # loads here, when something is shown

        if not reveal(item.source):
            self._notices.notify(
                f"No file manager could be opened. The folder is {item.source.parent}", bad=True
            )

    def _move(self, by: int, item: TrayItem) -> None:
        place = self._studio.session.tray.index(item) + by
        self._studio.session.move(item.id, max(place, 0))

    def _switch_eye(self, item: TrayItem) -> None:
        self._edits.set_sent(item.id, not item.sent)

    def switch_eye(self, item_id: int) -> None:
        """Sends a picture with the edit, or leaves it out."""
        for item in self._studio.session.tray:
            if item.id == item_id:
                self._switch_eye(item)

    def make_first(self) -> None:
        """Makes the picture on the canvas the one that is edited."""
        if (item := self._studio.session.current) is not None:
            self._edits.make_first(item.id)

    def send_shown(self) -> None:
        """Lets the picture on the canvas go with the edit."""
        if (item := self._studio.session.current) is not None:
            self._edits.set_sent(item.id, True)

    def _rename(self, item: TrayItem) -> None:
        self._tray.edit_name(item.id)

    # --- below

    def _with_picked(self, work: Callable[[TrayItem], object]) -> None:
        item = self._tray.picked
        if item is not None:
            work(item)

    def _show_menu(self, at: QPoint) -> None:
        assert self._actions is not None
        self._actions.context_menu("Picture", self._tray).popup(at)

    def _start_with(self, work: Callable[[], Coroutine[object, object, None]], name: str) -> None:
        self._start(work(), name)

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._studio.tasks.start(work, name)


def _last_part(link: str) -> str:
    """What a link may be called while nobody knows what it leads to."""
    if link[:5].lower() == "data:":
        return "Dropped picture"
    from PySide6.QtCore import QUrl  # loads here, with the first picture that is fetched

    return QUrl(link).fileName() or QUrl(link).host()
