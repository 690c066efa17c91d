"""What mouse and pen do on the canvas: only for people to read, so that every list tells the same."""

GESTURES = (
    ("Straight line", "Shift+click"),
    ("Straight line in steps of 15°", "Ctrl+Shift+click"),
    ("Erase with the brush", "right-drag"),
    ("Brush size and hardness", "Alt+right-drag"),
    ("Add, subtract a selection", "Shift, Alt at the press"),
    ("Intersect with a selection", "Shift+Alt at the press"),
    ("Pan the picture", "{pan_by_key}-drag, middle-drag"),
    ("Zoom at the pointer", "wheel"),
    ("Rotate the view", "{rotate_by_key}-drag, Shift+{pan_by_key}-drag"),
    ("Rotate in steps of 15°", "Ctrl while rotating"),
)
"""What it does, and how; ``{id}`` is the key of an action."""
