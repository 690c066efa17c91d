"""Every action of the window as Qt knows it, with menus, marks and tool tips made from what it declares."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from overpaint.core.foreign_words import visible
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.context import ActionContext
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.menu_layout import MENUS, place
from overpaint.ui.theme.icons import icon
from overpaint.ui.theme.window_theme import Tokens

_SHORTCUTS = ("window", "elsewhere", "elsewhere results", "canvas", "runs")
"""Scopes whose keys Qt itself looks after; in the others the widget with the focus asks the keymap."""


class ActionRegistry(QObject):
    """Actions by id. What can be done now, and what carries a mark, is set here and nowhere else."""

    def __init__(self, window: QWidget, keymap: Keymap, context: Callable[[], ActionContext]) -> None:
        """``context`` computes what the state of the actions depends on."""
        super().__init__(window)
        self.keymap = keymap
        self._window = window
        self._context = context
        self._declared: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        self._widgets: dict[str, list[QWidget]] = {"window": [window]}
        self._held: dict[int, Action] = {}
        self._menus: dict[str, QMenu] = {}
        self._foreign: dict[tuple[str, str], Sequence[QAction]] = {}
        self._tokens: Tokens | None = None
        self._state: ActionContext | None = None
        self._started = self._stale = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.flush)
        keymap.changed.connect(self._show_keys)

    # --- which there are

    def add(self, actions: Iterable[Action]) -> None:
        """Takes actions in, at the end of their groups. Raises ValueError for an id that is taken."""
        new = tuple(actions)
        for action in new:
            if action.id in self._declared:
                raise ValueError(f"The action {action.id!r} is declared twice.")
            self._declared[action.id] = action
            if action.run is not None:
                self._made[action.id] = self._make(action, action.run)
        self.keymap.add(new)
        self.update()
        self._fill_menus()

    def attach(self, scope: str, widget: QWidget) -> None:
        """Lets the keys of a scope be heard while ``widget``, or something in it, has the focus."""
        self._widgets.setdefault(scope, []).append(widget)
        for action_id, made in self._made.items():
            if self._declared[action_id].scope == scope:
                widget.addAction(made)

    def __getitem__(self, action_id: str) -> QAction:
        """An action in its state of now. Raises KeyError for an id that is none."""
        self.flush()
        return self._made[action_id]

    @property
    def declared(self) -> tuple[Action, ...]:
        """Every action as it was declared, in the order in which they came."""
        return tuple(self._declared.values())

    def _make(self, action: Action, run: Callable[[], object]) -> QAction:
        made = QAction(action.title, self._window)
        made.setObjectName(f"act_{action.id}")
        made.setIconText(action.short or action.title)
        made.setCheckable(action.checked is not None)
        made.setAutoRepeat(action.repeats)
        if action.scope != "window":
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for widget in self._widgets.get(action.scope, ()):
            widget.addAction(made)  # a key is heard only where its action is at home
        if action.icon and self._tokens is not None:
            made.setIcon(icon(action.icon, self._tokens))
        made.triggered.connect(lambda _=False: self._do(run))
        return made

    def _do(self, run: Callable[[], object]) -> None:
        run()
        self.update()  # Qt has turned the mark already, whatever came of it
        self.flush()

    # --- what can be done now

    def start(self) -> None:
        """From now on there is a state to follow."""
        self._started = True
        self.update()

    def update(self, *_: object) -> None:
        """Something has changed: the actions follow before the next key, click or frame."""
        if self._started and not self._stale:
            self._stale = True
            self._soon.start()

    def flush(self) -> None:
        """Lets the actions follow now, if something has changed."""
        if not self._stale:
            return
        self._stale = False
        self._soon.stop()
        state = self._context()
        renamed = state != self._state
        self._state = state
        for action_id, made in self._made.items():
            action = self._declared[action_id]
            if action.enabled is not None:
                made.setEnabled(action.enabled(state))
            if action.checked is not None:
                made.setChecked(action.checked(state))
            if renamed and action.title_now is not None:
                made.setText(visible(action.title_now(state)).replace("&", "&&"))
                made.setIconText(action.short or made.text())
                made.setToolTip(self.tip(action_id))
            if renamed and action.short_now is not None:
                made.setIconText(visible(action.short_now(state)).replace("&", "&&"))

    # --- keys and tips

    def tip(self, action_id: str) -> str:
        """The tool tip of an action: its title, its key, and what it declares to be said after them."""
        action = self._declared[action_id]
        now = action.title_now and self._state and action.title_now(self._state)
        title = (now or action.title).removesuffix("…")
        key = self.keymap.spelled(action_id)
        head = f"{title} ({key})" if key else title
        return f"{head}: {self.keymap.in_words(action.tip)}" if action.tip else head

    def press(self, event: QKeyEvent, scope: str) -> bool:
        """Begins what is done while a key is held; False for a key that holds nothing in ``scope``."""
        action = self._declared.get(self.keymap.matches(event, scope))
        if action is None or action.hold is None:
            return False
        if not event.isAutoRepeat() and event.key() not in self._held:
            self._held[event.key()] = action
            action.hold(True)
        return True

    def release(self, event: QKeyEvent) -> bool:
        """Ends what was done while a key was held; False for a key that held nothing."""
        if event.isAutoRepeat():
            return event.key() in self._held
        action = self._held.pop(event.key(), None)
        if action is None or action.hold is None:
            return False
        action.hold(False)
        return True

    def press_elsewhere(self, event: QKeyEvent, *scopes: str) -> bool:
        """Does what a key means in ``scopes`` while something else has the focus that has no use for it;
        False for one that means nothing there, or something of its own where the focus is."""
        self.flush()
        here = self._state.focus if self._state is not None else "window"
        made = self._made.get(self.keymap.matches(event, *scopes))
        if made is None or not made.isEnabled() or self.keymap.matches(event, here):
            return False
        if made.autoRepeat() or not event.isAutoRepeat():
            made.trigger()
        return True

    def _show_keys(self) -> None:
        for action_id, made in self._made.items():
            if self._declared[action_id].scope in _SHORTCUTS:
                keys = [QKeySequence(key) for key in self.keymap.keys(action_id)]
                if keys != made.shortcuts():
                    made.setShortcuts(keys)
            made.setToolTip(self.tip(action_id))

    # --- where they are shown

    def set_tokens(self, tokens: Tokens) -> None:
        """Draws the icons in the theme's colours."""
        self._tokens = tokens
        for action_id, made in self._made.items():
            if name := self._declared[action_id].icon:
                made.setIcon(icon(name, tokens))

    def fill(self, bar: QMenuBar) -> None:
        """Puts the actions into the menu bar, and those that come later too."""
        for title in MENUS:
            self._menus[title] = menu = bar.addMenu(title)
            menu.setObjectName(f"menu{title}")
            menu.aboutToShow.connect(self.flush)
        self._fill_menus()

    def icon_of(self, action_id: str) -> str:
        """The name of an action's icon, ``""`` for none. Raises KeyError for an id that is none."""
        return self._declared[action_id].icon

    def list_in_menu(self, menu: str, group: str, actions: Sequence[QAction]) -> None:
        """Puts Qt's own actions into a group of a menu, in the place of those that were there."""
        if self._foreign.get((menu, group)) != actions:
            self._foreign[menu, group] = actions
            self._fill_menus()

    def context_menu(self, menu: str, parent: QWidget) -> QMenu:
        """A menu with the actions of one of the menu bar, gone when it is closed."""
        self.flush()
        made = QMenu(parent)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu, made)
        return made

    def _fill_menus(self) -> None:
        for title, menu in self._menus.items():
            _empty(menu)
            self._fill_menu(title, menu)

    def _fill_menu(self, title: str, menu: QMenu) -> None:
        groups = self._groups(title)
        for group in sorted(groups, key=lambda group: place(title, group)):
            if not menu.isEmpty():
                menu.addSeparator()
            for within, one in groups[group]:
                _inner(menu, within).addAction(one)

    def _groups(self, title: str) -> dict[str, list[tuple[str, QAction]]]:
        """What stands in each group of a menu, with the title of the menu within it or nothing."""
        groups: dict[str, list[tuple[str, QAction]]] = {}
        for action_id, made in self._made.items():
            action = self._declared[action_id]
            menu, _, within = action.menu.partition("/")
            if menu == title:
                groups.setdefault(action.group, []).append((within, made))
        for (menu, group), foreign in self._foreign.items():
            menu, _, within = menu.partition("/")
            if menu == title:
                groups.setdefault(group, []).extend((within, one) for one in foreign)
        return groups


def _empty(menu: QMenu) -> None:
    """Takes everything out; PySide's own ``clear`` would make the actions useless that live on elsewhere."""
    for one in menu.actions():
        menu.removeAction(one)
        inner = one.menu()
        if isinstance(inner, QMenu):
            inner.deleteLater()
        elif one.isSeparator():
            one.deleteLater()


def _inner(menu: QMenu, title: str) -> QMenu:
    """The menu of that title in ``menu``, made where its first action stands; without a title, itself."""
    if not title:
        return menu
    name = f"{menu.objectName()}{title.title().replace(' ', '')}"
    for one in menu.actions():
        inner = one.menu()
        if isinstance(inner, QMenu) and inner.objectName() == name:
            return inner
    made = menu.addMenu(title)
    made.setObjectName(name)
    return made
