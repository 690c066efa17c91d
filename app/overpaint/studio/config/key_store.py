"""API keys: read from the environment or the system's keyring, kept for this run only where there is none."""

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from overpaint.core.errors import KeyStoreError
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.process.own_thread import on_own_thread

KEY_VARIABLE = "OVERPAINT_API_KEY"
if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
_SERVICE = "overpaint"
_TIMEOUT = 20.0
_WINDOWS_MOST = 1280
"""Characters that fit: ``CRED_MAX_CREDENTIAL_BLOB_SIZE`` of wincred.h, in UTF-16."""

_WEAK_BACKENDS = ("keyrings.alt", "keyring.backends.fail", "keyring.backends.null")

Place = Literal["keyring", "this run", "environment", "none"]


class KeyPlace(msgspec.Struct, frozen=True):
    """Where the key of an endpoint is kept, and that as a sentence."""

    place: Place
    words: str


class KeyStore:
    """Keys by profile name. Keyring calls run in a thread: a locked keyring may ask the user and block.

    The key of the environment is taken out of it: no program that is started from here inherits it.
    """

    def __init__(self) -> None:
        self._given = os.environ.pop(KEY_VARIABLE, "").strip()
        self._held: dict[str, str] = {}
        self._trouble = ""

    def __repr__(self) -> str:
        return "KeyStore()"

    async def get(self, profile: EndpointProfile) -> str:
        """The key for a profile: this run's own, the environment's, or the keyring's; ``""`` for none."""
        held = self._held.get(profile.name) or self._given
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
            self._trouble = await self._why_not_kept(profile.name, key, fault)
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
        if self._given:
            return KeyPlace("environment", f"The key comes from {KEY_VARIABLE}.")
        if await self._read(profile.name):
            return KeyPlace("keyring", "The key is kept in the system keyring.")
        return KeyPlace("none", "No key yet.")

    async def _why_not_kept(self, name: str, key: str, fault: KeyStoreError) -> str:
        """In words; a keyring that can be read at the same time is neither locked nor missing."""
        try:
            await _in_thread(lambda: _keyring().get_password(_SERVICE, name))
        except KeyStoreError:
            return fault.message
        if len(key) > _WINDOWS_MOST:
            return (
                f"The system keyring doesn't take a key of {len(key):,} characters;"
                f" that of Windows keeps {_WINDOWS_MOST:,}."
            )
        return "The system keyring didn't take the key."

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
    """The result of a keyring call, which may hang without holding up the exit."""
    try:
        return await asyncio.wait_for(on_own_thread(lambda: _said(call), "keyring"), _TIMEOUT)
    except TimeoutError as fault:
        raise KeyStoreError("The system keyring doesn't answer.") from fault


def _said(call: Callable[[], T]) -> T:
    try:
        return call()
    except KeyStoreError:
        raise
    except Exception as fault:  # backends raise whatever their D-Bus or OS binding raises
        raise KeyStoreError("The system keyring is locked or missing.", cause=type(fault).__name__) from fault
