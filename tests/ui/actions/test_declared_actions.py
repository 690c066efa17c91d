"""An action declared in one place is in menu, tool tip, sheet of keys and README; its keys can be others."""

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu, QPushButton
from tests.flows.desk import CONTROL, Desk, desk
from tests.flows.wait import settled, until

import key_docs
from overpaint.ui.actions.action import Action, overlap
from overpaint.ui.actions.context import ActionContext
from overpaint.ui.actions.key_table import markdown
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.shell.workspace import Workspace

README = key_docs.README.read_text("utf-8")


def shouting(done: list[str]) -> Action:
    """An action that needs a picture."""
    return Action(
        "shout",
        "Shout",
        lambda: done.append("shouted"),
        ("Ctrl+Alt+J",),
        menu="Picture",
        group="loud",
        tip="says it aloud. {undo} doesn't help.",
        enabled=lambda now: now.has_picture,
    )


async def sheet_of_keys(app: Desk) -> list[str]:
    app.window.actions_["keys"].trigger()
    dialog = await until(lambda: app.window.findChild(QDialog, "keysDialog"))
    words = [one.text() for one in dialog.findChildren(QLabel)]
    dialog.reject()
    return words


async def test_action_added_in_one_place_is_in_menu_tip_sheet_and_readme_and_works(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        done: list[str] = []
        actions = app.window.actions_

        actions.add([shouting(done)])
        app.canvas.setFocus()
        app.key(Qt.Key.Key_J, CONTROL | Qt.KeyboardModifier.AltModifier)

        assert done == ["shouted"]
        assert actions["shout"] in app.find(QMenu, "menuPicture").actions()
        assert actions["shout"].toolTip() == "Shout (Ctrl+Alt+J): says it aloud. Ctrl+Z doesn't help."
        words = await sheet_of_keys(app)
        assert words[words.index("Shout") + 1] == "Ctrl+Alt+J"
        assert "Shout | `Ctrl+Alt+J`" in markdown(actions.declared, actions.keymap)


async def test_action_that_needs_a_picture_is_off_while_there_is_none(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        done: list[str] = []
        app.window.actions_.add([shouting(done)])

        app.studio.session.remove(app.item.id)
        app.window.actions_["shout"].trigger()

        assert not app.window.actions_["shout"].isEnabled()
        assert done == []


async def test_other_keys_are_heard_and_told_at_once_and_the_old_ones_no_more(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        keymap, actions = app.window.actions_.keymap, app.window.actions_
        app.studio.parameters.set(prompt="remove the cup")
        app.paint((300, 200), (340, 240))
        app.canvas.setFocus()

        keymap.override({"eraser": ("K",), "swap_tools": ("J",), "brush_larger": (), "generate": ("Ctrl+G",)})
        app.key(Qt.Key.Key_E)
        assert actions["brush"].isChecked()
        app.key(Qt.Key.Key_K)
        assert actions["eraser"].isChecked()
        app.key(Qt.Key.Key_J)
        assert actions["brush"].isChecked()

        assert actions["eraser"].toolTip() == "Eraser (K): take the mask away. J swaps brush and eraser."
        assert "Ctrl+G generates, Esc cancels" in app.find(QPushButton, "generateButton").toolTip()
        assert "Larger brush" not in await sheet_of_keys(app)


async def test_key_right_after_a_stroke_finds_undo_switched_on(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.paint((300, 200), (340, 240))
        app.key(Qt.Key.Key_Z, CONTROL)  # in the same turn of the loop

        assert app.mask_is_empty()


async def test_many_changes_in_one_turn_compute_the_state_once(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        await settled()
        actions, asked = app.window.actions_, Counter[str]()
        compute = actions._context

        def counted() -> ActionContext:
            asked["computed"] += 1
            return compute()

        actions._context = counted

        for _ in range(3):
            app.studio.session.fill_mask()
            app.studio.session.clear_mask()
        await settled()

        assert asked["computed"] == 1


async def test_held_key_shows_the_picture_before_until_it_goes_up(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.canvas.setFocus()

        app.hold(Qt.Key.Key_Backslash)
        held = app.canvas._scene.before
        app.let_go(Qt.Key.Key_Backslash)

        assert held
        assert not app.canvas._scene.before


async def test_no_two_actions_have_one_key_where_both_are_heard(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        assert app.window.actions_.keymap.clashes() == []


async def test_readme_tells_the_keys_that_the_window_declares(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        table = markdown(app.window.actions_.declared, app.window.actions_.keymap)

        assert key_docs.with_table(README, table) == README


async def test_every_action_has_its_own_name_in_the_window(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        names = [one.objectName() for one in app.window.findChildren(QAction)]
        ours = [name for name in names if name.startswith("act_")]

        assert len(ours) == len(set(ours))


class Page(Workspace):
    id = "page"
    title = "Page"
    icon = "picture"

    def __init__(self) -> None:
        self.widget = QLabel("page")


async def test_view_menu_offers_workspaces_once_there_are_several(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        menu, page = app.find(QMenu, "menuView"), Page()
        alone = [one for one in menu.actions() if one.objectName().startswith("act_workspace_")]

        app.window.workspaces.add(page)
        app.window.actions_["workspace_page"].trigger()

        assert alone == []
        assert page.widget.isVisible()
        assert app.window.actions_["workspace_page"].isChecked()
        app.window.actions_["workspace_edit"].trigger()
        assert app.canvas.isVisible()
        assert not app.window.actions_["workspace_page"].isChecked()
        assert QApplication.focusWidget() is not page.widget


def test_clash_is_seen_in_scopes_that_overlap_and_nowhere_else() -> None:
    scopes = {"a": "window", "b": "canvas", "c": "tray", "d": "canvas draft", "e": "masks"}
    keymap = Keymap(Action(name, name, keys=("K",), scope=scope) for name, scope in scopes.items())

    assert {(one, two) for _, one, two in keymap.clashes()} == {("a", "b"), ("a", "c")}
    assert not overlap("canvas", "tray")


def test_sentence_about_an_action_without_a_key_is_left_out() -> None:
    keymap = Keymap([Action("a", "A", keys=("F5",)), Action("b", "B")])

    assert keymap.in_words("Press {a} to go. Or {b} to stay.") == "Press F5 to go."
    assert keymap.in_words("{b} stays · {a} goes") == "F5 goes"


def test_plus_that_needs_shift_is_plus_where_any_shift_counts() -> None:
    keymap = Keymap([Action("more", "More", keys=("+",), scope="masks")])
    shift = Qt.KeyboardModifier.ShiftModifier

    assert keymap.find(Qt.Key.Key_Plus, shift, "masks", any_shift=True) == "more"
    assert keymap.find(Qt.Key.Key_Plus, shift, "masks") == ""


async def test_sheet_of_keys_is_in_order_of_what_one_does(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        words = await sheet_of_keys(app)

        order = ["File", "Tools", "Mask", "Prompt", "Results", "Mouse and pen"]
        assert [one for one in words if one in order] == order
        assert words.index("Tools") < words.index("Larger brush") < words.index("Picture")
        assert words.index("Results") < words.index("Split") < words.index("View")


async def test_no_menu_is_longer_than_a_look(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        menus = [menu for menu in app.window.findChildren(QMenu) if menu.objectName().startswith("menu")]
        rows = {menu.objectName(): [one for one in menu.actions() if not one.isSeparator()] for menu in menus}

        assert len(rows["menuView"]) <= 12
        assert not {"Brush", "Eraser"} & {one.text() for one in rows["menuEdit"]}
