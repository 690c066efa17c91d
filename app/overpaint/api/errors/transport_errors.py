"""Turns what goes wrong on the way, before any reply says so, into typed errors with words."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import httpx

from overpaint.api.errors.request_context import RequestContext, host_words
from overpaint.api.proxies import ENDPOINT_SETTINGS, proxy_for
from overpaint.core.errors import ConnectionFailed, EditError, NotAllowed, OutcomeUnknown, StreamCut, TimedOut

_NETWORK = "Look at the network connection, and at address and proxy in the endpoint settings."
_OWN_WORD = "Look in the service's own history for the picture before you try again."


class Progress(Protocol):
    """How far a request has come, as far as its failures depend on it."""

    origin: RequestContext
    connected: bool
    """Whether the body began to leave."""
    answered: bool
    """Whether the reply's head has come."""


@contextmanager
def map_transport_errors(progress: Progress) -> Iterator[None]:
    """Raises the transport's failures inside as ``EditError``, by how far the request had come."""
    try:
        yield
    except httpx.TransportError as fault:
        raise transport_error(fault, progress) from fault
    except httpx.InvalidURL as fault:
        raise NotAllowed("This address can't be read.", cause=str(fault), next_step=_NETWORK) from fault
    except TimeoutError as fault:
        raise _deadline(progress) from fault
    except httpx.DecodingError as fault:
        raise _lost(fault, progress) from fault


