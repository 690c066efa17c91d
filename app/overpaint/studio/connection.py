"""Tries an endpoint without spending: does it answer, and does it take the key."""

from overpaint.core.endpoint import EndpointProfile
from overpaint.studio.keys import KeyStore


async def try_connection(profile: EndpointProfile, typed: str, keys: KeyStore) -> str:
    """What the endpoint says, in words; ``typed`` is a key that isn't kept yet, or ``""``.

    Raises the :class:`EditError` that an edit would meet there.
    """
    from overpaint.api import probe  # httpx loads here, when it is first needed

    key = typed.strip() or ("" if profile.auth == "none" else await keys.get(profile))
    return await probe.test_connection(profile, key)
