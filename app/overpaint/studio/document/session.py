"""What the user is working on: pictures with their masks, and what can be undone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from overpaint.core.masks import mask_combine
from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask import Mask
from overpaint.core.masks.mask_combine import Combine, MaskPatch
from overpaint.core.masks.undo_entries import Entry, MaskEntry
from overpaint.core.masks.undo_history import History
from overpaint.core.paint.brush_stroke import Brush, Stroke
from overpaint.studio.document.tray import Tray, TrayChange, TrayItem, moved, new_names
from overpaint.studio.event import Event


class Session:
    """One document: the tray, its masks, and their history.

    What changes is told by events. ``tray_changing`` comes before the tray is edited, so that a stroke ends
    first; ``pictures_renamed`` has the new names of pictures by their old ones, and ``tray_changed`` follows
    it: pictures came, went, were renamed or changed places; ``current_changed`` says that another one is on
    the canvas; ``picture_reloaded`` that one was read again; ``mask_painting`` which pixels of the current
    mask look different while a stroke goes on, for those who draw it; ``mask_edited`` that a mask is another
    one for good, and where it looks different: a change has landed, was undone or redone, or a stroke has
    ended.
    """

    def __init__(self, undo_bytes: int) -> None:
        self._tray: Tray = ()
        self._current: int | None = None
        self._sample: int | None = None
        self._next_id = 1
        self.history = History(undo_bytes)
        self.tray_changing: Event[[]] = Event()
        self.pictures_renamed: Event[[Mapping[str, str]]] = Event()
        self.tray_changed: Event[[]] = Event()
        self.current_changed: Event[[]] = Event()
        self.picture_reloaded: Event[[TrayItem]] = Event()
        self.mask_painting: Event[[TrayItem, Rect]] = Event()
        self.mask_edited: Event[[TrayItem, Rect]] = Event()
        self.history_changed: Event[[]] = Event()

    # --- what there is

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the pictures in their order, no two alike."""
        return tuple(item.name for item in self._tray)

    @property
    def tray(self) -> Tray:
        """The pictures in their order."""
        return self._tray

    @property
    def sent_pictures(self) -> Tray:
        """Those that go with the edit; the first of them is edited, inside its mask."""
        return tuple(item for item in self._tray if item.sent)

    @property
    def first_picture(self) -> TrayItem | None:
        """The picture that is edited and whose mask is sent; None when none is sent."""
        return next((item for item in self._tray if item.sent), None)

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

    # --- the tray

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
        """Puts other pictures into the tray as an entry of that name; ``TrayCommands`` makes most of them."""
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
        names = new_names(self._tray, tray)
        self._tray = tray
        if gone or self._current is None:
            self._current = tray[min(place, len(tray) - 1)].id if tray else None
            self.current_changed.emit()
        if names:
            self.pictures_renamed.emit(names)
        self.tray_changed.emit()

    def reload(self, item: TrayItem) -> None:
        """Puts a picture that was read again into its own place, without an entry in the history: it is not
        the user who does that."""
        self.tray_changing.emit()
        self.replace_tray(tuple(item if one.id == item.id else one for one in self._tray))
        self.picture_reloaded.emit(item)

    def show(self, item_id: int) -> None:
        """Brings a picture onto the canvas."""
        if item_id != self._current and any(item.id == item_id for item in self._tray):
            self._current = item_id
            self.current_changed.emit()

    # --- the mask on the canvas

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
        """Takes the last entry back; not while a stroke goes on, which its tool finishes first."""
        if not self.history.recording and (entry := self.history.next_undo) is not None:
            self._reverted(entry.subject, self.history.undo())

    def redo(self) -> None:
        """Does the last undone entry again."""
        if not self.history.recording and (entry := self.history.next_redo) is not None:
            self._reverted(entry.subject, self.history.redo())

    def go_to(self, position: int) -> None:
        """Undoes or redoes until ``position`` entries are done, as a click into the history asks for."""
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
        """Changes the memory that undo may use; a smaller one forgets the oldest entries at once."""
        revision = self.history.revision
        self.history.budget_bytes = budget_bytes
        if self.history.revision != revision:
            self.history_changed.emit()

    # --- below the surface

    @property
    def _only_sample(self) -> bool:
        """Whether nothing but the sample is here, untouched: otherwise an edit of the user's own picture
        would silently be one of the sample, whose mask is the one that is sent."""
        if [item.id for item in self._tray] != [self._sample]:
            return False
        return self._tray[0].mask.bounds().empty and not self._tray[0].shelf.masks

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
