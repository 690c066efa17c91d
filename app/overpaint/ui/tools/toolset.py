"""The program's tools in their order, and the actions that take them up."""

from collections.abc import Iterable

from overpaint.ui.actions.registry import Action
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


def tool_actions(specs: Iterable[ToolSpec]) -> tuple[Action, ...]:
    """An action for each tool, in the Edit menu below a line."""
    return tuple(
        Action(spec.id, spec.title, spec.keys, "Edit", line=number == 0, checkable=True)
        for number, spec in enumerate(specs)
    )
