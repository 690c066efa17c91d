"""Every key and gesture as people read them, for the sheet of keys and for the README."""

from collections.abc import Iterable
from itertools import groupby, zip_longest

from overpaint.ui.actions.action import Action
from overpaint.ui.actions.gesture_table import GESTURES
from overpaint.ui.actions.keymap import Keymap, spelled

Row = tuple[str, tuple[str, ...]]
"""What is done, and the keys that do it."""

_WHERE = {
    "window": "Anywhere",
    "elsewhere": "Wherever no text is edited",
    "canvas": "On the canvas",
    "runs": "Among the runs",
    "tray": "In the tray",
    "masks": "In the list of saved masks",
    "navigator": "In the navigator",
    "prompt": "In the prompt",
    "prompts": "In the list of earlier prompts",
    "presets": "In the list of presets",
}


_PURPOSES = ("File", "Edit", "Tools", "Picture", "Mask", "Prompt", "Run", "Results", "View", "Help")
_BY_GROUP = {
    "prompt": "Prompt",
    "use": "Results",
    "step": "Results",
    "compare": "Results",
    "inputs": "Picture",
}
_BY_SCOPE = {"canvas": "Tools", "tray": "Picture", "runs": "Results", "prompt": "Prompt"}


def by_purpose(actions: Iterable[Action], keymap: Keymap, scopes: Iterable[str]) -> dict[str, list[Row]]:
    """The same rows under the words for what they are about, with what mouse and pen do at the end."""
    told: dict[str, list[Action]] = {purpose: [] for purpose in _PURPOSES}
    for action in actions:
        told.setdefault(_purpose(action), []).append(action)
    found = {purpose: rows(some, keymap, scopes) for purpose, some in told.items()}
    return {purpose: some for purpose, some in found.items() if some} | {"Mouse and pen": gestures(keymap)}


def _purpose(action: Action) -> str:
    menu, _, within = action.menu.partition("/")
    if within == "Compare":
        return "Results"
    return _BY_GROUP.get(action.group) or menu or _BY_SCOPE.get(action.scope.partition(" ")[0], "View")


def rows(actions: Iterable[Action], keymap: Keymap, scopes: Iterable[str]) -> list[Row]:
    """The actions of some scopes that have a key, those of one family in one row."""
    shown = [one for one in actions if one.scope in set(scopes) and keymap.keys(one.id)]
    families = groupby(shown, lambda one: one.family or one.id)
    return [_row(family, keymap) for _, family in families]


def gestures(keymap: Keymap) -> list[Row]:
    """What mouse and pen do; without those whose key was taken away."""
    told = ((words, keymap.in_words(how)) for words, how in GESTURES)
    return [(words, (how,)) for words, how in told if how]


def everything(actions: Iterable[Action], keymap: Keymap) -> dict[str, list[Row]]:
    """All rows under the words for where they count."""
    declared = tuple(actions)
    told: dict[str, list[Row]] = {}
    for scope, where in _WHERE.items():
        inner = [one.scope for one in declared if one.scope.partition(" ")[0] == scope]
        told[where] = rows(declared, keymap, dict.fromkeys(inner))
    told["With mouse or pen"] = gestures(keymap)
    return {where: found for where, found in told.items() if found}


def markdown(actions: Iterable[Action], keymap: Keymap) -> str:
    """The table of the README: two actions with their keys in a line, under where they count."""
    lines = ["| | Key | | Key |", "|---|---|---|---|"]
    for where, found in everything(actions, keymap).items():
        cells = [f"{_escaped(words)} | {_told(keys)}" for words, keys in found]
        lines.append(f"| **{where}** | | | |")
        lines += [f"| {one} | {two or '|'} |" for one, two in zip_longest(cells[::2], cells[1::2])]
    return "\n".join(lines)


def _row(family: Iterable[Action], keymap: Keymap) -> Row:
    first, *more = family
    keys = tuple(spelled(key) for key in keymap.keys(first.id))
    if more:
        keys = (f"{keys[0]} … {keymap.spelled(more[-1].id)}",)
    return (first.family or first.title).removesuffix("…"), tuple(dict.fromkeys(keys))


def _told(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{_escaped(key)}`" for key in keys)


def _escaped(words: str) -> str:
    return words.replace("|", "\\|")
