"""Whom a secure connection trusts: the usual authorities, the system's, and the endpoint's own.

``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` stand in for the usual authorities, as in OpenSSL's other programs.
"""

import logging
import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import certifi

from overpaint.core.errors import NotAllowed

_log = logging.getLogger(__name__)


def trusting_nobody() -> ssl.SSLContext:
    """For connections without TLS, which need none; reading certificates takes 20 ms and more."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def trusting_authorities(ca_file: str, environment: Mapping[str, str] = os.environ) -> ssl.SSLContext:
    """What a connection trusts; ``ca_file`` is the endpoint's own, ``""`` for none. Blocks.

    Raises :class:`NotAllowed`, naming the setting or variable, for certificates that can't be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.version_info >= (3, 13):  # as Python's own default has it from then on
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    _log_secrets(context, environment.get("SSLKEYLOGFILE", ""))
    if file := environment.get("SSL_CERT_FILE", ""):
        message = f"SSL_CERT_FILE names a file that can't be read: {Path(file).name}."
        _load(context, file, message, "Unset it, or let it name a file of certificates that is there.")
    elif folders := environment.get("SSL_CERT_DIR", ""):
        _load_folders(context, folders)
    else:
        context.load_verify_locations(cafile=certifi.where())
    context.load_default_certs()  # what the system trusts besides, such as a company's own authority
    if ca_file:
        place = str(Path(ca_file).expanduser())
        message = "The certificate file of this endpoint can't be read."
        _load(context, place, message, "Correct it in the endpoint settings.")
    return context


def _load(context: ssl.SSLContext, file: str, message: str, next_step: str) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except (OSError, ValueError) as fault:  # an SSLError is an OSError
        raise NotAllowed(message, cause=f"{file}: {fault}", next_step=next_step) from fault


def _load_folders(context: ssl.SSLContext, folders: str) -> None:
    """OpenSSL says nothing of folders that aren't there: it would trust nobody, and blame the server."""
    present = [one for one in folders.split(os.pathsep) if one and Path(one).is_dir()]
    if not present:
        raise NotAllowed(
            "SSL_CERT_DIR names a folder that isn't there.",
            cause=folders,
            next_step="Unset it, or let it name a folder of certificates.",
        )
    for folder in present:
        context.load_verify_locations(capath=folder)


def _log_secrets(context: ssl.SSLContext, file: str) -> None:
    """Where somebody looks into connections of their own; one that can't be written is no reason to fail."""
    if not file:
        return
    try:
        context.keylog_filename = file
    except (OSError, ValueError) as fault:
        _log.warning("SSLKEYLOGFILE can't be written: %s", fault)
