"""Entries of menus that are made from what there is, such as endpoints or presets, and so are no actions."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def add_choice(
    menu: QMenu, words: str, run: Callable[[], object] | None, *, chosen: bool | None = None, tip: str = ""
) -> QAction:
    """An entry that calls ``run``, or that can't be chosen where there is nothing to call.

    ``chosen`` gives it a mark or takes the mark away; None leaves no room for one.
    """
    made = menu.addAction(words)
    made.setEnabled(run is not None)
    made.setCheckable(chosen is not None)
    made.setChecked(bool(chosen))
    if tip:
        made.setToolTip(tip)
    if run is not None:
        made.triggered.connect(lambda _=False: run())
    return made
