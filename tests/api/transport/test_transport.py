"""What goes wrong on the way: faults before, amid and after the body, with POSTs and sentences."""

import asyncio
import socket

import pytest
from tests.api.runs import PNG, RequestOf, outcome
from tests.api.wire import EVENT_STREAM, KEY, SPEC, completed, partial, plain, profile, refusal
from tests.fault_server import FaultServer, Script

from overpaint.api.client import EditClient
from overpaint.core.errors import (
    BadReply,
    ConnectionFailed,
    EditError,
    KeyRefused,
    OutcomeUnknown,
    ServiceFailed,
    StreamCut,
    TimedOut,
)
from overpaint.core.request.endpoint_profile import Timeouts
from overpaint.core.results.edit_events import Completed, Partial, Waiting

SHORT = Timeouts(connect=5.0, read=0.2, total=40.0)


STREAM = partial(PNG, 0) + completed(PNG)
MID = len(partial(PNG, 0)) + 300
LOST = "The connection to 127.0.0.1 was lost before an answer came. This may have been billed."
STOPPED = "The reply of 127.0.0.1 stopped before the picture was complete. This may have been billed."
SILENT = "Nothing came from 127.0.0.1 for 0.2 s. This may have been billed."
LATE = "The edit at 127.0.0.1 wasn't finished within 0.5 s. This may have been billed."
TOTAL = Timeouts(connect=5.0, read=20.0, total=0.5)

AFTER_BODY: dict[str, tuple[Script, type[EditError], str, Timeouts]] = {
    "closed, no answer": (Script(hang_up=True), OutcomeUnknown, LOST, SHORT),
    "reset, no answer": (Script(hang_up=True, reset=True), OutcomeUnknown, LOST, SHORT),
    "silence, no answer": (Script(stall_before_head=True), TimedOut, SILENT, SHORT),
    "too long, no answer": (Script(stall_before_head=True), TimedOut, LATE, TOTAL),
    "no HTTP": (Script(raw=b"SSH-2.0-OpenSSH_9.6\r\n"), OutcomeUnknown, LOST, SHORT),
    "half a head": (Script(raw=b"HTTP/1.1 200 OK\r\ncontent-ty"), OutcomeUnknown, LOST, SHORT),
    "endless head": (Script(raw=b"HTTP/1.1 200 OK\r\nx: " + b"x" * 300_000), OutcomeUnknown, LOST, SHORT),
    "JSON cut": (Script(body=plain(PNG), cut_at=900), StreamCut, STOPPED, SHORT),
    "JSON reset": (Script(body=plain(PNG), cut_at=900, reset=True), StreamCut, STOPPED, SHORT),
    "JSON cut, no length": (Script(body=plain(PNG), cut_at=900, framing="close"), StreamCut, STOPPED, SHORT),
    "JSON stalls": (Script(body=plain(PNG), stall_at=900), TimedOut, SILENT, SHORT),
    "JSON broken": (
        Script(body=b'{"data": nonsense'), BadReply, "127.0.0.1 answered, but with broken JSON.", SHORT,
    ),
    "JSON without a picture": (
        Script(body=b'{"data": []}'), BadReply, "127.0.0.1 answered, but with no picture in it.", SHORT,
    ),
    "a web page": (
        Script(body=b"<html>Welcome</html>", headers={"content-type": "text/html"}), BadReply,
        "127.0.0.1 answered with a web page instead of a picture.", SHORT,
    ),
    "nothing": (
        Script(headers={"content-type": ""}), BadReply, "127.0.0.1 answered, but with nothing at all.", SHORT,
    ),
    "no picture under b64_json": (
        Script(body=plain(b"%PDF-1.7 and what follows")), BadReply,
        "127.0.0.1 answered, but with something in the picture's place that is none.", SHORT,
    ),
    "server error": (
        Script(503, body=b"<p>", headers={"content-type": "text/html"}), ServiceFailed,
        "127.0.0.1 failed (status 503): it sent a web page.", SHORT,
    ),
    "server error, told to retry": (
        Script(500, {"x-should-retry": "true", "retry-after": "0"}, b"{}"), ServiceFailed,
        "127.0.0.1 failed (status 500): {}.", SHORT,
    ),
    "server error that never ends": (
        Script(502, body=b"x" * 500, stall_at=20), ServiceFailed,
        "127.0.0.1 failed (status 502): xxxxxxxxxxxxxxxxxxxx.", SHORT,
    ),
}  # fmt: skip

