"""A part of the window that fails whenever it hears something: the others go on, and so does the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from tests.api.wire import plain
from tests.fault_server import Script
from tests.flows.desk import Desk, desk
from tests.flows.shop import Shop, shop
from tests.flows.wait import until

from overpaint.studio.event import Changes, Event
from overpaint.ui.app.runtime.error_sink import SENTENCE


class InjectedError(Exception):
    """What a broken listener raises."""


def events_of(app: Desk) -> dict[str, Event[...]]:
    """Every event that anything in the studio or the window has, by where it was found."""
    found: dict[str, Event[...]] = {}
    seen: set[int] = set()
    left: list[tuple[str, object]] = [("studio", app.studio), ("window", app.window)]
    while left:
        path, holder = left.pop()
        if id(holder) in seen or not type(holder).__module__.startswith("overpaint."):
            continue
        seen.add(id(holder))
        names = {**getattr(holder, "__dict__", {})}
        names |= {name: getattr(holder, name, None) for name in getattr(type(holder), "__slots__", ())}
        names |= {name: getattr(holder, name) for name in getattr(type(holder), "__struct_fields__", ())}
        for name, value in names.items():
            if isinstance(value, Changes):
                each = enumerate(event for _, event in value._listeners)
                found |= {f"{path}.{name} {number}": event for number, event in each}
            elif isinstance(value, Event):
                found.setdefault(f"{path}.{name}", value)
            else:
                left.append((f"{path}.{name}", value))
    return found


def listeners_of(events: dict[str, Event[...]]) -> list[tuple[str, Event[...], int]]:
    """Every listener there is: its event's name, the event, and its place there."""
    return [(name, event, at) for name, event in events.items() for at in range(len(event._handlers))]


@contextmanager
def broken(event: Event[...], at: int) -> Iterator[list[object]]:
    """Puts a listener that raises in the place of one; what it heard."""
    heard: list[object] = []

    def fail(*arguments: object) -> None:
        heard.append(arguments)
        raise InjectedError

    whole = event._handlers[at]
    event._handlers[at] = lambda: fail
    try:
        yield heard
    finally:
        event._handlers[at] = whole


def on_disk(app: Desk) -> int:
    """When the draft was written last."""
    file = app.studio.folders.draft / "draft.json"
    return file.stat().st_mtime_ns if file.exists() else 0


def newer_on_disk(app: Desk, before: int) -> bool:
    return on_disk(app) > before


@pytest.mark.error_logs("InjectedError")
async def test_window_with_any_one_listener_broken_paints_undoes_and_keeps_its_draft(
    photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overpaint.studio.drafts.draft_autosave._PAUSE", 0.01)
    wrong: list[str] = []
    async with desk([photo("chelsea.jpg"), photo("coffee.png")]) as app:
        session, status = app.studio.session, app.window.status
        events = events_of(app)
        listeners = listeners_of(events)
        for name, event, at in listeners:
            status.notify("")
            before = on_disk(app)
            with broken(event, at) as heard:
                app.paint((20, 20), (90, 60))
                if session.history.recording or session.history.undo_name != "Brush stroke":
                    wrong.append(f"{name}[{at}]: the stroke isn't in the history")
                painted = app.item.mask.coverage.copy()
                await until(partial(newer_on_disk, app, before))
                session.undo()
                if not app.mask_is_empty() or not painted.any():
                    wrong.append(f"{name}[{at}]: the mask isn't what the history says")
                session.show(session.tray[1].id)
                session.show(session.tray[0].id)
                app.studio.settings.replace(running_at_once=1 + len(wrong))
            if heard and not status.notice.startswith(SENTENCE):
                known = [one.trace for one in app.sink.errors]
                if not any("InjectedError" in trace for trace in known):
                    wrong.append(f"{name}[{at}]: nobody heard of it")
            await app.on_canvas()

        assert len(listeners) > 40
        assert wrong == []


def sent_more(asked: Shop, posts: int) -> bool:
    return asked.server.posts > posts


@pytest.mark.error_logs("InjectedError")
async def test_run_with_any_one_listener_broken_saves_its_picture_and_asks_before_the_next(photo) -> None:
    final = photo("rocket.png").read_bytes()
    wrong: list[str] = []
    async with shop(photo, Script(body=plain(final))) as before_money:
        app = before_money.app
        app.studio.parameters.set(stream=False)
        told_of_runs = [*vars(app.studio.jobs).values(), app.studio.prompts.changed]
        listeners = [one for one in listeners_of(events_of(app)) if one[1] in told_of_runs]
        for number, (name, event, at) in enumerate(listeners):
            posts = before_money.server.posts
            app.studio.parameters.set(
                user=f"number {number}"
            )  # so that it isn't the same edit as the last one
            app.window.status.notify("")
            with broken(event, at) as heard:
                await before_money.generate()
                await until(partial(sent_more, before_money, posts))
                await app.ended(number + 1)
            if not app.job.results or app.job.results[0].path.read_bytes() != final:
                wrong.append(f"{name}[{at}]: the picture isn't in the gallery")
            if heard and app.window.status.notice != SENTENCE and not app.sink.errors:
                wrong.append(f"{name}[{at}]: nobody heard of it")
            order = await app.studio.prepare()
            if not await app.studio.questions(order):
                wrong.append(f"{name}[{at}]: the same again wouldn't be asked about")

        assert len(listeners) > 5
        assert wrong == []
