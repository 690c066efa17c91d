"""Replies as the services write them, for the tests of the client."""

import base64
import json
from typing import Any

from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.core.request.model_table import ModelSpec

KEY = "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"
USAGE = {
    "input_tokens": 848,
    "input_tokens_details": {"image_tokens": 832, "text_tokens": 16},
    "output_tokens": 196,
    "total_tokens": 1044,
}
SPEC = ModelSpec(family="gpt-image", names=("*",))
EVENT_STREAM = {"content-type": "text/event-stream"}


def profile(base_url: str, **changes: Any) -> EndpointProfile:
    """A profile for a server of the test, with time-outs that end a test that hangs."""
    changes.setdefault("timeouts", Timeouts(connect=5.0, read=20.0, total=40.0))
    return EndpointProfile("Test server", base_url, **changes)


def plain(*pictures: bytes, **fields: Any) -> bytes:
    """The JSON reply with these pictures."""
    data = [{"b64_json": base64.b64encode(one).decode()} for one in pictures]
    return json.dumps({"created": 1776832476, "data": data, "usage": USAGE, **fields}).encode()


def event(name: str, payload: dict[str, Any]) -> bytes:
    """One event of a stream."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **payload})}\n\n".encode()


def partial(picture: bytes, index: int, family: str = "image_edit") -> bytes:
    """The event of a picture on its way."""
    payload = {"b64_json": base64.b64encode(picture).decode(), "partial_image_index": index}
    return event(f"{family}.partial_image", payload)


def completed(picture: bytes, family: str = "image_edit", **fields: Any) -> bytes:
    """The event of a finished picture."""
    payload = {"b64_json": base64.b64encode(picture).decode(), "size": "1024x1024", "usage": USAGE, **fields}
    return event(f"{family}.completed", payload)


def refusal(message: str, **fields: Any) -> bytes:
    """An error reply's body."""
    return json.dumps({"error": {"message": message, **fields}}).encode()
