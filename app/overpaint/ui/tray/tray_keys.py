"""Keys that are heard while a picture of the tray has the focus."""

from overpaint.ui.actions.action import Action

TRAY_KEYS = (
    Action("tray_previous", "Picture to the left", keys=("Left",), scope="tray"),
    Action("tray_next", "Picture to the right", keys=("Right",), scope="tray"),
    Action("tray_drop_drag", "Leave the picture where it was", keys=("Esc",), scope="tray drag"),
    *(
        Action(
            f"tray_{number}", f"Picture {number} in the tray", keys=(str(number),), scope="tray",
            family="Picture 1 to 9 in the tray",
        )
        for number in range(1, 10)
    ),
)  # fmt: skip
"""Done by the tile itself, which knows its place and its drag."""
