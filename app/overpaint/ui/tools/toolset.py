"""The program's tools in their order, and the actions that take them up."""

from collections.abc import Callable, Iterable
from functools import partial

from overpaint.ui.actions.action import Action
from overpaint.ui.tools.brush import BRUSH
from overpaint.ui.tools.eraser import ERASER
from overpaint.ui.tools.pan import PAN
from overpaint.ui.tools.selecting.lasso import LASSO
from overpaint.ui.tools.selecting.magnetic import MAGNETIC
from overpaint.ui.tools.selecting.marquee import ELLIPSE, RECTANGLE
from overpaint.ui.tools.selecting.polygon import POLYGON
from overpaint.ui.tools.selecting.quick_select import QUICK_SELECT
from overpaint.ui.tools.selecting.wand import WAND
from overpaint.ui.tools.tool_spec import Toolset, ToolSpec
from overpaint.ui.tools.zoom import ZOOM

TOOLS = Toolset((BRUSH, ERASER, RECTANGLE, ELLIPSE, LASSO, POLYGON, MAGNETIC, WAND, QUICK_SELECT, PAN, ZOOM))


def tool_actions(specs: Iterable[ToolSpec], choose: Callable[[str], object]) -> tuple[Action, ...]:
    """An action for each tool in the Tools menu, which calls ``choose`` with its id."""
    return tuple(_action(spec, choose) for spec in specs)


def _action(spec: ToolSpec, choose: Callable[[str], object]) -> Action:
    return Action(
        spec.id,
        spec.title,
        partial(choose, spec.id),
        spec.keys,
        menu="Tools",
        group="tools",
        tip=spec.tip,
        icon=spec.icon,
        checked=lambda now: now.tool == spec.id,
    )
