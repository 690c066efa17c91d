"""What each act of the user does: the window's events become intents of the studio, its events words."""

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path

from overpaint.core.errors import OverpaintError
from overpaint.core.masks.geometry import Rect
from overpaint.core.paint.brush_stroke import Brush
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.actions.registry import ActionRegistry
from overpaint.ui.app.toolbox import Toolbox
from overpaint.ui.app.view_actions import ViewActions
from overpaint.ui.app.window_parts import Parts, Shell
from overpaint.ui.endpoint.endpoint_actions import EndpointActions
from overpaint.ui.masks.mask_actions import MaskActions
from overpaint.ui.masks.overlay_modes import VIEWS, OverlayModes
from overpaint.ui.masks.saved_mask_actions import SavedMaskActions
from overpaint.ui.prompt.prompt_actions import PromptActions
from overpaint.ui.runs.gallery_folder import GalleryFolder
from overpaint.ui.runs.run_actions import RunActions
from overpaint.ui.theme.canvas_colours import CanvasColours
from overpaint.ui.tools.commit.selection_worker import SelectionWorker
from overpaint.ui.tools.options.selection_options import SelectionOptions
from overpaint.ui.tools.options.selection_options_store import SelectionOptionsStore
from overpaint.ui.tools.tool_spec import Toolset
from overpaint.ui.tray.tray_actions import TrayActions
from overpaint.ui.viewport.selection_request import SelectionRequest
from overpaint.ui.widgets.literal import literal

_TURNS = ("turn_left", "turn_right")
_NEED_PICTURE = ("fill_mask", "clear_mask", "invert_mask", "fit", "actual", "zoom_in", "zoom_out", *_TURNS)


