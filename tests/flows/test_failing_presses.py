"""A press, a drag or a release that fails: the mask is as it was, and the next press paints."""

import pytest
from tests.flows.desk import desk

from overpaint.core.masks.undo_history import Transaction
from overpaint.core.paint.dabs import Dabs
from overpaint.ui.app.runtime.error_sink import SENTENCE
from overpaint.ui.canvas.input.pointer_feedback import PointerFeedback
from overpaint.ui.tools.strokes.stroke_controller import StrokeController


class InjectedError(Exception):
    """What a broken step raises."""


STEPS = [
    (Dabs, "stamp", 0),
    (Dabs, "stamp", 7),
    (Transaction, "touch", 0),
    (Transaction, "touch", 2),
    (Transaction, "commit", 0),
    (Transaction, "_tile", 0),
    (Transaction, "_tile", 2),
    (StrokeController, "begin", 0),
    (StrokeController, "extend", 0),
    (StrokeController, "extend", 2),
    (StrokeController, "finish", 0),
]
"""What fails, and after how many calls that went well."""


@pytest.mark.error_logs("InjectedError")
@pytest.mark.parametrize(("owner", "name", "after"), STEPS)
async def test_stroke_that_fails_at_a_step_is_taken_back_and_the_next_one_paints(
    photo, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, after: int
) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        session = app.studio.session
        whole, calls = getattr(owner, name), [0]

        def fail(*arguments: object) -> object:
            calls[0] += 1
            if calls[0] == after + 1:
                raise InjectedError
            return whole(*arguments)

        monkeypatch.setattr(owner, name, fail)
        app.paint((20, 20), (60, 60), (100, 40), (150, 90))
        monkeypatch.setattr(owner, name, whole)

        assert not session.history.recording
        assert app.window.status.notice == SENTENCE
        assert app.mask_is_empty()
        assert session.history.undo_name != "Brush stroke"
        app.paint((30, 30), (70, 70))
        assert session.history.undo_name == "Brush stroke"
        assert not app.mask_is_empty()


@pytest.mark.error_logs("InjectedError")
async def test_pointer_that_cannot_be_shown_keeps_nobody_from_painting(
    photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise InjectedError

    async with desk([photo("chelsea.jpg")]) as app:
        with monkeypatch.context() as patch:
            patch.setattr(PointerFeedback, "show", fail)
            app.paint((20, 20), (60, 60))

        assert not app.mask_is_empty()
        assert len(app.sink.errors) == 1
