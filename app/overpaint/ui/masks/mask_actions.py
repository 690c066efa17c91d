"""What the Mask menu does with a whole mask: change its outline, take it elsewhere, save it as a picture."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from overpaint.core.masks.mask import Mask, stretched
from overpaint.core.masks.mask_combine import prepare
from overpaint.core.masks.undo_entries import MaskEntry
from overpaint.core.request.sizes import Size
from overpaint.library.storage.durable_files import write_atomic
from overpaint.studio.document.mask_editing import edit_mask
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.masks.mask_clipboard import MaskClipboard
from overpaint.ui.masks.stretch_words import stretch_words
from overpaint.ui.pictures.qimages import png_of
from overpaint.ui.shell.clipboard import clipboard_data
from overpaint.ui.shell.ports import CanvasPort, DialogParent, Notices

Coverage = NDArray[np.uint8]

_UNCLEAR = "This picture doesn't say which of its parts is the mask. What of it should change?"
_NOT_COPIED = "No mask was copied yet, and there is no picture on the clipboard."


_USUAL = {
    "grow_mask": 8,
    "shrink_mask": 8,
    "feather_mask": 12,
    "smooth_mask": 4,
    "fill_holes": 2_000,
    "remove_specks": 200,
}
"""The changes that ask for an amount, by the ids of their actions, and what each begins with."""


class MaskActions:
    """Works on the mask of the picture on the canvas, off the main thread; each action is one entry."""

    def __init__(self, studio: Studio, canvas: CanvasPort, dialogs: DialogParent, notices: Notices) -> None:
        self._studio = studio
        self._canvas = canvas
        self._dialogs = dialogs
        self._notices = notices
        self._numbers = dict(_USUAL)
        self._clipboard = MaskClipboard()

    def actions(self) -> tuple[Action, ...]:
        """What is done with the whole mask of a picture."""
        session = self._studio.session
        return (
            _on_mask(
                "fill_mask", "Fill mask", session.fill_mask, "whole", "Alt+Backspace", scope="elsewhere"
            ),
            _on_mask(
                "clear_mask", "Clear mask", session.clear_mask, "whole", "Del", "Ctrl+D", scope="elsewhere"
            ),
            _on_mask("invert_mask", "Invert mask", session.invert_mask, "whole", "Ctrl+I"),
            self._asking("grow_mask", "Grow…", "Ctrl+Alt++", "Ctrl+Alt+="),
            self._asking("shrink_mask", "Shrink…", "Ctrl+Alt+-"),
            self._asking("feather_mask", "Feather…", "Ctrl+Alt+F"),
            self._asking("smooth_mask", "Smooth…"),
            self._asking("fill_holes", "Fill holes…"),
            self._asking("remove_specks", "Remove specks…"),
            _on_mask("copy_mask", "Copy mask", self._copy, "clipboard", "Ctrl+Shift+C"),
            self._starting(
                "paste_mask", "Paste mask", self._paste, "Paste mask", "clipboard", "Ctrl+Shift+V"
            ),
            self._starting(
                "from_transparency", "From transparency", self._derive, "From transparency", "derive"
            ),
            self._starting("from_luminance", "From luminance", self._derive, "From luminance", "derive"),
            self._starting("import_mask", "Import mask…", self._import, "Import mask", "derive"),
            self._starting(
                "export_mask",
                "Export for the API (transparent PNG)…",
                self._export,
                "transparent",
                "export",
            ),
            self._starting("export_grey", "Export in black and white…", self._export, "grey", "export"),
        )

    def _asking(self, name: str, title: str, *keys: str) -> Action:
        """An action that asks for an amount first; held keys don't open one question after the other."""
        run = partial(self._start, self._ask, name)
        return _on_mask(name, title, run, "outline", *keys, repeats=not keys)

    def _starting(
        self, name: str, title: str, work: Callable[[str], Coroutine[object, object, None]], word: str,
        group: str, *keys: str,
    ) -> Action:  # fmt: skip
        return _on_mask(name, title, partial(self._start, work, word), group, *keys)

    # --- changes of the outline

    async def _ask(self, name: str) -> None:
        from overpaint.ui.dialogs.ask_number import ask_number  # loads here, when it is opened
        from overpaint.ui.masks.mask_numbers import NUMBERS

        asked = NUMBERS[name]
        number = await ask_number(self._dialogs.widget, asked, self._numbers[name])
        if number is not None:
            self._numbers[name] = number
            await self._change(asked.title, lambda coverage: _worked(name, coverage, number))

    async def _change(self, name: str, work: Callable[[Coverage], Coverage]) -> None:
        mask = self._mask()
        if mask is not None:
            await edit_mask(self._studio.session, mask, lambda: _changed(mask, name, work))

    # --- from picture to picture

    def _copy(self) -> None:
        mask = self._mask()
        if mask is not None:
            self._clipboard.copy(mask.coverage.copy())
            self._notices.notify("Mask copied. Paste mask puts it on another picture.")

    async def _paste(self, name: str) -> None:
        data = await clipboard_data(self._notices)
        if data is None:
            return
        mask, copied = self._mask(), self._clipboard.paste(data)
        if copied is None:
            self._notices.notify(_NOT_COPIED, bad=True)
        elif isinstance(copied, QImage):
            await self._take(name, mask, await asyncio.to_thread(png_of, copied))
        else:
            await self._change(name, lambda now: stretched(copied, now.shape[1], now.shape[0]))
            self._say_stretched(copied, mask)

    # --- from pictures

    async def _derive(self, name: str) -> None:
        picture, mask = self._canvas.picture, self._mask()
        if picture is None or self._canvas.mask_on_canvas is not mask:
            return
        luminance = name == "From luminance"
        await self._change(name, lambda _: _derived(picture.pixels, luminance=luminance))

    async def _import(self, name: str) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_for_mask  # loads here, when it is opened

        mask = self._mask()
        path = await ask_for_mask(self._dialogs.widget, self._dialogs.memory) if mask is not None else None
        if path is not None:
            await self._take(name, mask, path)

    async def _take(self, name: str, mask: Mask | None, picture: Path | bytes) -> None:
        """Reads a picture as a mask, asking which part it is where that can't be told."""
        if mask is None:
            return
        self._notices.notify("Reading the mask…")  # of a large photograph that takes seconds
        pixels = await self._studio.reader.pixels(picture, urgent=True)
        coverage, clear = await asyncio.to_thread(_read, pixels, Size(mask.width, mask.height))
        self._notices.notify("")
        if not clear:
            from overpaint.ui.dialogs.choose import choose  # loads here, when it is opened

            answer = await choose(self._dialogs.widget, name, _UNCLEAR, ("White changes", "Black changes"))
            if answer is None:
                return
            coverage = np.invert(coverage) if answer else coverage
        await edit_mask(self._studio.session, mask, lambda: _changed(mask, name, lambda _: coverage))
        self._say_stretched(pixels, mask)

    def _say_stretched(self, came: NDArray[np.uint8], mask: Mask | None) -> None:
        """``came`` is of shape (height, width) or (height, width, channels)."""
        if mask is not None and (words := stretch_words(came.shape[1], came.shape[0], mask)):
            self._notices.notify(words)

    # --- as a picture

    async def _export(self, kind: str) -> None:
        from overpaint.ui.dialogs.file_dialogs import ask_where_to_save  # loads here, when it is opened

        mask, item = self._mask(), self._studio.session.current
        if mask is None or item is None:
            return
        coverage = mask.coverage.copy()
        title = "Export mask for the API" if kind == "transparent" else "Export mask in black and white"
        suggested = f"{item.picture.path.stem}-mask.png"
        path = await ask_where_to_save(self._dialogs.widget, self._dialogs.memory, title, suggested)
        if path is not None:
            await asyncio.to_thread(_write, path, coverage, kind)
            self._notices.notify(f"Mask saved as “{path.name}”")

    # --- below

    def _mask(self) -> Mask | None:
        """The mask on the canvas, with no stroke going on."""
        self._canvas.finish_stroke()
        current = self._studio.session.current
        return None if current is None else current.mask

    def _start(self, work: Callable[[str], Coroutine[object, object, None]], name: str) -> None:
        self._studio.tasks.start(work(name), name)


