"""Every refusal of the service and what the user is told: the kind, the sentence, the field, the bill."""

from dataclasses import replace

import msgspec
import pytest
from tests.api import wire

from overpaint.api.errors.error_body import error_of, read_error
from overpaint.api.errors.http_errors import refusal
from overpaint.api.errors.request_context import RequestContext
from overpaint.core.errors import (
    ContentRefused,
    EditError,
    InvalidRequest,
    KeyRefused,
    NotFound,
    PictureRefused,
    QuotaExhausted,
    RateLimited,
    Redirected,
    ServiceFailed,
    UploadTooLarge,
)
from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile

ORIGIN = RequestContext(
    EndpointProfile("Example", "https://api.example.com/v1"),
    model="gpt-image-2",
    pictures=("cat.png", "hat.jpg"),
    sent_bytes=61_200_000,
    left=True,
    request_id="req_1",
    key="sk-canary-0123456789",
)
JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}


def told(status: int, body: bytes, headers: dict[str, str] = JSON, **origin: object) -> EditError:
    return refusal(replace(ORIGIN, status=status, **origin), headers, body)  # type: ignore[arg-type]  # by name


def error(message: str, **fields: object) -> bytes:
    return wire.refusal(message, **fields)


TABLE: dict[str, tuple[int, bytes, type[EditError], str, str]] = {
    "moderation": (
        400, error("Your request was rejected by the safety system.", type="image_generation_user_error",
                   code="moderation_blocked"),
        ContentRefused, "api.example.com refused this edit by its content policy.", "",
    ),
    "moderation with details": (
        400, error("No.", code="moderation_blocked",
                   moderation_details={"moderation_stage": "input", "categories": ["hate", "gore"]}),
        ContentRefused,
        "api.example.com refused this edit by its content policy when it looked at the input (hate, gore).",
        "",
    ),
    "picture": (
        400, error("The image data is not a valid image.", code="invalid_image_file",
                   param="image[1]"),
        PictureRefused,
        "api.example.com refused picture 2 (“hat.jpg”): The image data is not a valid image.",
        "image",
    ),
    "picture by its words": (
        400, error("Invalid file 'image': unsupported mimetype ('application/octet-stream')."),
        PictureRefused,
        "api.example.com refused one of the pictures: Invalid file 'image': unsupported mimetype"
        " ('application/octet-stream').", "image",
    ),
    "mask size": (
        400, error("Invalid mask image format - mask size does not match image size", param="mask",
                   type="invalid_request_error"),
        PictureRefused, "api.example.com refused the mask: its size doesn't match the first picture.", "mask",
    ),
    "mask alpha": (
        400, error("Invalid mask image format - mask image missing alpha channel"),
        PictureRefused,
        "api.example.com refused the mask: Invalid mask image format - mask image missing alpha channel.",
        "mask",
    ),
    "value": (
        400, error("Invalid value: '7x7'.", code="invalid_value", param="size", type="invalid_request_error"),
        InvalidRequest, "api.example.com refused size: Invalid value: '7x7'.", "size",
    ),
    "unknown parameter": (
        400, error("Unknown parameter: 'response_format'.", code="unknown_parameter"),
        InvalidRequest, "api.example.com refused response format: Unknown parameter: 'response_format'.",
        "response_format",
    ),
    "fidelity": (
        400, error("The model 'gpt-image-2' does not support 'input_fidelity'.",
                   code="invalid_input_fidelity_model", param="input_fidelity"),
        InvalidRequest,
        "api.example.com refused input fidelity: The model 'gpt-image-2' does not support 'input_fidelity'.",
        "input_fidelity",
    ),
    "transparent": (
        400, error("Transparent background is not supported for this model."),
        InvalidRequest,
        "api.example.com refused background: Transparent background is not supported for this model.",
        "background",
    ),
    "no streaming": (
        400, error("Streaming is not supported for this model.", type="invalid_request_error"),
        InvalidRequest,
        "api.example.com can't stream this edit: Streaming is not supported for this model.", "stream",
    ),
    "detail list": (
        422, b'{"detail":[{"loc":["body","n"],"msg":"Input should be less than 11","type":"less_than"}]}',
        InvalidRequest, "api.example.com refused n: Input should be less than 11.", "n",
    ),
    "detail": (400, b'{"detail":"No room."}', InvalidRequest,
               "api.example.com refused the request: No room.", ""),
    "key": (
        401, error("Incorrect API key provided.", code="invalid_api_key"),
        KeyRefused, "api.example.com didn't accept the key.", "",
    ),
    "unverified": (
        403, error("Your organization must be verified to use the model `gpt-image-2`."),
        KeyRefused, "api.example.com wants your organization verified before it may use gpt-image-2.", "",
    ),
    "forbidden": (403, b'{"message":"Region"}', KeyRefused,
                  "api.example.com doesn't let this key do that: Region.", ""),
    "model": (
        404, error("The model `x` does not exist.", code="model_not_found"),
        NotFound, "api.example.com has no model “gpt-image-2”, or your key may not use it.", "model",
    ),
    "path": (404, b"<html><title>404 Not Found</title></html>", NotFound,
             "api.example.com has nothing at /v1/images/edits.", ""),
    "method": (405, b'{"detail":"Method Not Allowed"}', NotFound,
               "api.example.com has nothing at /v1/images/edits.", ""),
    "too large": (413, b"<html><h1>413 Request Entity Too Large</h1></html>", UploadTooLarge,
                  "api.example.com takes no upload of 61.2 MB.", ""),
    "rate": (
        429,
        error("Rate limit reached: Limit 5, Used 5. Please try again in 12s.", code="rate_limit_exceeded"),
        RateLimited,
        "api.example.com takes no more requests just now: Rate limit reached: Limit 5, Used 5."
        " Please try again in 12s.",
        "",
    ),
    "quota": (429, error("You exceeded your current quota.", code="insufficient_quota"), QuotaExhausted,
              "The account at api.example.com has no credit left.", ""),
    "billing": (400, error("Limit.", code="billing_hard_limit_reached"), QuotaExhausted,
                "The account at api.example.com has no credit left.", ""),
    "billing inactive": (429, error("Off.", type="billing_not_active"), QuotaExhausted,
                         "The account at api.example.com has no credit left.", ""),
    "payment": (402, b"", QuotaExhausted, "api.example.com asks for payment before it works.", ""),
    "server": (500, error("Boom", type="server_error"), ServiceFailed,
               "api.example.com failed (status 500): Boom.", ""),
    "gateway": (502, b"<html><title>Bad  gateway</title></html>", ServiceFailed,
                "api.example.com failed (status 502): Bad gateway.", ""),
    "page without title": (503, b"<p>", ServiceFailed,
                           "api.example.com failed (status 503): it sent a web page.", ""),
    "nothing": (500, b"", ServiceFailed, "api.example.com failed (status 500): it gave no reason.", ""),
    "gateway time-out": (524, b"<html>", ServiceFailed,
                         "api.example.com gave up waiting for the picture (status 524).", ""),
    "error as text": (400, b'{"error":"no"}', InvalidRequest, "api.example.com refused the request: no.", ""),
    "code and message": (400, b'{"code":"x","message":"no"}', InvalidRequest,
                         "api.example.com refused the request: no.", ""),
    "teapot": (418, b"short and stout", InvalidRequest,
               "api.example.com refused the request: short and stout.", ""),
    "odd status": (600, b"", ServiceFailed,
                   "api.example.com reported an error (status 600): it gave no reason.", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_a_refusal_then_has_its_kind_its_sentence_and_its_field(name: str) -> None:
    status, body, kind, sentence, field = TABLE[name]

    fault = told(status, body, HTML if body.startswith(b"<") else JSON)

    assert (type(fault), fault.message, fault.field) == (kind, sentence, field)
    assert fault.next_step
    assert fault.status == status
    assert fault.request_id == "req_1"


@pytest.mark.parametrize("name", TABLE)
def test_a_refusal_then_says_billed_only_where_the_service_may_have_worked(name: str) -> None:
    status, body, kind, _, _ = TABLE[name]

    assert told(status, body).may_have_been_billed == (kind is ServiceFailed)
    assert not told(status, body, left=False).may_have_been_billed


def test_a_refusal_when_the_content_policy_looked_at_the_output_then_may_have_been_billed() -> None:
    body = error(
        "No.", code="moderation_blocked", moderation_details={"stage": "output", "categories": {"a": True}}
    )

    fault = told(400, body)

    assert isinstance(fault, ContentRefused)
    assert (fault.stage, fault.categories, fault.may_have_been_billed) == ("output", ("a",), True)


def test_a_refusal_when_there_is_one_picture_then_names_it() -> None:
    fault = told(400, error("Bad.", code="invalid_image_file"), pictures=("cat.png",))

    assert fault.message == "api.example.com refused picture 1 (“cat.png”): Bad."


@pytest.mark.parametrize(
    "body", [error("Key sk-canary-0123456789 is wrong."), b"<title>sk-canary-0123456789</title>"]
)
def test_a_refusal_when_the_service_repeats_the_key_then_hides_it(body: bytes) -> None:
    fault = told(403, body)

    assert "canary" not in repr((fault.message, fault.cause, fault.code))
    assert "[key hidden]" in fault.message


def test_a_wrong_path_then_the_other_spelling_is_offered() -> None:
    fault = told(404, b"")

    assert "/image/edits" in fault.next_step
    assert msgspec.structs.replace(ORIGIN.profile, path="/image/edits").other_path == "/images/edits"
    assert msgspec.structs.replace(ORIGIN.profile, path="/other").other_path == ""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_then_names_the_place_and_that_nothing_went_there(status: int) -> None:
    fault = told(status, b"", {"location": "https://other.example/v1/images/edits?x=1"})

    assert isinstance(fault, Redirected)
    assert fault.message == (
        f"api.example.com wants to pass the edit on to other.example (status {status});"
        " Overpaint sent nothing there."
    )
    assert not fault.may_have_been_billed


@pytest.mark.parametrize("location", ["", "http://[", "//", "\0"])
def test_a_redirect_when_its_place_is_nonsense_then_is_refused_all_the_same(location: str) -> None:
    assert isinstance(told(302, b"", {"location": location}), Redirected)


def test_a_refusal_of_the_offline_engine_then_calls_it_by_its_name() -> None:
    fault = told(500, b"", profile=EndpointProfile(OFFLINE, "http://127.0.0.1:8/v1"))

    assert fault.message.startswith("The offline engine failed")


@pytest.mark.parametrize(
    "value",
    [None, [], "x", 3, {}, {"error": None}, {"error": {}}, {"error": []}, {"detail": []}, {"detail": None}],
)
def test_reading_an_error_when_its_shape_is_odd_then_raises_nothing(value: object) -> None:
    error_of(value)
    read_error(msgspec.json.encode(value))


def test_reading_an_error_when_it_is_very_long_then_is_shortened_to_one_line() -> None:
    message = read_error(error("word\n" * 1000)).message

    assert len(message) == 400
    assert "\n" not in message
