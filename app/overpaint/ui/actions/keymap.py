"""Which key does what: the keys that actions declare, and those that the user has given them instead."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from overpaint.ui.actions.action import SCOPES, Action, overlap

_PLACE = re.compile(r"\{([a-z0-9_]+)\}")
_CLAUSE_ENDS = re.compile(r"(?<=\.) | · ")
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Keymap(QObject):
    """The keys of every action by its id. ``changed`` comes when there are more actions or other keys."""

    changed = Signal()

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        super().__init__()
        self._actions: dict[str, Action] = {}
        self._given: dict[str, tuple[str, ...]] = {}
        self._ids: dict[tuple[str, int], str] = {}
        self.add(actions)

    def add(self, actions: Iterable[Action]) -> None:
        """Takes actions in. Raises ValueError for an id that is taken, or a scope that is none."""
        for action in actions:
            if action.id in self._actions or action.scope not in SCOPES:
                raise ValueError(f"The action {action.id!r} is declared twice, or its scope is none.")
            self._actions[action.id] = action
        self._changed()

    def override(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Gives actions other keys than they declare, by id; none for those that are to have no key."""
        self._given = dict(keys)
        self._changed()

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys in force; none for an id that is unknown."""
        action = self._actions.get(action_id)
        return self._given.get(action_id, action.keys if action else ())

    # --- what a key means

    def find(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, *scopes: str, any_shift: bool = False) -> str:
        """The id of the action that a key means in the first of ``scopes`` that has one; ``""`` for none.

        With ``any_shift`` a key counts with Shift as well, for characters that need it on some keyboards.
        """
        held = modifiers & ~_KEYPAD
        tries = (held, held & ~_SHIFT) if any_shift else (held,)
        for scope in scopes:
            for one in tries:
                found = self._ids.get((scope, QKeyCombination(one, key).toCombined()))
                if found is not None:
                    return found
        return ""

    def matches(self, event: QKeyEvent, *scopes: str, any_shift: bool = False) -> str:
        """The id of the action that a key event means, as :meth:`find` has it."""
        return self.find(Qt.Key(event.key()), event.modifiers(), *scopes, any_shift=any_shift)

    def clashes(self) -> list[tuple[str, str, str]]:
        """Every key that means two actions at once: the key and both ids."""
        bound = [(key, action) for action in self._actions.values() for key in self.keys(action.id)]
        return [
            (key, one.id, two.id)
            for (key, one), (other, two) in combinations(bound, 2)
            if one is not two and QKeySequence(key) == QKeySequence(other) and overlap(one.scope, two.scope)
        ]

    # --- keys in words

    def spelled(self, action_id: str) -> str:
        """The first key of an action as people know it; ``""`` where it has none."""
        return next((spelled(key) for key in self.keys(action_id)), "")

    def in_words(self, template: str) -> str:
        """Puts keys in the places of ``{id}``; a sentence about an action without a key is left out."""
        clauses = re.split(f"({_CLAUSE_ENDS.pattern})", template)
        kept = [
            clause
            for clause in clauses[::2]
            if all(self.keys(action_id) for action_id in _PLACE.findall(clause))
        ]
        joint = " · " if " · " in template else " "
        return _PLACE.sub(lambda found: self.spelled(found[1]), joint.join(kept))

    def follow(self, template: str, show: Callable[[str], object]) -> None:
        """Shows words with keys in them, now and whenever the keys are other ones."""
        self.changed.connect(lambda: show(self.in_words(template)))
        show(self.in_words(template))

    def with_key(self, words: str, action_id: str) -> str:
        """Words for a tool tip, with the key of an action after them if it has one."""
        key = self.spelled(action_id)
        return f"{words} ({key})" if key else words

    def follow_tip(self, words: str, action_id: str, show: Callable[[str], object]) -> None:
        """Shows a tool tip with a key, now and whenever the key is another one."""
        self.changed.connect(lambda: show(self.with_key(words, action_id)))
        show(self.with_key(words, action_id))

    def _changed(self) -> None:
        self._ids = {
            (action.scope, _combined(key)): action.id
            for action in self._actions.values()
            for key in self.keys(action.id)
        }
        self.changed.emit()


def _combined(key: str) -> int:
    combination = QKeySequence.fromString(key)[0]  # type: ignore[index]
    return int(combination.toCombined())


def spelled(key: str) -> str:
    """A key as it stands on the keyboard: Qt calls the large Enter key Return."""
    words = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return re.sub(r"\bReturn\b", "Enter", re.sub("-$", "−", words))
