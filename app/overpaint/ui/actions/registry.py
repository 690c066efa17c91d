"""Every act of the window with its words, its keys and its place in the menus, declared once."""

from collections.abc import Callable, Mapping

import msgspec
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


class Act(msgspec.Struct, frozen=True):
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
    Act("add", "Add pictures…", ("Ctrl+O",), "File"),
    Act("from_gallery", "Add from gallery…", ("Ctrl+Shift+O",), "File"),
    Act("open_gallery", "Open gallery folder", (), "File", line=True),
    Act("choose_gallery", "Choose gallery folder…", (), "File"),
    Act("settings", "Settings…", ("Ctrl+,",), "File", line=True),
    Act("quit", "Quit", ("Ctrl+Q",), "File", line=True),
    Act("undo", "Undo", ("Ctrl+Z",), "Edit"),
    Act("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit"),
    Act("paste", "Paste picture", ("Ctrl+V",), "Edit", line=True),
    Act("brush", "Brush", ("B",), "Edit", line=True, checkable=True),
    Act("eraser", "Eraser", ("E",), "Edit", checkable=True),
    Act("rectangle", "Rectangle", ("M",), "Edit", checkable=True),
    Act("ellipse", "Ellipse", ("Shift+M",), "Edit", checkable=True),
    Act("lasso", "Lasso", ("L",), "Edit", checkable=True),
    Act("polygon", "Polygon", ("Shift+L",), "Edit", checkable=True),
    Act("magnetic", "Magnetic lasso", (), "Edit", checkable=True),
    Act("wand", "Magic wand", ("W",), "Edit", checkable=True),
    Act("quick", "Quick select", ("Shift+W",), "Edit", checkable=True),
    Act("hand", "Pan", ("H",), "Edit", checkable=True),
    Act("zoom", "Zoom", ("Z",), "Edit", checkable=True),
    Act("by_keys", "Point by keys (arrows and Space)", ("Ctrl+Alt+K",), "Edit", line=True, checkable=True),
    Act("rename_picture", "Rename", ("F2",), "Picture"),
    Act("duplicate_picture", "Duplicate", ("Ctrl+J",), "Picture"),
    Act("replace_picture", "Replace…", (), "Picture"),
    Act("open_picture", "Open in its program", (), "Picture", line=True),
    Act("reveal_picture", "Show in its folder", (), "Picture"),
    Act("move_first", "Make first (its mask is sent)", (), "Picture", line=True),
    Act("move_left", "Move left", (), "Picture"),
    Act("move_right", "Move right", (), "Picture"),
    Act("remove_picture", "Remove from the tray", (), "Picture", line=True),
    Act("fill_mask", "Fill mask", ("Alt+Backspace",), "Mask"),
    Act("clear_mask", "Clear mask", ("Delete", "Ctrl+D"), "Mask"),
    Act("invert_mask", "Invert mask", ("Ctrl+I",), "Mask"),
    Act("grow_mask", "Grow…", ("Ctrl+Alt++", "Ctrl+Alt+="), "Mask", line=True, repeats=False),
    Act("shrink_mask", "Shrink…", ("Ctrl+Alt+-",), "Mask", repeats=False),
    Act("feather_mask", "Feather…", ("Ctrl+Alt+F",), "Mask", repeats=False),
    Act("smooth_mask", "Smooth…", (), "Mask"),
    Act("fill_holes", "Fill holes…", (), "Mask"),
    Act("remove_specks", "Remove specks…", (), "Mask"),
    Act("save_mask", "Save mask as…", ("Ctrl+Alt+S",), "Mask", line=True, repeats=False),
    Act("saved_masks", "Show saved masks", ("Ctrl+Alt+M",), "Mask"),
    Act("load_saved", "Load saved mask", (), "Mask/Saved mask"),
    Act("add_saved", "Add saved mask", (), "Mask/Saved mask"),
    Act("subtract_saved", "Subtract saved mask", (), "Mask/Saved mask"),
    Act("intersect_saved", "Intersect with saved mask", (), "Mask/Saved mask"),
    Act("rename_saved", "Rename saved mask…", (), "Mask/Saved mask"),
    Act("delete_saved", "Delete saved mask", (), "Mask/Saved mask"),
    Act("copy_mask", "Copy mask", ("Ctrl+Shift+C",), "Mask", line=True),
    Act("paste_mask", "Paste mask", ("Ctrl+Shift+V",), "Mask"),
    Act("from_transparency", "From transparency", (), "Mask", line=True),
    Act("from_luminance", "From luminance", (), "Mask"),
    Act("import_mask", "Import mask…", (), "Mask"),
    Act("export_mask", "Export for the API (transparent PNG)…", (), "Mask", line=True),
    Act("export_grey", "Export in black and white…", (), "Mask"),
    Act("overlay", "Next view of the mask", ("Q",), "Mask", line=True),
    Act("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), "View"),
    Act("zoom_out", "Zoom out", ("Ctrl+-",), "View"),
    Act("fit", "Fit in the window", ("Ctrl+0",), "View"),
    Act("actual", "100 %", ("Ctrl+1",), "View"),
    Act("turn_left", "Rotate left by 15°", (), "View", line=True),
    Act("turn_right", "Rotate right by 15°", (), "View"),
    Act("turn_back", "Reset rotation", (), "View"),
    Act("navigator", "Navigator", (), "View", line=True, checkable=True),
    Act("view_both", "Mask as tint and hatch", (), "View", line=True, checkable=True),
    Act("view_tint", "Mask as tint", (), "View", checkable=True),
    Act("view_hatch", "Mask as hatch", (), "View", checkable=True),
    Act("view_ants", "Mask by marching ants", (), "View", checkable=True),
    Act("view_white", "Mask in black and white", (), "View", checkable=True),
    Act("view_sent", "Preview as sent", (), "View", checkable=True),
    Act("view_off", "Mask hidden", (), "View", checkable=True),
    Act("mask_look", "Mask colour and opacity…", (), "View", repeats=False),
    Act("panels", "Hide panels", ("Tab",), "View", line=True, checkable=True),
    Act("look_system", "Look as the system does", (), "View", line=True, checkable=True),
    Act("look_dark", "Dark", (), "View", checkable=True),
    Act("look_light", "Light", (), "View", checkable=True),
    Act("generate", "Generate", ("Ctrl+Return", "Ctrl+Enter"), "Run", repeats=False),
    Act("cancel", "Cancel the newest run", ("Esc",), "Run", repeats=False),
    Act("sending", "What will be sent…", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "Run"),
    Act("prompt_history", "Earlier prompts…", ("Ctrl+Shift+H",), "Run", line=True),
    Act("save_preset", "Save as preset…", ("Ctrl+Shift+S",), "Run"),
    Act("presets", "Change presets…", (), "Run"),
    Act("use", "Use result as input", ("Ctrl+U",), "Run", line=True),
    Act("back", "Back to the picture", (), "Run"),
    Act("previous", "Previous result", ("Left",), "Run", line=True),
    Act("next", "Next result", ("Right",), "Run"),
    Act("endpoints", "Endpoint settings…", (), "Run", line=True),
    Act("prices", "Prices…", (), "Run"),
    Act("keys", "Keys", ("F1",), "Help"),
    Act("about", "About Overpaint", (), "Help", line=True),
)

MENUS = ("File", "Edit", "Picture", "Mask", "View", "Run", "Help")
ON_CANVAS_ONLY = ("previous", "next", "clear_mask", "fill_mask", "panels")
"""Acts whose keys mean something else in lists and text: they count only while the canvas has focus."""


class Actions:
    """The acts as Qt actions, by name."""

    def __init__(self, window: QWidget, intents: Mapping[str, Callable[[], object]]) -> None:
        missing = {act.name for act in ACTS} ^ set(intents)
        if missing:
            raise ValueError(f"acts and intents differ: {sorted(missing)}")
        self._by_name: dict[str, QAction] = {}
        for act in ACTS:
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
            for act in ACTS:
                if act.menu.partition("/")[0] == title:
                    if act.line:
                        menu.addSeparator()
                    _within(menu, act).addAction(self._by_name[act.name])


def _within(menu: QMenu, act: Act) -> QMenu:
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
