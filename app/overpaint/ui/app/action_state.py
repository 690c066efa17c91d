"""What the actions' state depends on, gathered from studio and window, and when it may have changed."""

from PySide6.QtWidgets import QApplication, QWidget

from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.actions.context import ActionContext
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.edit_workspace import EditWorkspace
from overpaint.ui.app.workspaces import Workspaces

_SETTINGS = ("mask_view", "navigator", "theme")
"""The settings that an action's state depends on."""


class ActionState:
    """Computes the context when it is called. ``tool`` is the id of the active tool, told by who sets it."""

    def __init__(self, studio: Studio, edit: EditWorkspace, workspaces: Workspaces) -> None:
        self._studio = studio
        self._edit = edit
        self._workspaces = workspaces
        self.tool = ""

    def bind(self, actions: ActionRegistry) -> None:
        """Lets the actions follow whatever their state depends on."""
        session, edit = self._studio.session, self._edit
        session.tray_changed.connect(actions.update)
        session.current_changed.connect(actions.update)
        session.history_changed.connect(actions.update)
        self._studio.settings.changed.connect(actions.update, _SETTINGS)
        self._studio.jobs.added.connect(actions.update)
        self._studio.jobs.finished.connect(actions.update)
        self._workspaces.changed.connect(actions.update)
        edit.stage.showing.connect(actions.update)
        edit.compare.changed.connect(actions.update)
        edit.canvas.angle_changed.connect(actions.update)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(actions.update)

    def __call__(self) -> ActionContext:
        studio, edit = self._studio, self._edit
        history, tray = studio.session.history, studio.session.tray
        settings, picked, job = studio.settings.current, edit.tray.picked, edit.stage.job
        place = next((at for at, one in enumerate(tray) if picked is not None and one.id == picked.id), -1)
        return ActionContext(
            workspace=self._workspaces.current.id,
            focus=self._focus(),
            pictures=len(tray),
            picked=place,
            picked_is_sent=picked is not None and picked.sent,
            picked_is_edited=picked is not None and picked is studio.session.first_picture,
            recording=history.recording,
            undo=history.undo_name if history.can_undo else None,
            redo=history.redo_name if history.can_redo else None,
            run_shown=job is not None,
            run_finished=job is not None and bool(job.results),
            another_price="" if job is None else "free" if job.free else job.estimate.words(),
            variations=len(edit.stage.variations),
            comparing=edit.compare.mode,
            run_going=any(one.running for one in studio.jobs.all),
            going=sum(one.running for one in studio.jobs.together(job)) if job is not None else 0,
            replaces=self._replaces(job),
            tool=self.tool,
            rotated=edit.canvas.view.angle != 0.0,
            keyboard_cursor=edit.canvas.keyboard_cursor_on,
            mask_view=settings.mask_view,
            navigator=settings.navigator,
            panels_hidden=self._workspaces.panels_put_away,
            theme=settings.theme,
        )

    def _replaces(self, job: Job | None) -> int:
        """As which picture, from 1, the one is sent that a run was made of; 0 for one that isn't."""
        sent = [item.picture.path for item in self._studio.session.sent_pictures]
        file = job.request.pictures[0].path if job is not None else None
        return sent.index(file) + 1 if file in sent else 0

    def _focus(self) -> str:
        focus = QApplication.focusWidget()
        rooms: tuple[tuple[QWidget, str], ...] = (
            (self._edit.canvas, "canvas"),
            (self._edit.tray, "tray"),
            (self._edit.masks_dock, "masks"),
            (self._edit.runs, "runs"),
        )
        inside = (scope for room, scope in rooms if focus is room or (focus and room.isAncestorOf(focus)))
        return next(inside, "window")
