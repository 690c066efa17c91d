"""A workspace that is declared in one place is entered and left, and each finds everything as it was."""

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QMenu
from tests.flows.desk import LEFT, Desk, desk
from tests.flows.wait import settled

from overpaint.ui.shell.workspace import Workspace
from overpaint.ui.widgets.docks import dock


class Notes(Workspace):
    """A page to write on, with a dock that is seen in it alone."""

    id = "notes"
    title = "Notes"
    icon = "rename"

    def __init__(self) -> None:
        self.widget = QLineEdit()
        self.widget.setObjectName("notesPage")
        self.side = QLineEdit()
        self.side.setObjectName("notesSide")
        self.docks = (dock("Side", "sideDock", self.side),)
        self.told: list[str] = []

    def enter(self) -> None:
        self.told.append("entered")

    def leave(self) -> None:
        self.told.append("left")


def shown_docks(app: Desk) -> set[str]:
    return {one.objectName() for one in app.window.findChildren(QDockWidget) if one.isVisible()}


async def test_workspace_entered_and_left_brings_docks_focus_and_canvas_back_as_they_were(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        workspaces, notes = app.window.workspaces, Notes()
        workspaces.show_panel("historyDock")
        app.find(QDockWidget, "stripDock").hide()
        app.canvas.setFocus()
        await settled()
        before, canvas = shown_docks(app), app.canvas.geometry()

        workspaces.add(notes)
        workspaces.enter("notes")
        await settled()
        there = shown_docks(app)
        assert notes.widget.isVisible()
        assert not app.canvas.isVisible()
        assert QApplication.focusWidget() is notes.widget

        workspaces.enter("edit")
        await settled()

        assert there == {"sideDock"}
        assert notes.told == ["entered", "left"]
        assert shown_docks(app) == before == {"inspectorDock", "historyDock"}
        assert QApplication.focusWidget() is app.canvas
        assert app.canvas.geometry() == canvas


async def test_stroke_that_goes_on_when_the_workspace_is_left_is_finished(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.workspaces.add(Notes())
        app.mouse(app.canvas, QEvent.Type.MouseButtonPress, QPointF(200, 200), LEFT, LEFT)
        painting = app.canvas.painting

        app.window.workspaces.enter("notes")

        assert painting
        assert not app.canvas.painting
        assert app.studio.session.history.can_undo


async def test_panels_hidden_by_their_key_are_back_when_the_workspace_is_left(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.workspaces.add(Notes())
        before = shown_docks(app)
        app.window.workspaces.hide_panels(True)

        app.window.workspaces.enter("notes")
        app.window.workspaces.enter("edit")

        assert shown_docks(app) == before


async def test_dock_hidden_in_another_workspace_is_so_at_the_next_start(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.workspaces.add(Notes())
        app.window.workspaces.enter("notes")
        app.find(QDockWidget, "sideDock").hide()
        app.window.workspaces.enter("edit")
        app.find(QDockWidget, "stripDock").hide()

    async with desk([photo("coffee.png")]) as app:
        assert shown_docks(app) == {"inspectorDock"}
        app.window.workspaces.add(Notes())
        app.window.workspaces.enter("notes")
        assert shown_docks(app) == set()


async def test_view_menu_lists_the_docks_of_the_workspace_that_is_seen(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        app.window.workspaces.add(Notes())
        app.window.workspaces.enter("notes")
        await settled()  # the menus of before are gone by then

        menu = app.find(QMenu, "menuViewPanels")
        listed = {one.objectName() for one in menu.actions() if one.isVisible()}

        assert not listed & {"act_inspectorDock", "act_stripDock"}
