"""No key of the table does harm, whatever has the focus: every key on every control of a busy window."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from shiboken6 import isValid
from tests.fault_server import Script
from tests.flows.desk import Desk
from tests.flows.shop import Shop, shop
from tests.flows.wait import settled, until

from overpaint.ui.widgets.text_focus import edits_text

STALLS = Script(stall_before_head=True)
_KEYS = ("window", "canvas", "elsewhere", "tray", "runs", "masks", "navigator", "prompt")
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OPENS = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_COMMANDS = {"Ctrl+Q", "Ctrl+,", "F1", "Ctrl+O", "Ctrl+Shift+O", "Ctrl+V", "Ctrl+J", "Ctrl+Z", "Ctrl+Shift+Z"}
_COMMANDS |= {
    "Ctrl+Y",
    "Ctrl+I",
    "Ctrl+Return",
    "Ctrl+Enter",
    "Ctrl+Shift+Return",
    "Ctrl+Shift+Enter",
    "Ctrl+U",
}
_COMMANDS |= {"Ctrl+Shift+U", "Ctrl+Shift+V", "Ctrl+Alt+S", "Ctrl+Shift+H", "Ctrl+Shift+S", "Ctrl+Alt+F"}
_COMMANDS |= {"Ctrl+Alt++", "Ctrl+Alt+=", "Ctrl+Alt+-"}
"""What is the user's plain word wherever it is said; most of it opens a window."""


@dataclass(frozen=True)
class State:
    """What no key may change by the way."""

    posts: int
    running: bool
    runs: int
    pictures: tuple[str, ...]
    painted: bool
    prompt: str


def state(here: Shop) -> State:
    app = here.app
    return State(
        here.server.posts,
        all(job.running for job in app.studio.jobs.all),
        len(app.runs),
        tuple(app.names),
        not app.mask_is_empty(app.studio.session.tray[0]),
        app.studio.parameters.params.prompt,
    )


def keys(app: Desk) -> Iterator[tuple[str, QKeyCombination]]:
    """Every key of the table that isn't a command of its own."""
    actions = app.window.actions_
    seen: set[str] = set()
    for action in actions.declared:
        if action.scope.partition(" ")[0] in _KEYS:
            for key in actions.keymap.keys(action.id):
                if key not in seen | _COMMANDS:
                    seen.add(key)
                    yield key, QKeySequence.fromString(key)[0]  # type: ignore[index]  # PySide6 doesn't declare it


def focusable(app: Desk) -> list[QWidget]:
    found = [one for one in app.shown(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return [one for one in found if one.isEnabled() and one.window() is app.window and not one.focusProxy()]


def promised(app: Desk, place: str, key: str) -> set[str]:
    """What the table promises of a key where the control of that name stands."""
    text = edits_text(app.window.findChild(QWidget, place))
    may: set[str] = set()
    if key in {"Del", "Ctrl+D", "Alt+Backspace"} and not text:
        may |= {"painted"}
    if place.startswith(("trayTile", "trayEye")) and key in {"Del", "Backspace", "Ctrl+Left", "Ctrl+Right"}:
        may |= {"pictures", "painted"}
    return may | ({"prompt"} if place == "promptEdit" else set())


def press(app: Desk, widget: QWidget, key: QKeyCombination) -> None:
    stage = app.window.edit.stage
    if stage.job is not app.job:
        stage.show_job(app.job)
    app.window.activateWindow()
    widget.setFocus()
    QTest.keyClick(widget, key.key(), key.keyboardModifiers())


async def busy(here: Shop, other: Path) -> int:
    """Two pictures, the first of them painted, and a paid run under way; where the history stands then."""
    app = here.app
    await app.take(other)
    app.studio.session.show(app.studio.session.tray[0].id)
    await app.on_canvas()
    app.paint((60, 60), (120, 90))
    await here.generate()
    await until(lambda: here.server.posts == 1)
    await settled()
    return app.studio.session.history.position


async def test_no_key_does_harm_in_any_focus(photo) -> None:
    async with shop(photo, STALLS) as here:
        app = here.app
        position = await busy(here, photo("coffee.png"))
        before, harm, tried = state(here), [], 0
        for first, place in [(one, one.objectName()) for one in focusable(app)]:
            widget = first
            for name, key in keys(app):
                if not isValid(widget):  # it went with its picture, and came back with it
                    widget = app.find(QWidget, place)
                if pressed_by(widget, key) or not widget.isVisible() or not widget.isEnabled():
                    continue
                press(app, widget, key)
                tried += 1
                after = state(here)
                changed = {
                    one for one in State.__annotations__ if getattr(after, one) != getattr(before, one)
                }
                if changed - promised(app, place, name):
                    harm.append((place, name, changed))
                if changed:
                    app.studio.session.go_to(position)
                    app.studio.parameters.set(prompt=before.prompt)
                    await settled()
                app.window.workspaces.hide_panels(False)
            await settled()  # a run that is cancelled ends a little later
            assert state(here) == before, place
        assert harm == []
        assert tried > 2000


def pressed_by(widget: QWidget, key: QKeyCombination) -> bool:
    """Whether it is a click by key, or opens a list, which is the control's own promise."""
    if isinstance(widget, QComboBox) and key.key() in _OPENS:
        return True
    plain = not key.keyboardModifiers() and key.key() in _PRESSES
    return plain and isinstance(widget, QAbstractButton | QComboBox)
