"""Connects the edit workspace with the studio: what the user does, and what is shown of it."""

from collections.abc import Coroutine

from overpaint.core.errors import OverpaintError
from overpaint.core.masks.geometry import Rect
from overpaint.core.paint.brush_stroke import Brush
from overpaint.imaging.offline_edit.engine_hint import HINT
from overpaint.studio.config.settings import ENDPOINT_SETTINGS
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.event import Names
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.actions.keymap import Keymap
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.action_state import ActionState
from overpaint.ui.app.edit_workspace import EditWorkspace
from overpaint.ui.app.window_actions import WindowActions
from overpaint.ui.app.workspaces import Workspaces
from overpaint.ui.canvas.view_actions import ViewActions
from overpaint.ui.masks.mask_actions import MaskActions
from overpaint.ui.masks.overlay_modes import OverlayModes
from overpaint.ui.masks.saved_mask_actions import SavedMaskActions
from overpaint.ui.prompt.prompt_actions import PromptActions
from overpaint.ui.results.export_result import ExportResult
from overpaint.ui.runs.run_actions import RunActions
from overpaint.ui.runs.run_keys import RunKeys
from overpaint.ui.shell.ports import DialogParent
from overpaint.ui.shell.status_bar import StatusBar
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.tools.commit.selection_worker import SelectionWorker
from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.tools.options.selection_options_store import SelectionOptionsStore
from overpaint.ui.tools.toolset import tool_actions
from overpaint.ui.tray.tray_actions import TrayActions
from overpaint.ui.viewport.selection_request import SelectionRequest

_BEFORE = "Hold {before} to see the picture before."


