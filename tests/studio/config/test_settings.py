"""Settings: the endpoint profiles that are shipped and the user's own, and no place for a key."""

import msgspec
import pytest

from overpaint.core.errors import SettingsError
from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile
from overpaint.studio.config.settings import Settings

MINE = EndpointProfile("My own", "http://10.0.0.5:8000/v1", allow_plain_http=True)


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
