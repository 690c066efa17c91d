"""The settings' file: written one at a time, and nothing in it lost, whoever wrote it and however broken."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.studio.config.full_settings import full_file, put, text

from overpaint.core.errors import SettingsError
from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.core.request.params import EditParams
from overpaint.studio.config.settings import BrushSettings, Settings
from overpaint.studio.config.settings_document import Document, migrate
from overpaint.studio.config.settings_store import SettingsStore

MINE = EndpointProfile(
    "My own",
    "http://10.0.0.5:8000/v1",
    headers={"x-team": "Düne"},
    drop_fields=("user",),
    timeouts=Timeouts(1.5, 20.0, 60.0),
    allow_plain_http=True,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def test_settings_that_are_saved_come_back_whole(file: Path) -> None:
    store = SettingsStore(file)
    store.replace_all(Settings(theme="dark", gallery="/tmp/Client Ä").with_profile(MINE))
    store.replace(endpoint="My own", params=EditParams(prompt="Line one\nline “two”\\", n=3))

    store.save()

    assert SettingsStore(file).current == store.current


@given(
    prompt=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    diameter=st.floats(1, 2000),
    partials=st.integers(0, 3),
)
def test_whatever_was_typed_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, prompt: str, diameter: float, partials: int
) -> None:
    file = tmp_path_factory.mktemp("config") / "settings.toml"
    store = SettingsStore(file)
    store.replace_all(
        Settings(
            brush=BrushSettings(diameter=diameter), params=EditParams(prompt=prompt, partial_images=partials)
        )
    )

    store.save()

    assert SettingsStore(file).current == store.current


def test_settings_that_did_not_change_are_not_written(file: Path) -> None:
    SettingsStore(file).save()

    assert not file.exists()


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permission there")
def test_folder_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    store = SettingsStore(tmp_path / "config" / "settings.toml")
    store.replace(theme="dark")

    with pytest.raises(SettingsError) as caught:
        store.save()

    assert "until Overpaint is closed" in caught.value.message
    assert caught.value.next_step
    assert store.current.theme == "dark"


def test_writes_from_two_threads_end_with_the_newest_settings(file: Path) -> None:
    store = SettingsStore(file)
    first_is_writing, may_go_on = threading.Event(), threading.Event()
    plain_update = store._file.update

    def update(change: Callable[[Document | None], Document]) -> tuple[Document, str]:
        if not first_is_writing.is_set():
            first_is_writing.set()
            may_go_on.wait(10)
        return plain_update(change)

    store._file.update = update  # type: ignore[method-assign]  # holds the first up, as a slow disk would
    store.replace(theme="dark")
    older = threading.Thread(target=store.save)
    older.start()
    first_is_writing.wait(10)
    store.replace(theme="light")
    newer = threading.Thread(target=store.save)
    newer.start()
    newer.join(0.05)

    may_go_on.set()
    older.join(10)
    newer.join(10)

    assert SettingsStore(file).current.theme == "light"


# --- broken files


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"\0\0", b"", b"a = " + b"[" * 5000])
def test_file_that_is_no_toml_is_kept_aside_and_said(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    store = SettingsStore(file)

    assert store.current == Settings(daily_cap=None)
    assert "couldn't be read" in store.warning
    assert "settings.broken-1.toml" in store.warning
    assert (file.parent / "settings.broken-1.toml").read_bytes() == content


def test_files_set_aside_are_numbered_and_never_overwrite_an_earlier_one(file: Path) -> None:
    file.parent.mkdir()
    contents = [b"first = ", b"second = ", b"third = "]

    for content in contents:
        file.write_bytes(content)
        SettingsStore(file)

    aside = [file.parent / f"settings.broken-{number}.toml" for number in (1, 2, 3)]
    assert [one.read_bytes() for one in aside] == contents


def test_file_that_breaks_while_the_window_is_open_is_kept_and_all_settings_are_written(file: Path) -> None:
    store = SettingsStore(file)
    store.replace(daily_cap=5.0, gallery="/pictures")
    store.save()
    file.write_bytes(b"half a li")

    store.replace(theme="dark")
    store.save()

    assert SettingsStore(file).current == Settings(daily_cap=5.0, gallery="/pictures", theme="dark")
    assert (file.parent / "settings.broken-1.toml").read_bytes() == b"half a li"


def test_file_that_cannot_be_opened_is_said_and_loses_nothing_by_a_later_change(file: Path) -> None:
    first = SettingsStore(file)
    first.replace(gallery="/pictures", daily_cap=3.0)
    first.save()
    file.rename(file.with_name("real.toml"))
    file.mkdir()  # what even a superuser can't open as a file

    store = SettingsStore(file)
    store.replace(undo_megabytes=512)
    with pytest.raises(SettingsError):
        store.save()
    file.rmdir()
    file.with_name("real.toml").rename(file)
    store.save()

    assert "Couldn't read" in store.warning
    assert store.current.daily_cap is None
    expected = Settings(gallery="/pictures", daily_cap=3.0, undo_megabytes=512)
    assert SettingsStore(file).current == expected


def test_text_that_no_file_can_hold_is_written_with_a_question_mark(file: Path) -> None:
    store = SettingsStore(file)
    store.replace(params=EditParams(prompt="half \ud83d"))

    store.save()

    assert SettingsStore(file).current.params.prompt == "half ?"


# --- what this version doesn't know


def test_keys_of_another_version_survive_a_change_at_every_depth(file: Path) -> None:
    foreign = full_file()
    (profile,) = foreign["endpoints"]
    brush = foreign["brush"]
    tables = (foreign, brush, brush["pen"], foreign["selection"], foreign["params"], profile)
    for table in (*tables, profile["timeouts"], foreign["prices"]["house"]):
        table["sparkles"] = {"of": [1, {"kind": "gold"}], "since": date(2031, 5, 4)}
    put(file, foreign)
    store = SettingsStore(file)

    store.replace(theme="light", brush=msgspec.structs.replace(store.current.brush, diameter=7.0))
    store.replace_all(store.current.with_profile(EndpointProfile("Another", "https://example.com/v1")))
    store.save()

    foreign["theme"], foreign["brush"]["diameter"] = "light", 7.0
    written = text(file)
    assert written["endpoints"].pop()["name"] == "Another"
    assert written == foreign
    assert store.warning == ""


def test_file_of_a_newer_version_survives_a_round_trip(file: Path) -> None:
    newer = full_file()
    newer |= {"version": 7, "theme": "sepia", "undo_megabytes": "plenty", "eraser": "soft", "layers": True}
    put(file, newer)
    store = SettingsStore(file)

    store.replace(running_at_once=5)
    store.save()

    assert text(file) == newer | {"running_at_once": 5}
    assert store.current.mask_view == "ants"


def test_value_that_could_not_be_read_stays_in_the_file_until_it_is_set(file: Path) -> None:
    put(file, full_file() | {"theme": "sepia"})
    store = SettingsStore(file)
    store.replace(gallery="/elsewhere")
    store.save()
    assert text(file)["theme"] == "sepia"

    store.replace(theme="system")
    store.save()

    assert text(file)["theme"] == "system"


def test_older_file_is_brought_up_step_by_step_and_a_later_one_is_left() -> None:
    def rename(document: Document) -> Document:
        look = document.pop("look", "system")
        return {**document, "theme": look}

    def halve(document: Document) -> Document:
        return {**document, "undo_megabytes": document["undo_megabytes"] // 2}

    old = {"look": "dark", "undo_megabytes": 64}

    assert migrate(old, (rename, halve)) == {"theme": "dark", "undo_megabytes": 32, "version": 3}
    assert migrate({**old, "version": 2}, (rename, halve))["look"] == "dark"
    assert migrate({**old, "version": 9}, (rename, halve)) == {**old, "version": 9}
    assert old == {"look": "dark", "undo_megabytes": 64}


def test_two_windows_keep_what_the_other_changed(file: Path) -> None:
    put(file, full_file() | {"sparkles": 1})
    here, there = SettingsStore(file), SettingsStore(file)

    here.replace(theme="light")
    here.replace_all(here.current.with_profile(EndpointProfile("Here", "https://example.com/v1")))
    here.save()
    there.replace(undo_megabytes=1024)
    there.replace_all(there.current.without_profile("My own"))
    there.save()

    found = SettingsStore(file).current
    assert (found.theme, found.undo_megabytes) == ("light", 1024)
    assert [one.name for one in found.endpoints] == ["Here"]
    assert text(file)["sparkles"] == 1


def test_setting_that_another_window_was_the_first_to_write_stays(file: Path) -> None:
    put(file, {"sparkles": 1})
    one, other = SettingsStore(file), SettingsStore(file)
    one.replace(brush=BrushSettings(diameter=20))
    one.save()

    other.replace(eraser=BrushSettings(diameter=30))
    other.save()

    found = SettingsStore(file).current
    assert (found.brush.diameter, found.eraser.diameter) == (20, 30)


def test_windows_that_write_at_the_same_time_lose_no_key(file: Path) -> None:
    put(file, {"sparkles": 1})
    tools = ("brush", "eraser", "quick")
    stores = [(SettingsStore(file), name) for name in tools]

    def write(store: SettingsStore, name: str) -> None:
        for diameter in range(1, 21):
            changed = {name: BrushSettings(diameter=diameter)}
            store.current = msgspec.structs.replace(store.current, **changed)
            store.save()

    with ThreadPoolExecutor(len(stores)) as windows:
        for written in [windows.submit(write, *one) for one in stores]:
            written.result(60)

    found = SettingsStore(file)
    assert [getattr(found.current, name).diameter for name in tools] == [20, 20, 20]
    assert (text(file)["sparkles"], found.warning) == (1, "")


# --- the spending cap


@pytest.mark.parametrize("broken", ["five", -1, 20_000, float("nan"), True, [5], {"a": 1}])
def test_cap_that_cannot_be_read_is_not_known_until_it_is_set(file: Path, broken: object) -> None:
    put(file, full_file() | {"daily_cap": broken})
    store = SettingsStore(file)
    store.replace(theme="light")
    store.save()
    again = SettingsStore(file)

    assert (store.current.daily_cap, again.current.daily_cap) == (None, None)
    assert "spending cap couldn't be read" in again.warning
    again.replace(daily_cap=0.0)
    again.save()

    assert (SettingsStore(file).current.daily_cap, SettingsStore(file).warning) == (0.0, "")


def test_cap_of_a_broken_file_is_not_known_at_any_later_start_until_it_is_set(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"daily_cap = 5\ntheme =")

    SettingsStore(file)
    store = SettingsStore(file)
    store.replace(theme="dark")
    store.save()

    again = SettingsStore(file)
    assert (again.current.theme, again.current.daily_cap) == ("dark", None)
    again.replace(daily_cap=2.0)
    again.save()
    assert SettingsStore(file).current.daily_cap == 2.0


def test_cap_of_a_first_start_is_none_and_nothing_is_said(file: Path) -> None:
    store = SettingsStore(file)

    assert (store.current.daily_cap, store.warning) == (0.0, "")


def test_change_is_told_by_the_names_of_what_is_another_now(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.toml")
    told: list[frozenset[str]] = []
    store.changed.connect(told.append)

    store.replace(theme="dark", mask_opacity=0.5, undo_megabytes=store.current.undo_megabytes)
    store.replace(theme="dark")
    store.replace_all(msgspec.structs.replace(store.current, brush=BrushSettings(diameter=3)))

    assert told == [{"theme", "mask_opacity"}, {"brush"}]
