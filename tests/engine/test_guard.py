"""The engine answers its owner only: every combination of host, origin, token and method."""

import http.client
import itertools

import pytest
from tests.engine.serving import Engine

HOSTS = {"own": True, "localhost": True, "far": False, "port": False, "empty": False}
ORIGINS = {None: True, "null": False, "https://example.com": False, "own": False}
TOKENS = {"right": True, "wrong": False, "none": False, "longer": False, "basic": False, "empty": False}
METHODS = ["GET", "POST", "OPTIONS", "PUT"]
MATRIX = list(itertools.product(HOSTS, ORIGINS, TOKENS, METHODS))


def test_request_when_anything_is_not_the_owners_then_401_or_403(engine: Engine):
    wrong = [(cell, status) for cell in MATRIX if (status := _status(engine, *cell)) != _expected(*cell)]

    assert wrong == []


@pytest.mark.parametrize("path", ["/v1/images/edits", "/v1/models", "/health", "/", "/nothing"])
def test_path_when_no_token_is_given_then_401_wherever(engine: Engine, path: str):
    connection = http.client.HTTPConnection(engine.netloc, timeout=10)

    connection.request("POST", path, body=b"x" * 100_000)

    assert connection.getresponse().status == 401
    connection.close()


def test_reply_when_refused_then_it_repeats_no_key_and_allows_no_page(engine: Engine):
    with engine.client(Authorization="Bearer sk-canary-7391") as client:
        reply = client.get("/models", headers={"Origin": "https://example.com"})

    assert "canary" not in reply.text
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_reply_when_any_then_it_has_a_request_id_of_its_own(engine: Engine):
    with engine.client() as client:
        ids = {client.get(path).headers["x-request-id"] for path in ("/models", "/nothing", "/models")}

    assert len(ids) == 3
    assert all(one.startswith("req_") for one in ids)


def test_reply_when_the_key_is_wrong_then_the_services_error(engine: Engine):
    with engine.client(Authorization="Bearer nonsense") as client:
        reply = client.get("/models")

    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "invalid_api_key")


def _expected(host: str, origin: str | None, token: str, method: str) -> int:
    if not (HOSTS[host] and ORIGINS[origin]):
        return 403
    if not TOKENS[token]:
        return 401
    return 200 if method == "GET" else 405


def _status(engine: Engine, host: str, origin: str | None, token: str, method: str) -> int:
    port = engine.netloc.partition(":")[2]
    headers = {
        "Host": {
            "own": engine.netloc,
            "localhost": f"localhost:{port}",
            "far": "example.com",
            "port": "127.0.0.1:1",
            "empty": "",
        }[host]
    }
    if origin is not None:
        headers["Origin"] = f"http://{engine.netloc}" if origin == "own" else origin
    if token != "none":
        headers["Authorization"] = {
            "right": f"Bearer {engine.token}",
            "wrong": "Bearer x",
            "longer": f"Bearer {engine.token}x",
            "basic": f"Basic {engine.token}",
            "empty": "Bearer ",
        }[token]
    connection = http.client.HTTPConnection(engine.netloc, timeout=10)
    try:
        connection.putrequest(method, "/v1/models", skip_host=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()
