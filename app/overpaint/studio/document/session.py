"""What the user is doing now: pictures with their masks, parameters, undo, and the request they make."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from overpaint.core.errors import Problem
from overpaint.core.masks import mask_combine
from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine, MaskPatch
from overpaint.core.masks.undo_entries import Entry, MaskEntry
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.core.request import prompt_syntax as words
from overpaint.core.request import request_rules as rules
from overpaint.core.request.edit_request import EditRequest
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.results import prices
from overpaint.studio.document.effective_spec import effective_spec
from overpaint.studio.document.tray import Tray, TrayChange, TrayItem, moved, new_names
from overpaint.studio.event import Event


class Session:
    """One document: tray, masks, parameters and their history.

    Intents are plain methods; what they change is told by events. ``tray_changing`` comes before an act with
    the tray, so that a stroke ends first; ``tray_changed`` says that pictures came, went, or changed places;
    ``current_changed`` that another one is on the canvas; ``picture_reloaded`` that one was read again;
    ``mask_painting`` which pixels of the current mask look different while a stroke goes on, for those who
    draw it; ``mask_edited`` that a mask is another one for good, and where it looks different: a change has
    landed, was undone or redone, or a stroke has ended; ``params_changed`` that a parameter, or what is
    allowed, is another.
    """

    def __init__(self, table: ModelTable, params: EditParams, undo_bytes: int) -> None:
        self._table = table
        self._params = params
        self._fields: dict[str, str] = {}
        self._tray: Tray = ()
        self._current: int | None = None
        self._sample: int | None = None
        self._next_id = 1
        self._profile = EndpointProfile("")
        self.history = History(undo_bytes)
        self.tray_changing: Event[[]] = Event()
        self.tray_changed: Event[[]] = Event()
        self.current_changed: Event[[]] = Event()
        self.picture_reloaded: Event[[TrayItem]] = Event()
        self.mask_painting: Event[[TrayItem, Rect]] = Event()
        self.mask_edited: Event[[TrayItem, Rect]] = Event()
        self.params_changed: Event[[]] = Event()
        self.history_changed: Event[[]] = Event()

    # --- what there is

    @property
    def params(self) -> EditParams:
        """The parameters as they stand."""
        return self._params

    @property
    def fields(self) -> Mapping[str, str]:
        """What was typed for the fields of prompts, by their names."""
        return self._fields

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the pictures in their order, no two alike."""
        return tuple(item.name for item in self._tray)

    @property
    def sent_params(self) -> EditParams:
        """The parameters with the prompt as it is sent: names of pictures and fields resolved."""
        sent = words.as_sent(self._params.prompt, self.names, self._fields)
        return self._params.replace(prompt=sent)

    @property
    def spec(self) -> ModelSpec:
        """What the chosen model takes at the chosen endpoint."""
        return effective_spec(self._table.find(self._params.model), self._profile)

    @property
    def models(self) -> tuple[str, ...]:
        """Model names worth offering: the endpoint's own, otherwise the table's."""
        return self._profile.models or self._table.offered()

    @property
    def tray(self) -> Tray:
        """The pictures in their order; the first one's mask is sent."""
        return self._tray

    @property
    def first_picture(self) -> TrayItem | None:
        """The picture whose mask is sent."""
        return self._tray[0] if self._tray else None

    @property
    def current(self) -> TrayItem | None:
        """The picture on the canvas."""
        return next((item for item in self._tray if item.id == self._current), None)

    @property
    def sample(self) -> int | None:
        """The id of the sample picture, while it is or was in the tray."""
        return self._sample

    def item_of(self, mask: object) -> TrayItem | None:
        """The picture of the tray that a mask belongs to."""
        return next((one for one in self._tray if one.mask is mask), None)

    # --- intents: parameters

    def set(self, **changes: object) -> None:
        """Changes parameters by their API names."""
        changed = self._params.replace(**changes)
        if changed != self._params:
            self._params = changed
            self.params_changed.emit()

    def fill_prompt_fields(self, values: Mapping[str, str]) -> None:
        """Fills in fields of prompts, by their names; the others stay as they are."""
        sound = {name: value.encode(errors="replace").decode() for name, value in values.items()}
        filled = {**self._fields, **sound}
        if filled != self._fields:
            self._fields = filled
            self.params_changed.emit()

    def use_endpoint(self, profile: EndpointProfile) -> None:
        """Edits go to another endpoint, which may offer other models and prices."""
        if profile != self._profile:
            self._profile = profile
            self.params_changed.emit()

    def prices_changed(self) -> None:
        """Tells that the table of models has other prices."""
        self.params_changed.emit()

    # --- intents: the tray

    def add(self, items: Iterable[TrayItem]) -> None:
        """Puts pictures at the end of the tray and shows the first of them; they take the place of the
        sample picture while nobody has painted on it. At most 16 are held: the intake refuses more, in
        words, before they come here."""
        new = tuple(replace(item, id=self.new_id()) for item in items)
        if not new:
            return
        name = "Add picture" if len(new) == 1 else f"Add {len(new)} pictures"
        self.edit_tray(name, (() if self._only_sample else self._tray) + new)
        self.show(new[0].id)

    def remove(self, item_id: int) -> None:
        """Takes a picture out of the tray, its mask with it; undo brings both back."""
        self.edit_tray("Remove picture", tuple(item for item in self._tray if item.id != item_id))

    def move(self, item_id: int, index: int) -> None:
        """Moves a picture to another place, counted among the others from 0."""
        self.edit_tray("Move picture", moved(self._tray, item_id, index))

    def start_with(self, items: Iterable[TrayItem]) -> None:
        """Fills the tray without an entry in the history, as at the start of the program."""
        self.replace_tray(tuple(replace(item, id=self.new_id()) for item in items))
        if self._tray:
            self.show(self._tray[0].id)

    def start_with_sample(self, item: TrayItem) -> None:
        """The same with the sample picture, which gives way to the user's own."""
        self.start_with([item])
        self._sample = self._current

    def new_id(self) -> int:
        """A number that no picture of the tray had yet."""
        self._next_id += 1
        return self._next_id

    def edit_tray(self, name: str, after: Tray) -> None:
        """Puts pictures into the tray as an act of that name; ``TrayCommands`` has most of these acts."""
        before = self._tray
        if after == before:
            return
        self.tray_changing.emit()
        self.replace_tray(after)
        self.record(TrayChange(name, before, after, self.replace_tray))

    def replace_tray(self, tray: Tray) -> None:
        """Puts pictures into the tray as they are, without an entry in the history."""
        gone = self.current is not None and all(item.id != self._current for item in tray)
        place = next((at for at, item in enumerate(self._tray) if item.id == self._current), 0)
        self._follow(new_names(self._tray, tray))
        self._tray = tray
        if gone or self._current is None:
            self._current = tray[min(place, len(tray) - 1)].id if tray else None
            self.current_changed.emit()
        self.tray_changed.emit()
        self.params_changed.emit()

    def reload(self, item: TrayItem) -> None:
        """Puts a picture that was read again into its own place, without an entry in the history: it is not
        an act of the user."""
        self.tray_changing.emit()
        self.replace_tray(tuple(item if one.id == item.id else one for one in self._tray))
        self.picture_reloaded.emit(item)

    def show(self, item_id: int) -> None:
        """Brings a picture onto the canvas."""
        if item_id != self._current and any(item.id == item_id for item in self._tray):
            self._current = item_id
            self.current_changed.emit()

    # --- intents: the mask on the canvas

    def stroke(self, brush: Brush) -> Stroke | None:
        """A new stroke on the current picture's mask; None without a picture or while another one goes on."""
        if self.current is None or self.history.recording:
            return None
        return Stroke(self.current.mask, self.history, brush)

    def notify_stroke(self, rect: Rect) -> None:
        """Tells that a stroke changed pixels of the current mask, or ended."""
        going_on = self.history.recording
        if self.current is not None:
            (self.mask_painting if going_on else self.mask_edited).emit(self.current, rect)
        if not going_on:
            self.history_changed.emit()

    def fill_mask(self) -> None:
        """Marks the whole picture for editing."""
        self._edit_mask("Fill mask", mask_combine.filled)

    def clear_mask(self) -> None:
        """Unmarks everything."""
        self._edit_mask("Clear mask", mask_combine.cleared)

    def invert_mask(self) -> None:
        """Swaps what is kept and what is edited."""
        self._edit_mask("Invert mask", mask_combine.inverted)

    def select(self, mask: Mask, name: str, patch: MaskPatch, how: Combine) -> None:
        """Combines a selection with a picture's mask: one entry, none when nothing changes by it.

        Nothing happens when the mask's picture has left the tray, or while a stroke goes on.
        """
        if self.item_of(mask) is None or self.history.recording:
            return
        entry = mask_combine.prepare(mask, name, patch, how)
        if entry is not None:
            self.apply(entry)

    def apply(self, entry: MaskEntry) -> None:
        """Does a change that ``mask_combine.prepare`` worked out, as ``select`` would.

        The mask must be as it was then: ``mask_editing.edit_mask`` sees to that.
        """
        item = self.item_of(entry.subject)
        if item is not None and not self.history.recording:
            self.mask_edited.emit(item, self.history.do(entry))
            self.history_changed.emit()

    def undo(self) -> None:
        """Takes the last act back; a stroke under the hand is finished by its tool first."""
        if not self.history.recording and (entry := self.history.next_undo) is not None:
            self._reverted(entry.subject, self.history.undo())

    def redo(self) -> None:
        """Does the last undone act again."""
        if not self.history.recording and (entry := self.history.next_redo) is not None:
            self._reverted(entry.subject, self.history.redo())

    def go_to(self, position: int) -> None:
        """Undoes or redoes until ``position`` acts are done, as a click into the history asks for."""
        while self.history.position > position and self.history.can_undo and not self.history.recording:
            self.undo()
        while self.history.position < position and self.history.can_redo and not self.history.recording:
            self.redo()

    def record(self, entry: Entry) -> None:
        """Adds what was just done, other than to a mask's pixels, to the history; no stroke may go on."""
        self.history.record(entry)
        self.history_changed.emit()

    def restore_history(self, entries: Sequence[Entry], position: int) -> None:
        """Takes up the history of an earlier start, unless something has been done in this one already."""
        if not self.history.entries() and not self.history.recording:
            self.history.resume(entries, position)
            self.history_changed.emit()

    def set_undo_budget(self, budget_bytes: int) -> None:
        """Changes the memory that undo may use; a smaller one forgets the oldest acts at once."""
        revision = self.history.revision
        self.history.budget_bytes = budget_bytes
        if self.history.revision != revision:
            self.history_changed.emit()

    # --- what would be sent

    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps the edit from being sent, each beside its field."""
        found = list(rules.problems(self.sent_params, self.spec, apart=True))
        found.extend(words.problems(self._params.prompt, self.names, self._fields))
        found.extend(self._profile.problems())
        target = self.first_picture
        if target is None:
            found.append(Problem("image", "Add a picture to edit."))
        elif target.mask.is_empty() and not target.mask.bounds().empty:
            found.append(
                Problem("mask", "The mask is too faint: nothing would be edited. Paint it once more.")
            )
        if len(self._tray) > self.spec.max_pictures:
            found.append(Problem("image", f"This model takes at most {self.spec.max_pictures} pictures."))
        return tuple(found)

    def remark(self) -> str:
        """What the mask means for the edit where that isn't plain, or ``""``; slips are found by ``lint``."""
        target = self.first_picture
        if target is None:
            return ""
        if not target.mask.is_empty() and (refusal := self.spec.refusal("mask")):
            return f"{refusal}: your words apply to the whole picture."
        if target.mask.is_empty():
            return "Nothing is painted: your words apply to the whole picture."
        return ""

    def estimate(self, **changes: object) -> prices.Estimate:
        """The likely price of the edit as it stands, or with parameters changed."""
        pictures = tuple(item.picture.size for item in self._tray)
        params = self.sent_params.replace(**changes)
        return prices.estimate(params, self.spec, pictures, self._profile.price_multiplier)

    async def request(self) -> EditRequest:
        """The edit as it stands, frozen. Its mask is encoded off the main thread.

        Raises ValueError while there are problems: whoever asks looks at :meth:`problems` first.
        """
        faults = self.problems()
        if faults:
            raise ValueError(faults[0].message)
        tray, params, profile = self._tray, self.sent_params, self._profile
        written = self._params.prompt if self._params != params else ""
        target = tray[0].mask
        mask = None
        if not target.is_empty():
            mask = await asyncio.to_thread(_encoded, target.coverage.copy())
        parents = tuple(item.source for item in tray if _is_result(item.source))
        pictures = tuple(item.picture for item in tray)
        return EditRequest(params, pictures, mask, profile.name, parents, written)

    # --- below the surface

    @property
    def _only_sample(self) -> bool:
        """Whether nothing but the sample is here, untouched: otherwise an edit of the user's own picture
        would silently be one of the sample, whose mask is the one that is sent."""
        if [item.id for item in self._tray] != [self._sample]:
            return False
        return self._tray[0].mask.bounds().empty and not self._tray[0].shelf.masks

    def _follow(self, names: Mapping[str, str]) -> None:
        """Keeps the prompt naming the same pictures under their new names."""
        if names:
            self._params = self._params.replace(prompt=words.renamed(self._params.prompt, names))
            self._fields = {field: words.renamed(value, names) for field, value in self._fields.items()}

    def _edit_mask(self, name: str, change: Callable[[Mask, str], MaskEntry | None]) -> None:
        item = self.current
        if item is None or self.history.recording:
            return
        entry = change(item.mask, name)
        if entry is not None:
            self.apply(entry)

    def _reverted(self, subject: object, dirty: Rect | None) -> None:
        item = self.item_of(subject)
        if item is not None and dirty is not None:
            self.show(item.id)
            self.mask_edited.emit(item, dirty)
        self.history_changed.emit()


def _is_result(source: Path) -> bool:
    return source.with_name(source.stem + ".overpaint.json").exists()


def _encoded(coverage: NDArray[np.uint8]) -> bytes:
    from overpaint.imaging.masks.mask_png import encode_mask  # Pillow loads here, on a worker thread

    return encode_mask(coverage)
