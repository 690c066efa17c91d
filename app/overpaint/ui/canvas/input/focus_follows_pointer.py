"""Where keys go: they follow the pointer onto the canvas, unless somebody is typing elsewhere."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from overpaint.ui.widgets.text_focus import edits_text


def draw_keys(canvas: QWidget) -> None:
    """Gives ``canvas`` the focus that a button, slider or list kept from a click; text keeps it.

    Otherwise Space held to pan would press the button that was clicked last, and brush keys would do nothing.
    """
    now = QApplication.focusWidget()
    if now is not canvas and not edits_text(now):
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
