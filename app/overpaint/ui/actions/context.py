"""What the state of every action depends on, in one value that is computed once per change."""

import msgspec


class ActionContext(msgspec.Struct, frozen=True):
    """``undo`` and ``redo`` name what would be undone and redone, None where there is nothing.

    ``picked`` is the place of the picture that the tray's actions mean, from 0; -1 where there is none; it
    may go with the edit (``picked_is_sent``) and be the one that is edited.
    ``another_price`` is what the edit of the result that is shown would cost once more, ``variations`` how
    many results came of it, ``going`` how many of its runs still go on, ``replaces`` as which picture, from
    1, the one is sent that it was made of, 0 for one that isn't. ``comparing`` is the way in which results
    are compared, ``""`` while they aren't.
    ``focus`` is the scope whose keys are heard now.
    """

    workspace: str = ""
    focus: str = "window"
    pictures: int = 0
    picked: int = -1
    picked_is_sent: bool = False
    picked_is_edited: bool = False
    recording: bool = False
    undo: str | None = None
    redo: str | None = None
    run_shown: bool = False
    run_finished: bool = False
    run_going: bool = False
    going: int = 0
    replaces: int = 0
    another_price: str = ""
    variations: int = 0
    comparing: str = ""
    tool: str = ""
    rotated: bool = False
    keyboard_cursor: bool = False
    mask_view: str = ""
    navigator: bool = False
    panels_hidden: bool = False
    theme: str = ""

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to work on."""
        return self.pictures > 0

    @property
    def has_picked(self) -> bool:
        """Whether there is a picture that the tray's actions mean."""
        return self.picked >= 0
