"""Tries an endpoint without spending: does it answer, and does it take the key."""

from overpaint.core.errors import KeyRefused
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config.key_store import KEY_VARIABLE, KeyStore


async def try_connection(profile: EndpointProfile, typed: str, keys: KeyStore) -> str:
    """What the endpoint says, in words; ``typed`` is a key that isn't kept yet, or ``""``.

    Raises the :class:`EditError` that an edit would meet there.
    """
    from overpaint.api import probe  # httpx loads here, when it is first needed

    key = ""
    if profile.auth != "none":
        key = typed.strip() or await keys.get(profile)
        if not key:
            step = f"Type it above, set {KEY_VARIABLE}, or say that this server needs none."
            raise KeyRefused(f"{profile.host_words} needs a key.", next_step=step)
    return await probe.test_connection(profile, key)