def _on_mask(
    name: str,
    title: str,
    run: Callable[[], object],
    group: str,
    *keys: str,
    scope: str = "window",
    repeats: bool = True,
) -> Action:
    return Action(
        name,
        title,
        run,
        keys,
        scope,
        menu="Mask",
        group=group,
        repeats=repeats,
        enabled=lambda now: now.has_picture,
    )


def _changed(mask: Mask, name: str, work: Callable[[Coverage], Coverage]) -> MaskEntry | None:
    return prepare(mask, name, (mask.rect, work(mask.coverage.copy())), "replace")


def _worked(name: str, coverage: Coverage, amount: int) -> Coverage:
    from overpaint.imaging.masks import mask_ops  # OpenCV loads here, on a worker thread

    works: dict[str, Callable[[Coverage, int], Coverage]] = {
        "grow_mask": mask_ops.grow,
        "shrink_mask": mask_ops.shrink,
        "feather_mask": mask_ops.feather,
        "smooth_mask": mask_ops.smooth,
        "fill_holes": mask_ops.fill_holes,
        "remove_specks": mask_ops.remove_specks,
    }
    return works[name](coverage, amount)


def _derived(bgra: NDArray[np.uint8], *, luminance: bool) -> Coverage:
    from overpaint.imaging.masks import mask_import  # OpenCV loads here, on a worker thread

    return mask_import.from_luminance(bgra) if luminance else mask_import.from_transparency(bgra)


def _read(bgra: NDArray[np.uint8], size: Size) -> tuple[Coverage, bool]:
    """A picture as coverage, and whether it tells by itself what of it changes; if not, white does."""
    from overpaint.imaging.masks.mask_import import read_mask  # OpenCV loads here, on a worker thread

    found = read_mask(bgra, size)
    return found.coverage, found.meaning != "unclear"


def _write(path: Path, coverage: Coverage, kind: str) -> None:
    from overpaint.imaging.masks.mask_png import (  # Pillow loads here, on a worker thread
        encode_grey,
        encode_mask,
    )

    write_atomic(path, encode_mask(coverage) if kind == "transparent" else encode_grey(coverage))
