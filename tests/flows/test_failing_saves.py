"""A save or a close that fails as nobody expected: the picture is offered, and not paid for again unasked."""

import pytest
from tests.api.wire import plain
from tests.fault_server import Script
from tests.flows.shop import shop
from tests.flows.wait import until

from overpaint.library.gallery.gallery import Gallery
from overpaint.studio.config.persistent_list import PersistentList
from overpaint.studio.config.settings_autosave import SettingsAutosave
from overpaint.studio.studio import Studio
from overpaint.ui.app.runtime.error_sink import SENTENCE


class InjectedError(Exception):
    """What a broken step raises."""


def fail(*_: object, **__: object) -> None:
    raise InjectedError


@pytest.mark.error_logs("InjectedError")
@pytest.mark.parametrize("kind", [InjectedError, ValueError, MemoryError])
async def test_paid_picture_that_a_bug_keeps_from_being_saved_is_offered_and_not_paid_for_again(
    photo, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    final = photo("rocket.png").read_bytes()

    def broken(*_: object, **__: object) -> None:
        raise kind("InjectedError")

    async with shop(photo, Script(body=plain(final))) as one:
        one.app.studio.parameters.set(stream=False)
        monkeypatch.setattr(Gallery, "save", broken)
        await one.generate()
        job = await one.app.ended()
        await until(lambda: one.app.window.status.notice == SENTENCE)

        assert [picture.data for picture in job.unsaved] == [final]
        assert job.usage is not None
        assert one.step() == "Save to another folder…"
        assert "Something went wrong" in one.message()
        await one.generate()
        words = await one.answer("askNo")
        assert "billed again" in words
        assert one.server.posts == 1
        monkeypatch.undo()
        monkeypatch.setattr(one.app.studio, "unsaved_on_close", list)


@pytest.mark.error_logs("InjectedError")
@pytest.mark.parametrize(
    ("owner", "name"), [(PersistentList, "close"), (SettingsAutosave, "close"), (Studio, "unsaved_on_close")]
)
async def test_window_closes_whatever_fails_as_it_does(
    photo, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    async with shop(photo) as one:
        closed: list[bool] = []
        one.app.studio.closed.connect(lambda: closed.append(True))
        monkeypatch.setattr(owner, name, fail)

        one.app.window.close()
        await one.app.studio.close()

        assert closed
        assert one.app.studio.draft_autosave._store._held is None
        monkeypatch.undo()
