"""The states of history and saved masks: both panels beside the canvas, one act undone."""

from PySide6.QtWidgets import QDockWidget

from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from shots_camera import Camera, pause

_PANELS = ("historyDock", "masksDock")


async def masks(studio: Studio, window: Window, camera: Camera) -> None:
    """Takes both panels, and leaves mask and window as they were."""
    session, before = studio.session, studio.session.history.position
    await studio.saved_mask_commands.save("Balloon")
    session.invert_mask()
    await studio.saved_mask_commands.save("All but the balloon")
    session.undo()
    session.undo()
    session.redo()
    for name in _PANELS:
        window.workspaces.show_panel(name)
    await pause()
    await camera.take("history-and-masks")
    session.go_to(before)
    for name in _PANELS:
        for panel in window.findChildren(QDockWidget, name):
            panel.hide()
    await pause()
