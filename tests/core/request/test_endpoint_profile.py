"""Endpoint profiles: where they point, and what keeps one from being used."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile, Timeouts


def profile(base_url: str = "https://api.example.com/v1", **changes: object) -> EndpointProfile:
    return msgspec.convert({"name": "Studio", "base_url": base_url, **changes}, EndpointProfile)


def problem_of(found: EndpointProfile) -> tuple[str, str]:
    (problem,) = found.problems()
    return problem.field, problem.message


# --- where edits go


@pytest.mark.parametrize(
    ("base_url", "path", "url"),
    [
        ("https://api.openai.com/v1", "/images/edits", "https://api.openai.com/v1/images/edits"),
        ("https://api.openai.com/v1/", "images/edits", "https://api.openai.com/v1/images/edits"),
        (" https://h.example/v1 ", "/image/edits", "https://h.example/v1/image/edits"),
        ("http://[::1]:8080", "/v1/images/edits", "http://[::1]:8080/v1/images/edits"),
    ],
)
def test_url_of_base_and_path_joins_them_with_one_slash(base_url, path, url):
    assert profile(base_url, path=path).url == url


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://API.Example.com:8443/v1", "api.example.com"),
        ("http://[::1]:8080/v1", "::1"),
        ("", ""),
        ("https://[broken", ""),
    ],
)
def test_host_of_an_address_is_the_server_name(base_url, host):
    assert profile(base_url).host == host


# --- addresses


@pytest.mark.parametrize(
    "base_url",
    [
        "https://api.openai.com/v1",
        "https://api.example.com",
        "https://api.example.com:8443/v1/",
        "HTTPS://API.EXAMPLE.COM/v1",
        "https://10.0.0.5/v1",
        "https://[2001:db8::1]:443/v1",
        "https://bücher.example/v1",
        "https://gpu_node-7/v1",
        "https://res.openai.azure.com/openai/deployments/edit-1",
        "http://127.0.0.1:8080/v1",
        "http://localhost/v1",
        "http://LOCALHOST:5000/v1",
        "http://[::1]:8080/v1",
    ],
)
def test_problems_of_a_good_address_are_none(base_url):
    assert profile(base_url).problems() == ()


@pytest.mark.parametrize(
    ("base_url", "said", "suggestion"),
    [
        ("", "Type the address of Studio", ""),
        ("   ", "Type the address of Studio", ""),
        ("api.example.com/v1", "starts with https://", "https://api.example.com/v1"),
        ("//api.example.com/v1", "starts with https://", "https://api.example.com/v1"),
        ("localhost:8080/v1", "starts with https://", "https://localhost:8080/v1"),
        ("ftp://api.example.com", "starts with https://", "https://"),
        ("file:///etc/passwd", "starts with https://", "https://"),
        ("https://", "starts with https://", "https://"),
        ("https:///v1", "starts with https://", "https://"),
        ("https://:443/v1", "starts with https://", "https://"),
        ("https://api.example.com:99999/v1", "can't be read", "https://"),
        ("https://api.example.com:port/v1", "can't be read", "https://"),
        ("https://[::1/v1", "can't be read", "https://"),
        ("https://[nonsense]/v1", "can't be read", "https://"),
        ("https://api example.com/v1", "holds no spaces", "https://apiexample.com/v1"),
        ("https://api.exa\nmple.com/v1", "holds no spaces", "https://api.example.com/v1"),
        ("https://api..example.com/v1", "“api..example.com” is no name", "https://"),
        ("https://<host>/v1", "“<host>” is no name", "https://"),
        ("https://{resource}.openai.azure.com", "is no name", "https://"),
        ("https://key@api.example.com/v1", "Leave the key out", ""),
        ("https://user:key@api.example.com/v1", "Leave the key out", ""),
        ("https://@api.example.com/v1", "Leave the key out", ""),
        ("https://api.example.com/v1?api-version=preview", "query fields", "https://api.example.com/v1"),
        ("https://api.example.com/v1#edits", "query fields", "https://api.example.com/v1"),
        (
            "https://api.example.com/v1/images/edits",
            "ends before /images/edits",
            "https://api.example.com/v1",
        ),
        (
            "https://api.example.com/v1/images/edits/",
            "ends before /images/edits",
            "https://api.example.com/v1",
        ),
        (
            "https://api.example.com/v1/images/generations",
            "ends before /images/generations, /images/edits is what is added to it",
            "https://api.example.com/v1",
        ),
        ("https://h.example/v1/chat/completions/", "before /chat/completions", "https://h.example/v1"),
        ("https://h.example/v1/completions", "ends before /completions", "https://h.example/v1"),
        ("https://h.example/v1/image/edits", "ends before /image/edits", "https://h.example/v1"),
        ("https://h.example/v1/models", "ends before /models", "https://h.example/v1"),
        ("http://0.0.0.0:8000/v1", "reached at 127.0.0.1", "http://127.0.0.1:8000/v1"),
        ("http://[::]:8000/v1", "reached at 127.0.0.1", "http://127.0.0.1:8000/v1"),
        ("http://api.example.com/v1", "Plain http", "https://api.example.com/v1"),
        ("HTTP://api.example.com/v1", "Plain http", "https://api.example.com/v1"),
        ("http://127.0.0.1.example.com/v1", "Plain http", "https://127.0.0.1.example.com/v1"),
        ("http://[2001:db8::1]/v1", "Plain http", "https://[2001:db8::1]/v1"),
    ],
)
def test_problems_of_a_bad_address_say_why_and_suggest(base_url, said, suggestion):
    (problem,) = profile(base_url).problems()

    assert problem.field == "base_url"
    assert said in problem.message
    assert problem.suggestion == suggestion


def test_problems_of_a_profile_without_a_name_speak_of_the_service():
    assert problem_of(EndpointProfile("")) == (
        "base_url",
        "Type the address of the service in the endpoint settings.",
    )


def test_problems_of_plain_http_that_the_user_allowed_are_none():
    assert profile("http://studio.lan:8000/v1", allow_plain_http=True).problems() == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mask_field": 'mask"; x="'}, "mask_field"),
        ({"mask_field": "mask image"}, "mask_field"),
        ({"mask_field": ""}, "mask_field"),
        ({"formats": ("png", "gif")}, "formats"),
    ],
)
def test_problems_of_what_a_server_can_not_be_sent_stand_beside_their_field(changes, field):
    assert problem_of(profile(**changes))[0] == field


@pytest.mark.parametrize("pictures", [0, 17, -1])
def test_problems_of_a_number_of_pictures_that_no_server_looks_at_say_the_range(pictures):
    (problem,) = msgspec.structs.replace(profile(), max_pictures=pictures).problems()

    assert (problem.field, problem.suggestion) == ("max_pictures", "16")


@given(st.text(max_size=60) | st.text(alphabet="htps:/@[]?#.-%\\ 0a", max_size=30))
def test_problems_of_any_address_never_fail(base_url):
    found = profile(base_url)

    for problem in found.problems():
        assert (problem.field, problem.message != "") == ("base_url", True)


@given(st.text(alphabet="htps:/@[]?#.-%\\ 0a", max_size=30).map("https://".__add__))
def test_an_address_without_problems_names_a_host_and_no_user(base_url):
    found = profile(base_url)

    if not found.problems():
        assert found.host
        assert "@" not in found.url.partition("://")[2].partition("/")[0]


# --- the other fields


@pytest.mark.parametrize("path", ["/images/edits?api-version=preview", "/images/edits#x"])
def test_problems_of_a_path_with_a_query_suggest_the_bare_path(path):
    (problem,) = profile(path=path).problems()

    assert (problem.field, problem.suggestion) == ("path", "/images/edits")


def test_problems_of_a_path_with_spaces_name_the_path():
    assert problem_of(profile(path="/images/ edits")) == ("path", "A path holds no spaces.")


@pytest.mark.parametrize("name", ["Authorization", "api-key", "Content-Type", "HOST", "Proxy-Authorization"])
def test_problems_of_a_header_overpaint_writes_itself_name_it(name):
    field, message = problem_of(profile(headers={name: "x"}))

    assert field == "headers"
    assert name in message


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Team", "a\r\nX-Evil: 1"), ("X Team", "a"), ("", "a"), ("X:Y", "a"), ("X-Team", "ä")],
)
def test_problems_of_a_header_that_cannot_be_sent_name_it(name, value):
    field, message = problem_of(profile(headers={name: value}))

    assert field == "headers"
    assert f"“{name}”" in message


@pytest.mark.parametrize("name", ["Connection", "TE", "transfer-encoding", "Expect", "Accept-Encoding"])
def test_problems_of_a_header_of_the_transfer_itself_name_it_and_no_key(name):
    assert problem_of(profile(headers={name: "x"})) == (
        "headers",
        f"Overpaint writes the header {name} itself.",
    )


@pytest.mark.parametrize("name", ["X~Team", "X!", "X#1", "X|Y", "X.Y"])
def test_problems_of_a_header_name_no_request_could_carry_name_it(name):
    assert problem_of(profile(headers={name: "a"}))[0] == "headers"


def test_problems_of_ordinary_headers_are_none():
    assert profile(headers={"OpenAI-Organization": "org-1", "X-Empty": ""}).problems() == ()


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("which", ["connect", "read", "total"])
def test_problems_of_an_impossible_timeout_name_it(which, seconds):
    found = EndpointProfile("Studio", "https://api.example.com", timeouts=Timeouts(**{which: seconds}))

    assert problem_of(found)[0] == f"timeouts.{which}"


@pytest.mark.parametrize("multiplier", [-0.1, float("nan"), float("inf")])
def test_problems_of_an_impossible_price_multiplier_name_it(multiplier):
    found = EndpointProfile("Studio", "https://api.example.com", price_multiplier=multiplier)

    assert problem_of(found)[0] == "price_multiplier"


def test_problems_of_every_wrong_number_come_together():
    waits = Timeouts(connect=float("nan"), read=5.0, total=0.0)
    found = EndpointProfile("Studio", "https://api.example.com", timeouts=waits, price_multiplier=-1)

    assert [one.field for one in found.problems()] == [
        "timeouts.connect",
        "timeouts.total",
        "price_multiplier",
    ]


@pytest.mark.parametrize(
    "proxy", ["proxy.lan:3128", "socks5://proxy.lan", "http://", "http:///", "http://proxy lan", "none"]
)
def test_problems_of_a_proxy_that_is_no_address_name_it(proxy):
    assert problem_of(profile(proxy=proxy)) == (
        "proxy",
        "A proxy starts with http:// or https:// and a host name.",
    )


@pytest.mark.parametrize(
    "proxy", ["", "http://proxy.lan:3128", "HTTPS://proxy.lan/", "http://[::1]:8080", "http://a:b@proxy.lan"]
)
def test_problems_of_a_good_proxy_are_none(proxy):
    assert profile(proxy=proxy).problems() == ()


def test_problems_of_several_fields_come_together():
    found = profile("", path="/a b", headers={"Host": "x"}, price_multiplier=-1)

    assert [problem.field for problem in found.problems()] == [
        "base_url",
        "path",
        "headers",
        "price_multiplier",
    ]


# --- those that ship


def test_built_in_profiles_start_with_the_offline_engine_which_needs_nothing():
    first = BUILT_IN[0]

    assert first.name == OFFLINE
    assert first.is_offline
    assert first.problems() == ()


def test_built_in_openai_is_ready_and_agcloud_asks_for_its_address():
    by_name = {one.name: one for one in BUILT_IN}

    assert by_name["OpenAI"].url == "https://api.openai.com/v1/images/edits"
    assert by_name["OpenAI"].problems() == ()
    assert [problem.field for problem in by_name["AGCloud"].problems()] == ["base_url"]


ADDRESSES = {
    "AGCloud": "https://api.agcloud.example/v1",
    "Azure OpenAI": "https://studio.openai.azure.com/openai/v1",
    "LiteLLM": "http://127.0.0.1:4000/v1",
    "SGLang": "http://127.0.0.1:30000/v1",
    "vLLM-Omni": "http://127.0.0.1:8091/v1",
}
"""What the user types for the profiles that ship without an address."""


def built_in(name):
    (found,) = (one for one in BUILT_IN if one.name == name)
    return found


@pytest.mark.parametrize("name", ADDRESSES)
def test_built_in_profile_without_an_address_says_which_one_to_type_and_then_is_ready(name):
    shipped = built_in(name)

    assert [problem.field for problem in shipped.problems()] == ["base_url"]
    assert shipped.note
    assert msgspec.structs.replace(shipped, base_url=ADDRESSES[name]).problems() == ()


def test_built_in_names_differ_in_more_than_case():
    assert len({one.name.casefold() for one in BUILT_IN}) == len(BUILT_IN)


def test_built_in_azure_sends_its_key_in_its_own_header_and_asks_for_the_version():
    azure = built_in("Azure OpenAI")

    assert (azure.auth, azure.query, azure.image_field, azure.true_word) == (
        "api-key",
        {"api-version": "preview"},
        "image[]",
        "True",
    )


def test_built_in_litellm_is_not_asked_to_stream_and_says_why():
    assert built_in("LiteLLM").streams == "no"
    assert "billed" in built_in("LiteLLM").note


@pytest.mark.parametrize("name", ["SGLang", "vLLM-Omni"])
def test_built_in_servers_that_answer_with_addresses_are_asked_for_the_bytes(name):
    server = built_in(name)

    assert (server.response_format, server.streams) == ("b64_json", "no")


def test_built_in_stable_diffusion_runs_here_and_needs_no_key():
    local = built_in("stable-diffusion.cpp")

    assert local.problems() == ()
    assert (local.host, local.auth, local.streams, local.image_field) == (
        "127.0.0.1",
        "none",
        "no",
        "image[]",
    )


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/images/edits", "/image/edits"),
        ("/image/edits", "/images/edits"),
        ("/proxy/images/edits", "/proxy/image/edits"),
        ("/edits", ""),
    ],
)
def test_other_path_of_a_profile_is_the_other_common_spelling(path, other):
    assert profile(path=path).other_path == other


def test_profile_survives_a_settings_file():
    found = profile(headers={"X-Team": "a"}, timeouts={"read": 30.0}, drop_fields=["moderation"])

    assert msgspec.toml.decode(msgspec.toml.encode(found), type=EndpointProfile) == found


@pytest.mark.parametrize(
    "wrong", [{"auth": "basic"}, {"streams": "maybe"}, {"image_field": "pictures"}, {"key": "sk"}]
)
def test_profile_with_a_value_no_server_knows_is_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        profile(**wrong)


@pytest.mark.parametrize("name", ["SGLang", "vLLM-Omni", "stable-diffusion.cpp", "Lemonade", "Xinference"])
def test_built_in_server_of_ones_own_bills_nobody(name):
    assert built_in(name).price_multiplier == 0