class Wiring:
    """Connects the parts of the window with the studio; holds nothing but the tool in hand."""

    def __init__(self, studio: Studio, window: Shell, parts: Parts, tools: Toolset) -> None:
        self._studio = studio
        self._window = window
        self._parts = parts
        self._toolset = tools
        self._tool = tools.first
        self._selection_options = SelectionOptionsStore(studio.settings)
        self._view_acts = ViewActions(studio.settings, parts.canvas, parts.navigator)
        self._mask_views = OverlayModes(studio.settings, parts.canvas, parts.options.mask_view)
        self._selection_worker = SelectionWorker(studio.session, parts.canvas.selection_done)
        self.galleries = GalleryFolder(studio, window, parts.status)
        self.endpoints = EndpointActions(studio, window, parts)
        self.masks = MaskActions(studio, window, parts)
        self.prompts = PromptActions(studio, window, parts)
        self.tray = TrayActions(studio, window, parts)
        self.saved_masks = SavedMaskActions(studio, window, parts, lambda: window.show_panel("masksDock"))
        self.runs = RunActions(studio, window, parts, self.galleries, self.endpoints)

    def by_name(self) -> dict[str, Callable[[], object]]:
        """What to call for each act of the menus."""
        session, canvas = self._studio.session, self._parts.canvas
        return {
            "open_gallery": self.galleries.open,
            "choose_gallery": lambda: self._start(self.galleries.choose(), "choose gallery"),
            "settings": lambda: self._start(self._settings(), "settings"),
            "quit": self._window.close,
            "undo": self._undo,
            "redo": self._redo,
            "fill_mask": session.fill_mask,
            "clear_mask": session.clear_mask,
            "invert_mask": session.invert_mask,
            "overlay": self._mask_views.cycle,
            "mask_look": self._mask_views.open_look,
            **{f"view_{view}": partial(self._mask_views.choose, view) for view in VIEWS},
            "by_keys": lambda: canvas.point_by_keys(self._actions["by_keys"].isChecked()),
            "panels": lambda: self._window.hide_panels(self._actions["panels"].isChecked()),
            "generate": self.runs.generate,
            "cancel": self.runs.cancel,
            "sending": self.runs.show_sending,
            "use": self.runs.use_result,
            "back": self._parts.stage.back,
            "previous": lambda: self.runs.step(1),
            "next": lambda: self.runs.step(-1),
            "endpoints": self.endpoints.settings,
            "prices": self.endpoints.prices,
            "keys": self._keys,
            "about": self._about,
            **self._view_acts.by_name(),
            **self.masks.by_name(),
            **self.prompts.by_name(),
            **self.tray.by_name(),
            **self.saved_masks.by_name(),
            **{tool.id: partial(self.set_tool, tool.id) for tool in self._toolset},
            **{f"look_{look}": partial(self._look, look) for look in ("system", "dark", "light")},
        }

    def bind(self, actions: ActionRegistry, toolbox: Toolbox) -> None:
        """Connects everything once the acts exist, and shows the state as it is."""
        self._actions, self._toolbox = actions, toolbox
        self._bind_parts()
        self._bind_studio()
        self._mask_views.bind(actions)
        self.tray.bind(actions)
        self._view_acts.bind(actions)
        self._show_selection_options(self._selection_options.current)
        self.set_tool(self._tool.id)
        self._picture_changed()
        self._history_changed()
        self._showing(None)
        self.endpoints.show()
        self._parts.stage.show_picture()

    def _bind_parts(self) -> None:
        parts = self._parts
        parts.canvas.zoom_changed.connect(parts.status.show_zoom)
        parts.canvas.angle_changed.connect(parts.status.show_angle)
        parts.canvas.hovered.connect(parts.status.show_place)
        parts.canvas.brush_edited.connect(self._brush_edited)
        parts.canvas.selection_requested.connect(self._find)
        parts.canvas.sampled_changed.connect(parts.options.offer_result)
        parts.canvas.tool_requested.connect(self.set_tool)
        parts.options.brush_changed.connect(self._brush_edited)
        parts.options.selection_options_changed.connect(self._selection_options_edited)
        parts.options.entered.connect(parts.canvas.setFocus)
        parts.options.use_wanted.connect(self.runs.use_result)
        parts.options.back_wanted.connect(parts.stage.back)
        parts.inspector.generate.connect(self.runs.generate)
        parts.inspector.preview_wanted.connect(self.runs.show_sending)
        parts.inspector.place_wanted.connect(self._go_to)
        parts.runs.chosen.connect(parts.stage.show_job)
        parts.runs.acted.connect(self.runs.act)
        parts.stage.showing.connect(self._showing)
        parts.stage.troubled.connect(lambda words: parts.status.notify(words, bad=True))

    def _bind_studio(self) -> None:
        studio = self._studio
        studio.session.current_changed.connect(self._picture_changed)
        studio.session.mask_edited.connect(self._mask_edited)
        studio.session.history_changed.connect(self._history_changed)
        studio.session.tray_changed.connect(self._tray_changed)
        studio.jobs.added.connect(self._job_added)
        studio.jobs.changed.connect(self._job_changed)
        studio.jobs.finished.connect(self._job_finished)
        studio.tasks.failed.connect(self._failed)

    def _go_to(self, field: str) -> None:
        """Leads to what is missing outside of the inspector."""
        match field:
            case "image":
                self.tray.add()
            case "mask":
                self._parts.canvas.setFocus()
            case _:
                self.endpoints.settings()

    # --- tools

    def set_tool(self, tool: str) -> None:
        """Takes up the tool with that id, with its own brush. Raises ValueError where there is none."""
        self._tool = self._toolset[tool]
        brush = self._parts.brushes.of(self._tool.brush) if self._tool.brush else None
        if brush is not None:
            self._parts.canvas.set_brush(brush)
        self._parts.canvas.set_tool(tool)
        self._parts.options.show_tool(self._tool, brush)
        self._toolbox.show_tool(self._tool)

    def _brush_edited(self, brush: Brush) -> None:
        if self._tool.brush:
            self._parts.brushes.store(self._tool.brush, brush)
        self._parts.canvas.set_brush(brush)
        self._parts.options.show_tool(self._tool, brush)

    def _selection_options_edited(self, options: SelectionOptions) -> None:
        self._selection_options.store(options)
        self._show_selection_options(options)

    def _find(self, request: SelectionRequest) -> None:
        self._start(self._selection_worker.find(request), "find in the picture")

    def _show_selection_options(self, options: SelectionOptions) -> None:
        self._parts.canvas.set_selection_options(options)
        self._parts.options.show_selection_options(options)

    def _undo(self) -> None:
        self._parts.canvas.finish_stroke()
        self._studio.session.undo()

    def _redo(self) -> None:
        self._parts.canvas.finish_stroke()
        self._studio.session.redo()

    # --- what the studio tells

    def _picture_changed(self) -> None:
        self._parts.status.show_item(self._studio.session.current)

    def _mask_edited(self, item: TrayItem, _: Rect) -> None:
        """A selection may land in a picture that has left the canvas meanwhile."""
        if item is self._studio.session.current:
            self._parts.status.show_item(item)

    def _history_changed(self) -> None:
        history = self._studio.session.history
        for act, able, name in (
            ("undo", history.can_undo, history.undo_name),
            ("redo", history.can_redo, history.redo_name),
        ):
            words = f"{act.capitalize()} {name[:1].lower()}{name[1:]}".strip()
            self._actions[act].setEnabled(able)
            self._actions[act].setText(literal(words))
            self._actions[act].setToolTip(words)

    def _tray_changed(self) -> None:
        some = bool(self._studio.session.tray)
        for act in (*_NEED_PICTURE, *self.masks.by_name(), "save_mask"):
            self._actions[act].setEnabled(some)

    def _job_added(self, job: Job) -> None:
        self._parts.status.notify("")  # what an earlier run was told of
        self._job_changed(job)

    def _job_changed(self, job: Job) -> None:
        self._parts.status.show_runs(self._studio.jobs)
        if job is self._parts.stage.job and job.newest is not None:
            self._parts.options.show_result(True, finished=bool(job.results))

    def _job_finished(self, job: Job) -> None:
        self._parts.status.show_runs(self._studio.jobs)
        if job is self._parts.stage.job:
            self._showing(job)
        if job.results:
            folder = job.results[-1].path.parent
            self._parts.status.notify(
                f"Saved to “{folder.name}”. Hold \\ to see the picture before.",
                act="Show",
                todo=self.galleries.open,
            )
        if not job.free:
            self.endpoints.show_spent()

    def _showing(self, job: Job | None) -> None:
        self._parts.runs.select(job)
        shown = job is not None and job.newest is not None
        self._parts.options.show_result(shown, finished=job is not None and bool(job.results))
        self._actions["back"].setEnabled(job is not None)

    def _failed(self, fault: OverpaintError) -> None:
        self._parts.status.notify(fault.sentence(), bad=True)

    # --- the rest

    async def _settings(self) -> None:
        from overpaint.ui.settings.settings_dialog import SettingsDialog  # loads here, when it is opened

        store = self._studio.settings
        changed = await SettingsDialog(store.current, self._window, self._undo_bytes()).ask()
        if changed is None:
            return
        gallery = str(changed.pop("gallery"))
        store.replace(**changed)
        if gallery != store.current.gallery:
            await self.galleries.use(Path(gallery) if gallery else self._studio.folders.pictures)

    def _undo_bytes(self) -> int:
        """Memory that undo uses, with what has just been done packed as it stays."""
        self._studio.session.history.settle()
        return self._studio.session.history.bytes_used

    def set_colours(self, colours: CanvasColours) -> None:
        """Gives the canvas its colours, with those that the user chose for the mask."""
        self._mask_views.set_colours(colours)

    def show_theme(self) -> None:
        """Marks the look that is chosen in the menu."""
        for look in ("system", "dark", "light"):
            self._actions[f"look_{look}"].setChecked(self._studio.settings.current.theme == look)

    def _look(self, look: str) -> None:
        self._studio.settings.replace(theme=look)
        self.show_theme()

    def _keys(self) -> None:
        from overpaint.ui.app.help_dialogs import show_keys  # loads here, when it is opened

        show_keys(self._window, self._actions.declared)

    def _about(self) -> None:
        from overpaint.ui.app.help_dialogs import show_about  # loads here, when it is opened

        folders = self._studio.folders
        show_about(
            self._window,
            f"Settings: {folders.config}\nJournal and log: {folders.state}\n"
            f"Gallery: {self._studio.gallery().folder}",
        )

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._studio.tasks.start(work, name)
