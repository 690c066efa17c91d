"""Every act of the window with its words, its keys and its place in the menus, declared once."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


class Action(msgspec.Struct, frozen=True):
    """``name`` is how code calls it, ``keys`` as Qt spells them; ``menu`` is empty for acts that have none,
    and ``Mask/Saved mask`` for a menu within one.

    ``line`` draws a separator above it; ``checkable`` acts carry a state; one that ``repeats`` is done again
    and again while its keys are held.
    """

    name: str
    words: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    line: bool = False
    checkable: bool = False
    repeats: bool = True


ACTS = (
    Action("add", "Add pictures…", ("Ctrl+O",), "File"),
    Action("from_gallery", "Add from gallery…", ("Ctrl+Shift+O",), "File"),
    Action("open_gallery", "Open gallery folder", (), "File", line=True),
    Action("choose_gallery", "Choose gallery folder…", (), "File"),
    Action("settings", "Settings…", ("Ctrl+,",), "File", line=True),
    Action("quit", "Quit", ("Ctrl+Q",), "File", line=True),
    Action("undo", "Undo", ("Ctrl+Z",), "Edit"),
    Action("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit"),
    Action("paste", "Paste picture", ("Ctrl+V",), "Edit", line=True),
    Action("by_keys", "Point by keys (arrows and Space)", ("Ctrl+Alt+K",), "Edit", line=True, checkable=True),
    Action("rename_picture", "Rename", ("F2",), "Picture"),
    Action("duplicate_picture", "Duplicate", ("Ctrl+J",), "Picture"),
    Action("replace_picture", "Replace…", (), "Picture"),
    Action("open_picture", "Open in its program", (), "Picture", line=True),
    Action("reveal_picture", "Show in its folder", (), "Picture"),
    Action("move_first", "Make first (its mask is sent)", (), "Picture", line=True),
    Action("move_left", "Move left", (), "Picture"),
    Action("move_right", "Move right", (), "Picture"),
    Action("remove_picture", "Remove from the tray", (), "Picture", line=True),
    Action("fill_mask", "Fill mask", ("Alt+Backspace",), "Mask"),
    Action("clear_mask", "Clear mask", ("Delete", "Ctrl+D"), "Mask"),
    Action("invert_mask", "Invert mask", ("Ctrl+I",), "Mask"),
    Action("grow_mask", "Grow…", ("Ctrl+Alt++", "Ctrl+Alt+="), "Mask", line=True, repeats=False),
    Action("shrink_mask", "Shrink…", ("Ctrl+Alt+-",), "Mask", repeats=False),
    Action("feather_mask", "Feather…", ("Ctrl+Alt+F",), "Mask", repeats=False),
    Action("smooth_mask", "Smooth…", (), "Mask"),
    Action("fill_holes", "Fill holes…", (), "Mask"),
    Action("remove_specks", "Remove specks…", (), "Mask"),
    Action("save_mask", "Save mask as…", ("Ctrl+Alt+S",), "Mask", line=True, repeats=False),
    Action("saved_masks", "Show saved masks", ("Ctrl+Alt+M",), "Mask"),
    Action("load_saved", "Load saved mask", (), "Mask/Saved mask"),
    Action("add_saved", "Add saved mask", (), "Mask/Saved mask"),
    Action("subtract_saved", "Subtract saved mask", (), "Mask/Saved mask"),
    Action("intersect_saved", "Intersect with saved mask", (), "Mask/Saved mask"),
    Action("rename_saved", "Rename saved mask…", (), "Mask/Saved mask"),
    Action("delete_saved", "Delete saved mask", (), "Mask/Saved mask"),
    Action("copy_mask", "Copy mask", ("Ctrl+Shift+C",), "Mask", line=True),
    Action("paste_mask", "Paste mask", ("Ctrl+Shift+V",), "Mask"),
    Action("from_transparency", "From transparency", (), "Mask", line=True),
    Action("from_luminance", "From luminance", (), "Mask"),
    Action("import_mask", "Import mask…", (), "Mask"),
    Action("export_mask", "Export for the API (transparent PNG)…", (), "Mask", line=True),
    Action("export_grey", "Export in black and white…", (), "Mask"),
    Action("overlay", "Next view of the mask", ("Q",), "Mask", line=True),
    Action("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), "View"),
    Action("zoom_out", "Zoom out", ("Ctrl+-",), "View"),
    Action("fit", "Fit in the window", ("Ctrl+0",), "View"),
    Action("actual", "100 %", ("Ctrl+1",), "View"),
    Action("turn_left", "Rotate left by 15°", (), "View", line=True),
    Action("turn_right", "Rotate right by 15°", (), "View"),
    Action("turn_back", "Reset rotation", (), "View"),
    Action("navigator", "Navigator", (), "View", line=True, checkable=True),
    Action("view_both", "Mask as tint and hatch", (), "View", line=True, checkable=True),
    Action("view_tint", "Mask as tint", (), "View", checkable=True),
    Action("view_hatch", "Mask as hatch", (), "View", checkable=True),
    Action("view_ants", "Mask by marching ants", (), "View", checkable=True),
    Action("view_white", "Mask in black and white", (), "View", checkable=True),
    Action("view_sent", "Preview as sent", (), "View", checkable=True),
    Action("view_off", "Mask hidden", (), "View", checkable=True),
    Action("mask_look", "Mask colour and opacity…", (), "View", repeats=False),
    Action("panels", "Hide panels", ("Tab",), "View", line=True, checkable=True),
    Action("look_system", "Look as the system does", (), "View", line=True, checkable=True),
    Action("look_dark", "Dark", (), "View", checkable=True),
    Action("look_light", "Light", (), "View", checkable=True),
    Action("generate", "Generate", ("Ctrl+Return", "Ctrl+Enter"), "Run", repeats=False),
    Action("cancel", "Cancel the newest run", ("Esc",), "Run", repeats=False),
    Action("sending", "What will be sent…", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "Run"),
    Action("prompt_history", "Earlier prompts…", ("Ctrl+Shift+H",), "Run", line=True),
    Action("save_preset", "Save as preset…", ("Ctrl+Shift+S",), "Run"),
    Action("presets", "Change presets…", (), "Run"),
    Action("use", "Use result as input", ("Ctrl+U",), "Run", line=True),
    Action("back", "Back to the picture", (), "Run"),
    Action("previous", "Previous result", ("Left",), "Run", line=True),
    Action("next", "Next result", ("Right",), "Run"),
    Action("endpoints", "Endpoint settings…", (), "Run", line=True),
    Action("prices", "Prices…", (), "Run"),
    Action("keys", "Keys", ("F1",), "Help"),
    Action("about", "About Overpaint", (), "Help", line=True),
)

_BELOW_TOOLS = "by_keys"

MENUS = ("File", "Edit", "Picture", "Mask", "View", "Run", "Help")
ON_CANVAS_ONLY = ("previous", "next", "clear_mask", "fill_mask", "panels")
"""Acts whose keys mean something else in lists and text: they count only while the canvas has focus."""


def with_tools(tools: Sequence[Action]) -> tuple[Action, ...]:
    """Every action of the window, those that take up the ``tools`` in their place."""
    at = next(number for number, act in enumerate(ACTS) if act.name == _BELOW_TOOLS)
    return (*ACTS[:at], *tools, *ACTS[at:])


class ActionRegistry:
    """The ``declared`` actions as Qt actions, by name."""

    def __init__(
        self, window: QWidget, intents: Mapping[str, Callable[[], object]], declared: Sequence[Action]
    ) -> None:
        self.declared = declared
        missing = {act.name for act in declared} ^ set(intents)
        if missing:
            raise ValueError(f"acts and intents differ: {sorted(missing)}")
        self._by_name: dict[str, QAction] = {}
        for act in declared:
            action = QAction(act.words, window)
            action.setObjectName(f"act_{act.name}")
            action.setShortcuts([QKeySequence(key) for key in act.keys])
            action.setCheckable(act.checkable)
            action.setAutoRepeat(act.repeats)
            action.triggered.connect(_calling(intents[act.name]))
            self._by_name[act.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def fill(self, bar: QMenuBar) -> None:
        """Puts the acts into the menu bar."""
        for title in MENUS:
            menu = bar.addMenu(title)
            menu.setObjectName(f"menu{title}")
            for act in self.declared:
                if act.menu.partition("/")[0] == title:
                    if act.line:
                        menu.addSeparator()
                    _within(menu, act).addAction(self._by_name[act.name])


def _within(menu: QMenu, act: Action) -> QMenu:
    """The menu in ``menu`` that an act belongs to, made where its first act stands; otherwise itself."""
    title = act.menu.partition("/")[2]
    if not title:
        return menu
    name = f"{menu.objectName()}{title.title().replace(' ', '')}"
    made = menu.findChild(QMenu, name)
    if made is None:
        made = menu.addMenu(title)
        made.setObjectName(name)
    return made


def _calling(intent: Callable[[], object]) -> Callable[[bool], None]:
    """Takes Qt's ``checked`` argument off."""

    def call(_: bool = False) -> None:
        intent()

    return call
