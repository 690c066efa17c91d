"""Whether somebody is typing: then keys belong to the text, wherever the pointer is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def edits_text(widget: QWidget | None) -> bool:
    """Whether keys change a text in ``widget``; one that is only to be read or chosen from has none."""
    return widget is not None and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
