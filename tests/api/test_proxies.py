"""The proxy that a request goes through, by curl's rules, and no fault of what isn't used."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.wire import plain, profile
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.api.proxies import Proxy, proxy_for
from overpaint.core.errors import ConnectionFailed, NotAllowed
from overpaint.core.request.endpoint_profile import EndpointProfile

FAR = "https://api.example.com/v1/images/edits"
GOOD = "http://proxy.lan:3128"


def chosen(url: str, **environment: str) -> Proxy | None:
    return proxy_for(EndpointProfile("Far", url), httpx.URL(url), environment)


@pytest.mark.parametrize(
    ("url", "environment", "proxy"),
    [
        (FAR, {}, ""),
        (FAR, {"https_proxy": GOOD}, GOOD),
        (FAR, {"HTTPS_PROXY": GOOD}, GOOD),
        (FAR, {"http_proxy": GOOD}, ""),
        ("http://h.example/v1", {"http_proxy": GOOD}, GOOD),
        ("http://h.example/v1", {"https_proxy": GOOD}, ""),
        (FAR, {"ALL_PROXY": GOOD}, GOOD),
        (FAR, {"all_proxy": "http://other.lan:1", "https_proxy": GOOD}, GOOD),
        (FAR, {"https_proxy": GOOD, "HTTPS_PROXY": "http://other.lan:1"}, GOOD),
        (FAR, {"https_proxy": "", "all_proxy": GOOD}, ""),
        (FAR, {"https_proxy": "proxy.lan:3128"}, GOOD),
        (FAR, {"https_proxy": " http://proxy.lan:3128/ "}, GOOD),
        (FAR, {"https_proxy": "https://proxy.lan:443"}, "https://proxy.lan"),
        (FAR, {"https_proxy": "http://[2001:db8::7]:3128"}, "http://[2001:db8::7]:3128"),
        # What stands beside the one that is used is nobody's business.
        (FAR, {"ALL_PROXY": "socks://127.0.0.1:7890/", "HTTPS_PROXY": GOOD}, GOOD),
        (FAR, {"HTTP_PROXY": "socks5://127.0.0.1:7890/", "HTTPS_PROXY": GOOD}, GOOD),
        ("http://127.0.0.1:80/v1", {"ALL_PROXY": "socks://127.0.0.1:7890/"}, ""),
        ("http://localhost:80/v1", {"ALL_PROXY": "nonsense"}, ""),
        ("http://[::1]:80/v1", {"http_proxy": "nonsense://"}, ""),
        (FAR, {"ALL_PROXY": "socks://127.0.0.1:7890/", "NO_PROXY": "example.com"}, ""),
    ],
)
def test_proxy_of_the_environment_is_the_one_that_curl_takes(url, environment, proxy):
    found = chosen(url, **environment)

    assert (found.url if found else "") == proxy


@pytest.mark.parametrize(
    ("url", "listed", "exempt"),
    [
        (FAR, "*", True),
        (FAR, "api.example.com", True),
        (FAR, "API.Example.COM.", True),
        (FAR, "example.com", True),
        (FAR, ".example.com", True),
        (FAR, "*.example.com", True),
        (FAR, "localhost, 127.0.0.1 ,example.com", True),
        (FAR, "localhost example.com", True),
        (FAR, "ample.com", False),
        (FAR, "example.org", False),
        (FAR, "com", True),
        (FAR, "", False),
        (FAR, ".", False),
        (FAR, "api.example.com:443", True),
        (FAR, "api.example.com:8443", False),
        ("https://api.example.com:8443/v1", "api.example.com:8443", True),
        ("https://10.1.2.3/v1", "10.0.0.0/8", True),
        ("https://10.1.2.3/v1", "10.1.2.3", True),
        ("https://10.1.2.3/v1", "10.1.2.3:443", True),
        ("https://10.1.2.3/v1", "192.168.0.0/16", False),
        ("https://10.1.2.3/v1", "2.3", False),
        ("https://10.1.2.3/v1", "10.0.0.0/99,10.1.2.3", True),
        ("https://[2001:db8::1]/v1", "2001:db8::1", True),
        ("https://[2001:db8::1]/v1", "[2001:db8::1]", True),
        ("https://[2001:db8::1]/v1", "[2001:DB8:0::1]:443", True),
        ("https://[2001:db8::1]/v1", "2001:db8::/32", True),
        ("https://[2001:db8::1]/v1", "[2001:db8::]/32", True),
        ("https://[2001:db8::1]/v1", "fe80::/10", False),
        # What people have in it, and what nobody can read, concerns no other host.
        (FAR, "localhost,127.0.0.1,::1,[::1]", False),
        (FAR, "[::1,fe80::/10,]:[,//,:,::::,%zz,<local>", False),
        (FAR, "[::1,fe80::/10,<local>,api.example.com", True),
    ],
)
def test_no_proxy_means_the_hosts_that_curl_takes_it_to_mean(url, listed, exempt):
    assert (chosen(url, all_proxy=GOOD, no_proxy=listed) is None) == exempt
    assert (chosen(url, all_proxy=GOOD, NO_PROXY=listed) is None) == exempt


@given(
    st.text(max_size=40) | st.text("[]:.,/*%0a f", max_size=24), st.sampled_from([FAR, "https://[fe80::1]/"])
)
def test_no_proxy_of_any_kind_fails_never(listed, url):
    chosen(url, https_proxy=GOOD, no_proxy=listed)


@given(st.text(max_size=40) | st.text("htps:/@[]?#.-%\\ 0a", max_size=30))
def test_proxy_of_any_kind_is_one_or_refused_in_words_that_name_the_variable(text):
    refused, found = None, None
    try:
        found = chosen(FAR, HTTPS_PROXY=text)
    except NotAllowed as fault:
        refused = fault

    assert refused is None or ("HTTPS_PROXY" in refused.message and refused.cause == "")
    assert found is None or httpx.URL(found.url).host


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ALL_PROXY", "socks://127.0.0.1:7890/", "is a SOCKS proxy"),
        ("all_proxy", "socks5h://127.0.0.1:7890", "is a SOCKS proxy"),
        ("HTTPS_PROXY", "ftp://proxy.lan", "is neither an http nor an https one"),
        ("HTTPS_PROXY", "http://", "isn't written like"),
        ("https_proxy", "http://pro xy.lan", "isn't written like"),
        ("https_proxy", "http://proxy.lan:99999", "has no address"),
    ],
)
def test_proxy_that_would_be_used_and_can_not_is_refused_by_its_variable(name, value, why):
    with pytest.raises(NotAllowed, match=rf"The proxy in {name} can't be used: it {why}"):
        chosen(FAR, **{name: value})


@pytest.mark.parametrize(
    ("written", "login"),
    [
        ("http://ada:p%40ss@proxy.lan:3128", ("ada", "p@ss")),
        ("http://ada:p#ss@proxy.lan:3128", ("ada", "p#ss")),
        ("http://ada:p@s/s?@proxy.lan:3128", ("ada", "p@s/s?")),
        ("http://ada@proxy.lan:3128", ("ada", "")),
        ("ada:secret@proxy.lan:3128", ("ada", "secret")),
    ],
)
def test_proxy_with_a_password_is_taken_whatever_the_password_holds_and_does_not_show_it(written, login):
    found = chosen(FAR, https_proxy=written)

    assert found is not None
    assert (found.url, found.login) == (GOOD, login)
    assert login[1] not in repr(found) or not login[1]


async def test_proxy_of_the_environment_is_told_its_password_and_takes_the_edit(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FaultServer(Script(body=plain(PNG))) as proxy:
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1,::1,[::1]")
        monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:7890/")
        monkeypatch.setenv("http_proxy", f"http://ada:p#ss@127.0.0.1:{proxy.port}")
        ended = await outcome(client, request_of(), profile("http://far.invalid/v1", allow_plain_http=True))

    assert [one.data for one in ended.pictures] == [PNG]
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic YWRhOnAjc3M="


async def test_proxy_of_the_environment_that_is_not_there_is_named_by_its_variable(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_tcp_port}")

    ended = await outcome(client, request_of(), profile("https://far.invalid/v1"))

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == (
        "Couldn't reach far.invalid through the proxy in HTTPS_PROXY: nothing listens at that address."
    )
    assert "HTTPS_PROXY" in ended.failure.next_step
