"""Settings: kept as TOML, replaced whole, written one at a time, and never lost to a broken file."""

import os
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.errors import SettingsError
from overpaint.core.request.endpoint_profile import BUILT_IN, OFFLINE, EndpointProfile, Timeouts
from overpaint.core.request.params import EditParams
from overpaint.studio.config.settings import BrushSettings, Settings, SettingsStore

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


@pytest.mark.parametrize(
    "content", [b"theme = ", b"theme = 'purple'", b"undo_megabytes = 1", b"\xff\xfe", b"theme = 3", b"\0"]
)
def test_file_that_makes_no_sense_is_kept_aside_and_said(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)

    store = SettingsStore(file)

    assert store.current == Settings()
    assert "couldn't be read" in store.warning
    assert file.with_suffix(".broken.toml").read_bytes() == content


def test_setting_of_another_version_is_passed_over(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("theme = 'dark'\nsparkles = true\n")

    store = SettingsStore(file)

    assert (store.current.theme, store.warning) == ("dark", "")


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
    plain_write = store._write

    def write(settings: Settings) -> None:
        if settings.theme == "dark":
            first_is_writing.set()
            may_go_on.wait(10)
        plain_write(settings)

    store._write = write  # type: ignore[method-assign]  # holds the first write up, as a slow disk would
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


def test_file_holds_no_field_for_a_key() -> None:
    names = {*msgspec.structs.asdict(Settings()), *msgspec.structs.asdict(MINE)}

    assert not [name for name in names if "key" in name or "token" in name or "secret" in name]


def test_built_in_profile_that_was_changed_stands_in_its_old_place() -> None:
    changed = EndpointProfile("AGCloud", "https://agcloud.example/v1")

    settings = Settings().with_profile(changed).with_profile(MINE)

    assert [one.name for one in settings.profiles()] == [*(one.name for one in BUILT_IN), "My own"]
    assert settings.profile("agcloud") == changed
    assert settings.without_profile("AGCloud").profile("AGCloud") == BUILT_IN[2]


def test_profile_that_is_unknown_is_answered_with_those_there_are() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings().profile("Opnai")

    assert "OpenAI" in caught.value.next_step


def test_chosen_profile_that_is_gone_leaves_the_offline_engine() -> None:
    assert Settings(endpoint="Gone").active.name == OFFLINE


def test_change_is_told_by_the_names_of_what_is_another_now(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.toml")
    told: list[frozenset[str]] = []
    store.changed.connect(told.append)

    store.replace(theme="dark", mask_opacity=0.5, undo_megabytes=store.current.undo_megabytes)
    store.replace(theme="dark")
    store.replace_all(msgspec.structs.replace(store.current, brush=BrushSettings(diameter=3)))

    assert told == [{"theme", "mask_opacity"}, {"brush"}]