MID_STREAM: dict[str, tuple[Script, type[EditError], str, Timeouts]] = {
    "cut": (Script(body=STREAM, headers=EVENT_STREAM, cut_at=MID), StreamCut, STOPPED, SHORT),
    "cut, chunked": (
        Script(body=STREAM, headers=EVENT_STREAM, cut_at=MID, framing="chunked"), StreamCut, STOPPED, SHORT,
    ),
    "cut, no length": (
        Script(body=STREAM, headers=EVENT_STREAM, cut_at=MID, framing="close"), StreamCut, STOPPED, SHORT,
    ),
    "ends in order without a picture": (
        Script(body=partial(PNG, 0), headers=EVENT_STREAM, framing="chunked"), StreamCut, STOPPED, SHORT,
    ),
    "stall": (Script(body=STREAM, headers=EVENT_STREAM, stall_at=MID), TimedOut, SILENT, SHORT),
    "slow loris": (Script(body=STREAM, headers=EVENT_STREAM, pieces=2000, drip=0.05), TimedOut, LATE, TOTAL),
    "error frame": (
        Script(body=partial(PNG, 0) + b'data: {"error":{"message":"Boom."}}\n\n', headers=EVENT_STREAM),
        ServiceFailed, "127.0.0.1 reported an error: Boom.", SHORT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AFTER_BODY)
async def test_a_fault_after_the_body_then_is_told_and_nothing_is_sent_again(
    client: EditClient, request_of: RequestOf, name: str
) -> None:
    script, kind, sentence, timeouts = AFTER_BODY[name]

    async with FaultServer(script) as server:
        ended = await outcome(client, request_of(), profile(server.base_url, timeouts=timeouts))

    assert ended.failure is not None
    assert (type(ended.failure), ended.failure.message) == (kind, sentence)
    assert ended.failure.may_have_been_billed == (name != "a web page")  # no model sends pages
    assert ended.failure.next_step
    assert (server.connections, server.posts) == (1, 1)


@pytest.mark.parametrize("name", MID_STREAM)
async def test_a_fault_amid_the_stream_then_partials_stay_and_nothing_is_sent_again(
    client: EditClient, request_of: RequestOf, name: str
) -> None:
    script, kind, sentence, timeouts = MID_STREAM[name]

    async with FaultServer(script) as server:
        ended = await outcome(client, request_of(), profile(server.base_url, timeouts=timeouts))

    assert ended.failure is not None
    assert (type(ended.failure), ended.failure.message) == (kind, sentence)
    assert ended.failure.may_have_been_billed
    assert ended.pictures == [Partial(0, PNG, "png")]
    assert (server.connections, server.posts) == (1, 1)


@pytest.mark.parametrize("reset", [False, True])
async def test_a_fault_amid_the_body_then_was_not_billed_and_nothing_is_sent_again(
    client: EditClient, request_of: RequestOf, reset: bool
) -> None:
    async with FaultServer(Script(read_bytes=1000, hang_up=True, reset=reset)) as server:
        ended = await outcome(client, request_of(*["retina.png"] * 12), profile(server.base_url))

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == (
        "The upload didn't get through: 127.0.0.1 closed the connection. Nothing was billed."
    )
    assert not ended.failure.may_have_been_billed
    assert server.posts == 1


@pytest.mark.parametrize(
    ("timeouts", "why"),
    [
        (Timeouts(connect=5.0, read=0.3, total=40.0), "127.0.0.1 took nothing more for 0.3 s"),
        (Timeouts(connect=5.0, read=40.0, total=0.5), "it took longer than 0.5 s in all"),
    ],
)
async def test_an_upload_when_the_service_takes_nothing_more_then_times_out_unbilled(
    client: EditClient, request_of: RequestOf, timeouts: Timeouts, why: str
) -> None:
    async with FaultServer(Script(read_bytes=1000, deaf=True)) as server:
        where = profile(server.base_url, timeouts=timeouts)
        ended = await outcome(client, request_of(*["retina.png"] * 12), where)

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == f"The upload didn't get through: {why}. Nothing was billed."
    assert not ended.failure.may_have_been_billed
    assert server.posts == 1


async def test_a_refusal_amid_the_body_then_is_what_the_user_is_told(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(
        Script(401, body=refusal("No.", code="invalid_api_key"), read_bytes=1000)
    ) as server:
        ended = await outcome(client, request_of("chelsea.png"), profile(server.base_url))

    assert isinstance(ended.failure, KeyRefused)
    assert server.posts == 1


async def test_a_connection_when_refused_then_is_tried_three_times_and_told(
    client: EditClient, request_of: RequestOf
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        ended = await outcome(client, request_of(), profile(f"http://127.0.0.1:{taken.getsockname()[1]}/v1"))

    assert isinstance(ended.failure, ConnectionFailed)
    assert ended.failure.message == "Couldn't reach 127.0.0.1: nothing listens at that address."
    assert not ended.failure.may_have_been_billed
    assert ended.events == [Waiting("connecting")] * 3


async def test_a_connection_when_refused_at_first_then_the_edit_goes_through_in_the_end(
    request_of: RequestOf, unused_tcp_port: int
) -> None:
    server = FaultServer(Script(body=plain(PNG)), port=unused_tcp_port)

    async def start_the_server(seconds: float) -> None:
        await server.__aenter__()

    client = EditClient(sleep=start_the_server)
    ended = await outcome(client, request_of(), profile(f"http://127.0.0.1:{unused_tcp_port}/v1"))
    await server.__aexit__(None, None, None)
    await client.close()

    assert [one.data for one in ended.pictures] == [PNG]
    assert server.posts == 1


async def test_a_rate_limit_then_waits_as_told_and_sends_again(request_of: RequestOf) -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    client = EditClient(sleep=note)
    limit = refusal("Please try again in 12s.", code="rate_limit_exceeded")
    scripts = [Script(429, {"retry-after": "7"}, limit), Script(429, {}, limit), Script(body=plain(PNG))]
    async with FaultServer(*scripts) as server:
        ended = await outcome(client, request_of(), profile(server.base_url))
    await client.close()

    assert [one.data for one in ended.pictures] == [PNG]
    assert pauses == [7.0, 12.0]
    assert [
        one.seconds for one in ended.events if isinstance(one, Waiting) and one.phase == "rate limited"
    ] == pauses
    assert server.posts == 3


@pytest.mark.parametrize(
    ("headers", "code"),
    [({"x-should-retry": "false"}, "rate_limit_exceeded"), ({"retry-after": "1"}, "insufficient_quota")],
)
async def test_a_limit_that_waiting_does_not_mend_then_is_told_at_once(
    client: EditClient, request_of: RequestOf, headers: dict[str, str], code: str
) -> None:
    async with FaultServer(Script(429, headers, refusal("No.", code=code))) as server:
        ended = await outcome(client, request_of(), profile(server.base_url))

    assert ended.failure is not None
    assert ended.failure.status == 429
    assert server.posts == 1


async def test_a_rate_limit_when_the_wait_is_cancelled_then_ends_at_once(
    client: EditClient, request_of: RequestOf
) -> None:
    async with FaultServer(
        Script(429, {"retry-after": "100"}, refusal("Slow.", code="rate_limit_exceeded"))
    ) as server:
        events = client.edit(request_of(), profile(server.base_url, timeouts=Timeouts(total=900)), KEY, SPEC)
        async for event in events:
            if event == Waiting("rate limited", seconds=100.0):
                break
        waiting = asyncio.timeout(0.05)
        with pytest.raises(TimeoutError):
            async with waiting:
                await anext(events)

    assert server.posts == 1


@pytest.mark.parametrize("n", [1, 3])
async def test_a_reply_when_pictures_are_missing_at_a_cut_then_says_how_many_came(
    client: EditClient, request_of: RequestOf, n: int
) -> None:
    script = Script(
        body=completed(PNG) * 3, headers=EVENT_STREAM, cut_at=len(completed(PNG)) + 50, framing="chunked"
    )
    async with FaultServer(script) as server:
        ended = await outcome(client, request_of(n=n, stream=False), profile(server.base_url))

    assert [one.data for one in ended.pictures] == [PNG]
    if n == 1:
        assert ended.failure is None
    else:
        assert isinstance(ended.failure, StreamCut)
        assert "after 1 of 3 pictures" in ended.failure.message


async def test_a_stream_when_it_stays_open_after_its_picture_then_the_edit_ends_all_the_same(
    client: EditClient, request_of: RequestOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overpaint.api.client._LINGER_SECONDS", 0.05)
    body = completed(PNG) + b": more to come\n\n" * 10
    async with FaultServer(Script(body=body, headers=EVENT_STREAM, stall_at=len(body) - 5)) as server:
        ended = await outcome(client, request_of(), profile(server.base_url))

    assert ended.failure is None
    assert [one.data for one in ended.pictures] == [PNG]


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
async def test_a_stream_when_cut_here_and_there_over_a_socket_then_never_passes_for_a_success(
    client: EditClient, request_of: RequestOf, framing: str
) -> None:
    for cut in range(0, len(STREAM) + 1, len(STREAM) // 23):
        async with FaultServer(
            Script(body=STREAM, headers=EVENT_STREAM, cut_at=cut, framing=framing)
        ) as server:
            ended = await outcome(client, request_of(), profile(server.base_url))

        finished = [one for one in ended.pictures if isinstance(one, Completed)]
        assert (ended.failure is None) == bool(finished) == (cut >= len(STREAM) - 2), cut
        assert server.posts == 1
