"""Where keys go: they follow the pointer onto the canvas, unless somebody is typing elsewhere."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def draw_keys(canvas: QWidget) -> None:
    """Gives ``canvas`` the focus that a button, slider or list kept from a click; text keeps it.

    Otherwise Space held to pan would press the button that was clicked last, and brush keys would do nothing.
    """
    now = QApplication.focusWidget()
    if now is not canvas and (now is None or not now.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)):
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