class EditWiring:
    """Connects the widgets of ``edit`` with the studio; holds nothing but which tool is active."""

    def __init__(
        self,
        studio: Studio,
        edit: EditWorkspace,
        dialogs: DialogParent,
        status: StatusBar,
        *,
        keymap: Keymap,
        workspaces: Workspaces,
        window_actions: WindowActions,
    ) -> None:
        self._studio = studio
        self._edit = edit
        self._status = status
        self._workspaces = workspaces
        self._keymap = keymap
        self._galleries = window_actions.galleries
        self._endpoints = window_actions.endpoints
        self._tool = edit.tools.first
        self.state = ActionState(studio, edit, workspaces)
        self._selection_options = SelectionOptionsStore(studio.settings)
        self._view_actions = ViewActions(studio.settings, edit.canvas, edit.navigator)
        self._overlay_modes = OverlayModes(studio.settings, edit.canvas, edit.options.mask_view)
        self._selection_worker = SelectionWorker(studio.session, edit.canvas.selection_done)
        self.masks = MaskActions(studio, edit.canvas, dialogs, status)
        prompt = edit.inspector.prompt
        self.prompts = PromptActions(
            studio, prompt.edit, prompt.buttons, dialogs, status, keymap, write=self._write_prompt
        )
        self.tray = TrayActions(studio, edit.tray, dialogs, status)
        prompt.edit.pictures_given.connect(
            lambda mime: self.tray.take_mime(mime, "Pasted picture", pasted=True)
        )
        self.saved_masks = SavedMaskActions(
            studio, edit.masks, edit.canvas, dialogs, status, lambda: workspaces.show_panel("masksDock")
        )
        self.runs = RunActions(
            studio,
            edit.canvas,
            edit.stage,
            edit.tray,
            dialogs,
            status,
            galleries=self._galleries,
            endpoints=self._endpoints,
        )
        self._export = ExportResult(edit.stage, studio.kept_results, studio.tasks, dialogs, status)
        self._run_keys = RunKeys(
            edit.canvas, edit.stage, edit.runs, studio.jobs, status, self.runs.dismiss, edit.compare
        )

    def actions(self) -> tuple[Action, ...]:
        """Everything that the rooms of the workspace do, with undo and the tools."""
        edit = self._edit
        return (
            Action(
                "undo",
                "Undo",
                self._undo,
                ("Ctrl+Z",),
                menu="Edit",
                group="undo",
                icon="undo",
                enabled=lambda now: now.undo is not None,
                title_now=lambda now: _with_name("Undo", now.undo),
            ),
            Action(
                "redo",
                "Redo",
                self._redo,
                ("Ctrl+Shift+Z", "Ctrl+Y"),
                menu="Edit",
                group="undo",
                icon="redo",
                enabled=lambda now: now.redo is not None,
                title_now=lambda now: _with_name("Redo", now.redo),
            ),
            *tool_actions(edit.tools, self.set_tool),
            *self.tray.actions(),
            *self.masks.actions(),
            *self.saved_masks.actions(),
            *self._view_actions.actions(),
            *self._overlay_modes.actions(),
            *self.runs.actions(),
            *self._run_keys.actions(),
            *edit.compare.actions(),
            *self._export.actions(),
            *self.prompts.actions(),
        )

    def bind(self, actions: ActionRegistry) -> None:
        """Connects everything once the actions exist, and shows the state as it is."""
        self._actions = actions
        self.state.bind(actions)
        self._bind_parts()
        self._bind_studio()
        self._overlay_modes.show()
        self.tray.bind(actions)
        self._view_actions.show()
        self._show_selection_options(self._selection_options.current)
        self.set_tool(self._tool.id)
        self._picture_changed()
        self._showing(None)
        self._show_endpoint()
        self._show_what_is_taken()
        self._edit.stage.show_picture()

    def _bind_parts(self) -> None:
        edit, status = self._edit, self._status
        edit.canvas.zoom_changed.connect(status.show_zoom)
        edit.canvas.angle_changed.connect(status.show_angle)
        edit.canvas.hovered.connect(self._hovered)
        edit.canvas.shown_changed.connect(lambda: status.show_result(edit.canvas.result_size))
        edit.canvas.brush_edited.connect(self._brush_edited)
        edit.canvas.selection_requested.connect(self._find)
        edit.canvas.sampled_changed.connect(edit.options.offer_result)
        edit.canvas.tool_requested.connect(self.set_tool)
        edit.options.brush_changed.connect(self._brush_edited)
        edit.options.selection_options_changed.connect(self._selection_options_edited)
        edit.options.entered.connect(edit.canvas.setFocus)
        edit.inspector.generate.connect(self.runs.generate)
        edit.inspector.preview_wanted.connect(self.runs.show_sending)
        edit.inspector.place_wanted.connect(self._go_to)
        edit.runs.chosen.connect(edit.stage.show_job)
        edit.runs.acted.connect(self.runs.act)
        edit.runs.ticked.connect(edit.waiting.refresh)
        edit.runs.ticked.connect(lambda: status.show_runs(self._studio.jobs))
        edit.stage.showing.connect(self._showing)
        edit.stage.failed_to_show.connect(lambda words: status.notify(words, bad=True))
        studio_kept = self._studio.kept_results
        studio_kept.changed.connect(lambda _: self._show_kept())
        edit.compare.failed.connect(lambda words: status.notify(words, bad=True))
        edit.compare.changed.connect(lambda: self._show_result(edit.stage.job))

    def _bind_studio(self) -> None:
        studio = self._studio
        studio.session.current_changed.connect(self._picture_changed)
        studio.session.mask_edited.connect(self._mask_edited)
        studio.edit.changed.connect(self._show_what_is_taken, ["endpoint", "model"])
        studio.jobs.added.connect(self._job_added)
        studio.jobs.changed.connect(self._job_changed)
        studio.jobs.finished.connect(self._job_finished)
        studio.tasks.failed.connect(self._failed)
        studio.settings.changed.connect(self._show_endpoint, ENDPOINT_SETTINGS)

    def _go_to(self, field: str) -> None:
        """Leads to what is missing outside of the inspector."""
        match field:
            case "image":
                self.tray.add()
            case "mask":
                self._edit.canvas.setFocus()
            case "eye":
                self.tray.send_shown()
            case "too many":
                self._edit.tray.focus_picture()
            case "first":
                self.tray.make_first()
            case "result":
                self.runs.replace_by_result()
            case _:
                self._endpoints.settings()

    def _write_prompt(self) -> None:
        """Leads to the prompt, wherever it is hidden."""
        if self._workspaces.panels_put_away:
            self._workspaces.hide_panels(False)
        self._workspaces.show_panel("inspectorDock")
        self._edit.inspector.write_prompt()

    # --- tools

    def set_tool(self, tool: str) -> None:
        """Takes up the tool with that id, with its own brush. Raises ValueError where there is none."""
        self._tool = self._edit.tools[tool]
        self.state.tool = tool
        brush = self._edit.brushes.of(self._tool.brush) if self._tool.brush else None
        if brush is not None:
            self._edit.canvas.set_brush(brush)
        self._edit.canvas.set_tool(tool)
        self._edit.options.show_tool(self._tool, brush)
        self._actions.update()

    def _brush_edited(self, brush: Brush) -> None:
        if self._tool.brush:
            self._edit.brushes.store(self._tool.brush, brush)
        self._edit.canvas.set_brush(brush)
        self._edit.options.show_tool(self._tool, brush)

    def _selection_options_edited(self, options: SelectionOptions) -> None:
        self._selection_options.store(options)
        self._show_selection_options(options)

    def _find(self, request: SelectionRequest) -> None:
        self._start(self._selection_worker.find(request), "find in the picture")

    def _show_selection_options(self, options: SelectionOptions) -> None:
        self._edit.canvas.set_selection_options(options)
        self._edit.options.show_selection_options(options)

    def _undo(self) -> None:
        self._edit.canvas.finish_stroke()
        self._studio.session.undo()

    def _redo(self) -> None:
        self._edit.canvas.finish_stroke()
        self._studio.session.redo()

    # --- what the studio tells

    def _picture_changed(self) -> None:
        item = self._studio.session.current
        self._status.show_item(item)
        if item is not None:
            self._edit.seam.show_picture(max(item.picture.size.width, item.picture.size.height))

    def _mask_edited(self, item: TrayItem, _: Rect) -> None:
        """A selection may land in a picture that has left the canvas meanwhile."""
        if item is self._studio.session.current:
            self._status.show_item(item)

    def _hovered(self, pixel: tuple[int, int] | None) -> None:
        """A pixel of the picture; what is told is the one of what is shown there."""
        place = self._edit.canvas.shown_place
        if pixel is not None and place is not None:
            x, y = (pixel[0] - place.left) / place.across, (pixel[1] - place.top) / place.down
            pixel = int(x), int(y)
        self._status.show_place(pixel)

    def _job_added(self, job: Job) -> None:
        self._status.notify("")  # what an earlier run was told of
        self._job_changed(job)

    def _show_going(self) -> None:
        self._status.show_runs(self._studio.jobs)
        self._edit.waiting.refresh()
        self._edit.inspector.show_going(any(job.running for job in self._studio.jobs.all))

    def _job_changed(self, job: Job) -> None:
        self._show_going()
        if job is self._edit.stage.job and job.newest is not None:
            self._show_result(job)

    def _job_finished(self, job: Job) -> None:
        self._show_going()
        if job is self._edit.stage.job:
            self._showing(job)
        if job.results:
            folder = job.results[-1].path.parent
            self._status.notify(
                f"Saved to “{folder.name}”. {self._keymap.in_words(_BEFORE)}".rstrip(),
                act="Show",
                todo=self._galleries.open,
            )
        elif job.error is not None and not (job.closing or self._status.tells_bad_news):
            self._status.notify(
                job.error.sentence(), bad=True, act="Details", todo=lambda: self._edit.runs.open_details(job)
            )
        if not job.free:
            self._endpoints.show_spent()

    def _showing(self, job: Job | None) -> None:
        self._edit.runs.select(job)
        self._show_result(job)

    def _show_result(self, job: Job | None) -> None:
        """The buttons of a result, or those of comparing it."""
        shown, comparing = job is not None and bool(job.results), bool(self._edit.compare.mode)
        self._edit.waiting.show_job(job)
        self._edit.result_bar.want(shown and not comparing)
        self._edit.compare_bar.want(shown and comparing)
        self._edit.inspector.show_result(job is not None and bool(job.results))
        self._show_kept()
        self._actions.update()

    def _show_kept(self) -> None:
        """What is said of the result that is shown: whether the rest of the picture is untouched."""
        saved = self._edit.stage.result
        self._edit.seam.show_state(None if saved is None else self._studio.kept_results.state_of(saved))

    def _failed(self, fault: OverpaintError) -> None:
        self._status.notify(fault.sentence(), bad=True)

    # --- the rest

    def _show_endpoint(self, _: Names = frozenset()) -> None:
        """What the endpoint in force costs and understands."""
        offline = self._studio.profile.is_offline
        words = HINT if offline else ""
        self._edit.inspector.set_free(offline)
        self._edit.inspector.show_hint(words)
        self._edit.runs.show_words(words)

    def _show_what_is_taken(self, _: Names = frozenset()) -> None:
        state = self._studio.edit.state
        self._edit.tray.show_what_is_taken(state.endpoint, masks=not state.spec.refusal("mask"))

    def set_colours(self, colours: CanvasColours) -> None:
        """Gives the canvas its colours, with those that the user chose for the mask."""
        self._overlay_modes.set_colours(colours)

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._studio.tasks.start(work, name)


def _with_name(what: str, name: str | None) -> str:
    return f"{what} {name[:1].lower()}{name[1:]}" if name else what