def transport_error(fault: httpx.TransportError, progress: Progress) -> EditError:
    """The error for one failure of the transport."""
    if isinstance(fault, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        origin = progress.origin
        return NotAllowed(
            "The request can't be put into HTTP as the endpoint settings have it.",
            cause=origin.clean(str(fault)),
            next_step="Look at the address and the extra headers in the endpoint settings.",
        )
    if not progress.connected and not progress.answered:
        return _unreached(fault, progress.origin)
    if isinstance(fault, httpx.TimeoutException):
        return _silence(fault, progress)
    return _lost(fault, progress)


@dataclass(frozen=True, slots=True)
class _Unreached:
    """A way of not being reached: what is said after "Couldn't reach HOST", and the code for it."""

    code: str
    why: str
    next_step: str = _NETWORK


_TIMEOUT = _Unreached("connect_timeout", "it didn't answer within {connect:g} s")
_PROXY = _Unreached("proxy", "that refused", "Look at the proxy in the endpoint settings.")
_NAME = _Unreached("unknown_name", "there is no server of that name, or no network")
_REFUSED = _Unreached("refused", "nothing listens at that address")
_HANDSHAKE = _Unreached(
    "handshake", "no secure connection came about", "See whether its address starts with https."
)
_ANY = _Unreached("unreachable", "the connection failed")
_OFFLINE_STEP = "Start Overpaint again; that starts the engine anew."

_TRUST = "Find out why before you send anything; a company's own authority goes into the endpoint settings."
_CERTIFICATES = {
    10: _Unreached("certificate_expired", "its certificate has expired", _TRUST),
    9: _Unreached(
        "certificate_not_yet_valid", "its certificate isn't valid yet: is the clock right?", _TRUST
    ),
    18: _Unreached("certificate_self_signed", "its certificate is signed by nobody but itself", _TRUST),
    19: _Unreached("certificate_self_signed", "its certificate is signed by somebody unknown", _TRUST),
    20: _Unreached("certificate_unknown", "its certificate is signed by somebody unknown", _TRUST),
    62: _Unreached("certificate_wrong_host", "its certificate belongs to another server", _TRUST),
    64: _Unreached("certificate_wrong_host", "its certificate belongs to another server", _TRUST),
}
"""By OpenSSL's verification codes (``X509_V_ERR_…`` in x509_vfy.h)."""
_BAD_CERTIFICATE = _Unreached("certificate", "its certificate can't be trusted", _TRUST)


def _unreached(fault: httpx.TransportError, origin: RequestContext) -> ConnectionFailed:
    way = _way(fault)
    profile = origin.profile
    why = way.why.format(connect=profile.timeouts.connect)
    proxy = proxy_for(profile, httpx.URL(profile.url))
    through, next_step = "", _OFFLINE_STEP if profile.is_offline else way.next_step
    if proxy is not None and proxy.source == ENDPOINT_SETTINGS:
        through = " through its proxy"
    elif proxy is not None:
        through = f" through the proxy in {proxy.source}"
        next_step = (
            f"Look at {proxy.source} and the network connection, or name a proxy in the endpoint settings."
        )
    return ConnectionFailed(
        f"Couldn't reach {host_words(profile)}{through}: {why}.",
        cause=origin.clean(_cause(fault)),
        next_step=next_step,
        code=way.code,
    )


def _way(fault: httpx.TransportError) -> _Unreached:
    if isinstance(fault, httpx.TimeoutException):
        return _TIMEOUT
    if isinstance(fault, httpx.ProxyError):
        return _PROXY
    for one in _chain(fault):
        match one:
            case ssl.SSLCertVerificationError():
                return _CERTIFICATES.get(one.verify_code, _BAD_CERTIFICATE)
            case ssl.SSLError():
                return _HANDSHAKE
            case socket.gaierror():
                return _NAME
            case ConnectionRefusedError():
                return _REFUSED
    return _ANY


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """A failure and everything it came from, groups included."""
    seen: set[int] = set()
    waiting = [fault]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _cause(fault: BaseException) -> str:
    words = dict.fromkeys(str(one) or type(one).__name__ for one in _chain(fault))
    return "; ".join(words)[:400]


def _silence(fault: httpx.TransportError, progress: Progress) -> EditError:
    origin = progress.origin
    host, seconds = host_words(origin.profile), origin.profile.timeouts.read
    if not origin.left:
        return _upload_failed(origin, f"{host} took nothing more for {seconds:g} s", fault)
    return TimedOut(
        f"Nothing came from {host} for {seconds:g} s. This may have been billed.",
        cause=_cause(fault),
        next_step=_OWN_WORD,
        request_id=origin.request_id,
        may_have_been_billed=True,
    )


def _deadline(progress: Progress) -> EditError:
    origin = progress.origin
    host, minutes = host_words(origin.profile), origin.profile.timeouts.total / 60
    limit = f"{minutes:g} minutes" if minutes >= 1 else f"{origin.profile.timeouts.total:g} s"
    if not origin.left:
        return _upload_failed(origin, f"it took longer than {limit} in all", None)
    return TimedOut(
        f"The edit at {host} wasn't finished within {limit}. This may have been billed.",
        cause="the endpoint's total time-out",
        next_step=_OWN_WORD,
        request_id=origin.request_id,
        may_have_been_billed=True,
    )


def _lost(fault: Exception, progress: Progress) -> EditError:
    origin = progress.origin
    host = host_words(origin.profile)
    if not origin.left:
        return _upload_failed(origin, f"{host} closed the connection", fault)
    if progress.answered:
        return cut(origin, _cause(fault))
    return OutcomeUnknown(
        f"The connection to {host} was lost before an answer came. This may have been billed.",
        cause=_cause(fault),
        next_step=_OWN_WORD,
        may_have_been_billed=True,
    )


def cut(origin: RequestContext, cause: str, done: int = 0, wanted: int = 1) -> StreamCut:
    """The error for a reply that ended before its pictures were complete; ``done`` of ``wanted`` are."""
    what = f"after {done} of {wanted} pictures" if done else "before the picture was complete"
    return StreamCut(
        f"The reply of {host_words(origin.profile)} stopped {what}. This may have been billed.",
        cause=origin.clean(cause),
        next_step=_OWN_WORD,
        status=origin.status,
        request_id=origin.request_id,
        may_have_been_billed=True,
    )


def _upload_failed(origin: RequestContext, why: str, fault: Exception | None) -> ConnectionFailed:
    return ConnectionFailed(
        f"The upload didn't get through: {why}. Nothing was billed.",
        cause=origin.clean(_cause(fault)) if fault else "the endpoint's total time-out",
        next_step="Try again; fewer or smaller pictures upload sooner.",
        code="upload",
    )
