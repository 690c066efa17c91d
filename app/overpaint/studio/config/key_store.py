"""API keys: read from the environment or the system's keyring, kept for this run only where there is none."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from overpaint.core.errors import KeyStoreError
from overpaint.core.request.endpoint_profile import EndpointProfile

KEY_VARIABLE = "OVERPAINT_API_KEY"
if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
V = TypeVar("V")
_SERVICE = "overpaint"
_TIMEOUT = 20.0
_WEAK_BACKENDS = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")

Place = Literal["keyring", "this run", "environment", "none"]


class KeyPlace(msgspec.Struct, frozen=True):
    """Where the key of an endpoint is kept, and that as a sentence."""

    place: Place
    words: str


class KeyStore:
    """Keys by profile name. Keyring calls run in a thread: a locked keyring may ask the user and block."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}
        self._trouble = ""

    def __repr__(self) -> str:
        return "KeyStore()"

    async def get(self, profile: EndpointProfile) -> str:
        """The key for a profile: this run's own, the environment's, or the keyring's; ``""`` for none."""
        held = self._held.get(profile.name) or os.environ.get(KEY_VARIABLE, "").strip()
        return held or await self._read(profile.name)

    async def store(self, profile: EndpointProfile, key: str) -> KeyPlace:
        """Keeps a key in the keyring, or for this run only when that can't be done; says which.

        An empty key is forgotten.
        """
        key = key.strip()
        if not key:
            return await self.forget(profile)
        self._held.pop(profile.name, None)
        try:
            await _in_thread(lambda: _keyring().set_password(_SERVICE, profile.name, key))
        except KeyStoreError as fault:
            self._trouble = fault.message
            self._held[profile.name] = key
        return await self.where(profile)

    async def forget(self, profile: EndpointProfile) -> KeyPlace:
        """Removes the key from this run and from the keyring."""
        self._held.pop(profile.name, None)
        if await self._read(profile.name):
            await _in_thread(lambda: _keyring().delete_password(_SERVICE, profile.name))
        return await self.where(profile)

    async def where(self, profile: EndpointProfile) -> KeyPlace:
        """Where the key of a profile is kept now."""
        if profile.name in self._held:
            return KeyPlace("this run", f"{self._trouble} The key is kept until Overpaint is closed.")
        if os.environ.get(KEY_VARIABLE, "").strip():
            return KeyPlace("environment", f"The key comes from {KEY_VARIABLE}.")
        if await self._read(profile.name):
            return KeyPlace("keyring", "The key is kept in the system keyring.")
        return KeyPlace("none", "No key yet.")

    async def _read(self, name: str) -> str:
        try:
            return await _in_thread(lambda: _keyring().get_password(_SERVICE, name)) or ""
        except KeyStoreError as fault:
            self._trouble = fault.message
            return ""


def _keyring() -> "KeyringBackend":
    """The backend of the system; raises :class:`KeyStoreError` for one that keeps keys in the clear."""
    import keyring  # here, because it takes 50 ms and is needed only once there is a key

    backend = keyring.get_keyring()
    chosen: list[KeyringBackend] = getattr(backend, "backends", [backend])
    strong = (one for one in chosen if not type(one).__module__.startswith(_WEAK_BACKENDS))
    if (first := next(strong, None)) is None:
        raise KeyStoreError("This system has no keyring that keeps keys safely.")
    return first


async def _in_thread(call: Callable[[], T]) -> T:
    """The result of a keyring call on a thread of its own, which may hang without holding up the exit."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_answer, args=(loop, answer, call), name="keyring", daemon=True).start()
    try:
        return await asyncio.wait_for(answer, _TIMEOUT)
    except TimeoutError as fault:
        raise KeyStoreError("The system keyring doesn't answer.") from fault


def _answer(loop: asyncio.AbstractEventLoop, answer: "asyncio.Future[T]", call: Callable[[], T]) -> None:
    try:
        result = call()
    except KeyStoreError as fault:
        _deliver(loop, answer.set_exception, answer, fault)
    except Exception as fault:  # noqa: BLE001 - backends raise whatever their D-Bus or OS binding raises
        refusal = KeyStoreError("The system keyring is locked or missing.", cause=type(fault).__name__)
        _deliver(loop, answer.set_exception, answer, refusal)
    else:
        _deliver(loop, answer.set_result, answer, result)


def _deliver(
    loop: asyncio.AbstractEventLoop, deliver: Callable[[V], None], answer: "asyncio.Future[T]", value: V
) -> None:
    """Hands a value over unless nobody waits any more or the loop has gone."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(lambda: None if answer.done() else deliver(value))
