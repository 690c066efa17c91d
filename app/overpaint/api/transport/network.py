"""The HTTP library's way to the network: replies in any framing, and time-outs that a stop doesn't use up."""

import ssl
from collections.abc import Iterable

import httpcore
import httpx

from overpaint.api.transport.awake_time import awake_timeout
from overpaint.api.transport.reply_framing import ReplyFraming


class Transport(httpx.AsyncHTTPTransport):
    """What an HTTP client sends by; a connection serves one request.

    ``proxy`` is the way out, if there is one; ``context`` says whom a secure connection trusts.
    """

    def __init__(self, proxy: httpx.Proxy | None, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        network = _Network()
        if proxy is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=context,
                max_connections=None,
                max_keepalive_connections=0,
                network_backend=network,
            )
            return
        way = proxy.url
        self._pool = httpcore.AsyncHTTPProxy(
            httpcore.URL(scheme=way.raw_scheme, host=way.raw_host, port=way.port, target=way.raw_path),
            proxy_auth=proxy.raw_auth,
            proxy_headers=proxy.headers.raw,
            proxy_ssl_context=proxy.ssl_context,
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=network,
        )


class _Network(httpcore.AsyncNetworkBackend):
    """Opens connections."""

    def __init__(self) -> None:
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._sockets.connect_tcp(host, port, timeout, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._sockets.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """One connection; TLS and proxies put one on top of another, each with a reply of its own."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._framing = ReplyFraming()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        while True:
            try:
                async with awake_timeout(timeout):
                    data = await self._stream.read(max_bytes)
            except TimeoutError as fault:
                raise httpcore.ReadTimeout(str(fault)) from fault
            handed_on = self._framing.feed(data) if data else self._framing.end()
            if handed_on or not data:
                return handed_on

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        try:
            async with awake_timeout(timeout):
                await self._stream.write(buffer)
        except TimeoutError as fault:
            raise httpcore.WriteTimeout(str(fault)) from fault

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
