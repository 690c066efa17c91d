"""Keys: from the environment, in the keyring, or for this run only, and never where they can be read."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config import key_store as module
from overpaint.studio.config.key_store import KEY_VARIABLE, KeyStore

PROFILE = EndpointProfile("OpenAI", "https://api.openai.com/v1")
KEY = "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"


class Memory(KeyringBackend):
    """A keyring that keeps what it is given."""

    viable = False  # so that no other test finds it among the system's own

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Memory):
    """A keyring whose user said no."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class Hanging(Memory):
    """A keyring that never answers, as with a broken session bus."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait()
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.released.wait()


class Plaintext(Memory):
    """A keyring in a text file, from the package that holds such."""


Plaintext.__module__ = "keyrings.alt.file"


class Chain(Memory):
    """Several keyrings in one, as the keyring library makes it."""

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = list(backends)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def use(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)


async def test_key_that_is_put_goes_into_the_keyring_and_comes_back() -> None:
    memory = Memory()
    use(memory)

    place = await KeyStore().store(PROFILE, f" {KEY}\n")

    assert place.place == "keyring"
    assert await KeyStore().get(PROFILE) == KEY
    assert list(memory.kept.values()) == [KEY]


async def test_key_that_is_forgotten_is_nowhere() -> None:
    memory = Memory()
    use(memory)
    store = KeyStore()
    await store.store(PROFILE, KEY)

    place = await store.forget(PROFILE)

    assert place.place == "none"
    assert memory.kept == {}


async def test_key_that_is_empty_forgets_the_one_before() -> None:
    use(Memory())
    store = KeyStore()
    await store.store(PROFILE, KEY)

    place = await store.store(PROFILE, "  ")

    assert place.place == "none"
    assert await store.get(PROFILE) == ""


@pytest.mark.parametrize(
    "backend",
    [Plaintext(), Locked(), Chain(Plaintext()), Chain()],
    ids=["text file", "locked", "chain", "none"],
)
async def test_keyring_that_keeps_nothing_safe_leaves_the_key_for_this_run_and_says_so(
    backend: Memory,
) -> None:
    use(backend)
    store = KeyStore()

    place = await store.store(PROFILE, KEY)

    assert place.place == "this run"
    assert "until Overpaint is closed" in place.words
    assert await store.get(PROFILE) == KEY
    assert await KeyStore().get(PROFILE) == ""
    assert backend.kept == {}


@pytest.mark.parametrize("name", ["fail", "null"])
async def test_backend_that_is_no_keyring_leaves_the_key_for_this_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(keyring.core.load_keyring(f"keyring.backends.{name}.Keyring"))

    place = await KeyStore().store(PROFILE, KEY)

    assert place.place == "this run"


async def test_safe_keyring_beside_a_text_file_is_the_one_that_is_used() -> None:
    text, safe = Plaintext(), Memory()
    use(Chain(text, safe))

    place = await KeyStore().store(PROFILE, KEY)

    assert place.place == "keyring"
    assert text.kept == {}
    assert list(safe.kept.values()) == [KEY]


async def test_keyring_that_hangs_holds_nobody_up_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = Hanging()
    use(hanging)
    monkeypatch.setattr(module, "_TIMEOUT", 0.05)
    store = KeyStore()

    place = await store.store(PROFILE, KEY)

    assert place.place == "this run"
    assert "doesn't answer" in place.words
    assert await store.get(PROFILE) == KEY
    hanging.released.set()


class Small(Memory):
    """Keeps as much as that of Windows does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2560:
            raise OSError(22, "The stub received bad data", None, 1783)
        super().set_password(service, username, password)


@pytest.mark.parametrize(("length", "place"), [(1280, "keyring"), (1281, "this run"), (2600, "this run")])
async def test_key_that_the_keyring_has_no_room_for_is_kept_for_this_run_with_the_reason(
    length: int, place: str
) -> None:
    use(Small())
    keys = KeyStore()

    found = await keys.store(PROFILE, "k" * length)

    assert found.place == place
    assert await keys.get(PROFILE) == "k" * length
    assert "locked" not in found.words
    if place == "this run":
        assert f"doesn't take a key of {length:,} characters; that of Windows keeps 1,280." in found.words


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
async def test_key_of_the_environment_is_handed_to_no_program_that_is_started_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    keys = KeyStore()

    # With the environment that the C library knows, as Qt and the desktop start theirs.
    said = await asyncio.to_thread(subprocess.check_output, ["/usr/bin/env"])

    assert b"PATH=" in said
    assert KEY.encode() not in said
    assert await keys.get(PROFILE) == KEY


async def test_key_in_the_environment_is_used_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    use(Memory())
    monkeypatch.setenv(KEY_VARIABLE, KEY)

    keys = KeyStore()
    place = await keys.where(PROFILE)

    assert place.place == "environment"
    assert KEY_VARIABLE in place.words
    assert await keys.get(PROFILE) == KEY


async def test_key_is_in_no_representation_of_the_store() -> None:
    use(Locked())
    store = KeyStore()
    await store.store(PROFILE, KEY)

    assert KEY not in repr(store)


_WITH_REAL_KEYRING = """
import asyncio, sys
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config.key_store import KeyStore

async def main():
    profile = EndpointProfile("OpenAI", "https://api.openai.com/v1")
    print((await KeyStore().store(profile, sys.stdin.readline())).place)
    print(await KeyStore().get(profile))
    print((await KeyStore().forget(profile)).place)

asyncio.run(main())
"""


@pytest.mark.secretservice
@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs dbus and gnome-keyring, which packaging/dev.py installs on Debian",
)
def test_secret_service_of_the_desktop_keeps_gives_and_forgets_the_key(home: Path) -> None:
    unlock = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    command = ["dbus-run-session", "--", "bash", "-c", f'{unlock}; exec "$0" -c "$1"']

    done = subprocess.run(
        [*command, sys.executable, _WITH_REAL_KEYRING],
        input=KEY,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            **os.environ,
            "HOME": str(home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        },
        check=False,
    )

    assert done.stdout.split() == ["keyring", KEY, "none"], done.stderr
