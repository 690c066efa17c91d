"""Keys that are heard on the canvas and in the navigator; what is under way there says what they do."""

from overpaint.ui.actions.action import Action

CANVAS_KEYS = (
    Action("brush_smaller", "Smaller brush", keys=("[",), scope="canvas"),
    Action("brush_larger", "Larger brush", keys=("]",), scope="canvas"),
    Action("brush_softer", "Softer brush", keys=("Shift+[", "{"), scope="canvas"),
    Action("brush_harder", "Harder brush", keys=("Shift+]", "}"), scope="canvas"),
    *(
        Action(
            f"opacity_{digit}", f"Brush opacity {digit or 10}0 %", keys=(str(digit),), scope="canvas",
            family="Brush opacity (50 %: 5)",
        )
        for digit in range(10)
    ),
    Action("swap_tools", "Swap brush and eraser", keys=("X",), scope="canvas"),
    Action("pan_by_key", "Pan while it is held", keys=("Space",), scope="canvas"),
    Action("rotate_by_key", "Rotate while it is held", keys=("R",), scope="canvas"),
    Action("straighten", "Reset the rotation", keys=("5",), scope="canvas rotated"),
    Action("abort_gesture", "Cancel what the pointer does", keys=("Esc",), scope="canvas gesture"),
    Action("draft_close", "Close the outline", keys=("Return", "Enter"), scope="canvas draft"),
    Action("draft_back", "Take the last corner back", keys=("Backspace",), scope="canvas draft"),
    Action("draft_abort", "Cancel the outline", keys=("Esc",), scope="canvas draft"),
    Action("cursor_left", "Pointer to the left", keys=("Left",), scope="canvas cursor"),
    Action("cursor_right", "Pointer to the right", keys=("Right",), scope="canvas cursor"),
    Action("cursor_up", "Pointer up", keys=("Up",), scope="canvas cursor"),
    Action("cursor_down", "Pointer down", keys=("Down",), scope="canvas cursor"),
    Action("cursor_press", "Press the tool down, or lift it", keys=("Space",), scope="canvas cursor"),
    Action("navigator_left", "See more at the left", keys=("Left",), scope="navigator"),
    Action("navigator_right", "See more at the right", keys=("Right",), scope="navigator"),
    Action("navigator_up", "See more above", keys=("Up",), scope="navigator"),
    Action("navigator_down", "See more below", keys=("Down",), scope="navigator"),
    Action("navigator_zoom_in", "Zoom in", keys=("+", "="), scope="navigator"),
    Action("navigator_zoom_out", "Zoom out", keys=("-",), scope="navigator"),
)  # fmt: skip
"""The canvas and the navigator ask the keymap for these ids."""
