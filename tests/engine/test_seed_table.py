"""Every row of the API's table of fields, good and bad, against the running engine."""

import io

import pytest
from PIL import Image
from tests.conftest import Photo
from tests.engine.serving import Engine, mask_of, picture, pictures_in

LISTED = "gpt-image-1.5"
SMALL = {"size": "1024x640"}

REFUSED = [
    ({"prompt": ""}, "prompt", "missing_required_parameter", "Missing required parameter: 'prompt'."),
    ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length", "maximum length 32000"),
    ({"model": ""}, "model", "missing_required_parameter", "Missing required parameter: 'model'."),
    ({"n": "0"}, "n", "integer_below_min_value", "Expected a value >= 1, but got 0 instead."),
    ({"n": "11"}, "n", "integer_above_max_value", "Expected a value <= 10, but got 11 instead."),
    ({"n": "two"}, "n", "invalid_type", "Invalid type for 'n': expected an integer"),
    ({"n": "1.5"}, "n", "invalid_type", "expected an integer"),
    ({"size": "1537x1024"}, "size", "invalid_value", "multiple of 16"),
    ({"size": "3856x1024"}, "size", "invalid_value", "at most 3840"),
    ({"size": "3840x1024"}, "size", "invalid_value", "at most 3 times"),
    ({"size": "640x640"}, "size", "invalid_value", "Too few pixels"),
    ({"size": "3840x3840"}, "size", "invalid_value", "Too many pixels"),
    ({"size": "large"}, "size", "invalid_value", "Invalid size 'large'."),
    ({"size": "0x0"}, "size", "invalid_value", "Invalid size '0x0'."),
    (
        {"model": LISTED, "size": "1536x1536"},
        "size",
        "invalid_value",
        "Supported values are: '1024x1024', '1536x1024', '1024x1536', and 'auto'.",
    ),
    ({"quality": "best"}, "quality", "invalid_value", "'auto', 'low', 'medium', and 'high'"),
    ({"quality": "xhigh"}, "quality", "invalid_value", "Invalid value: 'xhigh'."),
    ({"model": "gpt-image-2-plus", "quality": "high"}, "quality", "invalid_value", "not supported"),
    ({"background": "red"}, "background", "invalid_value", "Invalid value: 'red'."),
    (
        {"background": "transparent"},
        "background",
        "invalid_value",
        "Transparent background is not supported for this model.",
    ),
    (
        {"model": LISTED, "background": "transparent", "output_format": "jpeg"},
        "background",
        "invalid_value",
        "only supported with the output formats 'png' and 'webp'",
    ),
    ({"moderation": "none"}, "moderation", "invalid_value", "Supported values are: 'auto' and 'low'."),
    ({"output_format": "gif"}, "output_format", "invalid_value", "Invalid value: 'gif'."),
    ({"output_compression": "50"}, "output_compression", "invalid_value", "not supported for PNG"),
    (
        {"output_format": "webp", "output_compression": "101"},
        "output_compression",
        "integer_above_max_value",
        "<= 100",
    ),
    (
        {"output_format": "jpeg", "output_compression": "-1"},
        "output_compression",
        "integer_below_min_value",
        ">= 0",
    ),
    ({"stream": "maybe"}, "stream", "invalid_type", "expected a boolean"),
    ({"stream": "true", "n": "2"}, "n", "invalid_value", "Streaming is only supported with n=1."),
    ({"stream": "true", "partial_images": "4"}, "partial_images", "integer_above_max_value", "<= 3"),
    ({"partial_images": "2"}, "partial_images", "invalid_value", "only supported when streaming"),
    (
        {"input_fidelity": "high"},
        "input_fidelity",
        "invalid_input_fidelity_model",
        "not supported with this model",
    ),
    (
        {"model": "gpt-image-1-mini", "input_fidelity": "high"},
        "input_fidelity",
        "invalid_input_fidelity_model",
        "not supported with this model",
    ),
    ({"model": LISTED, "input_fidelity": "middling"}, "input_fidelity", "invalid_value", "'low' and 'high'"),
    (
        {"response_format": "b64_json"},
        "response_format",
        "unknown_parameter",
        "Unknown parameter: 'response_format'.",
    ),
    ({"user": "u" * 513}, "user", "string_above_max_length", "maximum length 512"),
]


@pytest.mark.parametrize(("fields", "param", "code", "words"), REFUSED)
def test_field_when_out_of_its_limits_then_refused_as_the_service_does(
    engine: Engine, photo: Photo, fields: dict[str, str], param: str, code: str, words: str
):
    reply = engine.edit([picture(photo("coffee.png"))], **fields)

    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["code"]) == (400, param, code)
    assert words in error["message"]
    assert error["type"] == "invalid_request_error"


TAKEN = [
    ({"prompt": "x" * 32_000}, {}),
    ({"size": "1024x640"}, {"size": "1024x640"}),
    ({"size": "auto"}, {"size": "1008x672"}),
    ({"quality": "low"}, {"quality": "low"}),
    ({"quality": "auto"}, {"quality": "medium"}),
    ({"model": "gpt-image-2.6-flare", "quality": "max"}, {"quality": "max"}),
    ({"model": "gpt-image-2-plus"}, {"quality": "medium"}),
    ({"background": "opaque"}, {"background": "opaque"}),
    ({"moderation": "low"}, {}),
    ({"output_format": "auto"}, {"output_format": "png"}),
    ({"output_format": "jpeg", "output_compression": "40"}, {"output_format": "jpeg"}),
    ({"output_format": "webp", "output_compression": "0"}, {"output_format": "webp"}),
    ({"stream": "false"}, {}),
    ({"model": LISTED, "input_fidelity": "high"}, {"size": "1536x1024"}),
    ({"model": "gpt-image-1-mini", "input_fidelity": "low"}, {}),
    ({"user": "designer-7"}, {}),
    ({"model": "a-name-nobody-knows"}, {"size": "600x400"}),
]


@pytest.mark.parametrize(("fields", "facts"), TAKEN)
def test_field_when_within_its_limits_then_taken_and_named_in_the_reply(
    engine: Engine, photo: Photo, fields: dict[str, str], facts: dict[str, str]
):
    reply = engine.edit([picture(photo("coffee.png"))], **fields)

    assert reply.status_code == 200, reply.text
    assert reply.json().items() >= facts.items()


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_output_format_when_asked_then_the_picture_is_of_it_and_says_what_made_it(
    engine: Engine, photo: Photo, kind: str
):
    (image,) = pictures_in(engine.edit([picture(photo("coffee.png"))], output_format=kind, **SMALL))

    assert image.format == kind.upper()
    assert image.size == (1024, 640)
    xmp = image.info["XML:com.adobe.xmp"] if kind == "png" else image.info["xmp"].decode()
    assert "digitalsourcetype/algorithmicMedia" in xmp
    assert "Overpaint offline engine" in xmp


def test_compression_when_lower_then_the_file_is_smaller(engine: Engine, photo: Photo):
    replies = [
        engine.edit([picture(photo("coffee.png"))], output_format="jpeg", output_compression=level, **SMALL)
        for level in ("20", "90")
    ]

    small, large = (len(one.json()["data"][0]["b64_json"]) for one in replies)
    assert small * 2 < large


def test_count_when_ten_then_ten_different_pictures_and_ten_times_the_output(engine: Engine, photo: Photo):
    reply = engine.edit([picture(photo("coffee.png"))], n="10", output_format="jpeg", **SMALL)

    made = {one["b64_json"] for one in reply.json()["data"]}
    assert len(made) == 10
    single = engine.edit([picture(photo("coffee.png"))], output_format="jpeg", **SMALL).json()
    assert reply.json()["usage"]["output_tokens"] == 10 * single["usage"]["output_tokens"]


def test_usage_when_gpt_image_2_at_1024_high_then_as_published(engine: Engine, photo: Photo):
    reply = engine.edit(
        [picture(photo("astronaut.png"))], size="1024x1024", quality="high", prompt="sepia tone"
    )

    assert reply.json()["usage"] == {
        "input_tokens": 1027,
        "input_tokens_details": {"image_tokens": 1024, "text_tokens": 3},
        "output_tokens": 7024,
        "output_tokens_details": {"image_tokens": 7024, "text_tokens": 0},
        "total_tokens": 8051,
    }


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_background_when_transparent_then_the_subject_is_cut_out(engine: Engine, photo: Photo, kind: str):
    reply = engine.edit(
        [picture(photo("rocket.png"))],
        model=LISTED,
        background="transparent",
        output_format=kind,
        size="1536x1024",
    )

    (image,) = pictures_in(reply)
    alpha = image.getchannel("A")
    assert alpha.getextrema() == (0, 255)
    assert reply.json()["background"] == "transparent"


@pytest.mark.parametrize("count", [1, 2, 16])
def test_pictures_when_up_to_sixteen_then_taken_and_counted(engine: Engine, photo: Photo, count: int):
    files = [picture(photo("chelsea.png"), "image[]") for _ in range(count)]

    reply = engine.edit(files, **SMALL)

    assert reply.status_code == 200, reply.text
    assert reply.json()["usage"]["input_tokens_details"]["image_tokens"] == count * 29 * 19


def test_pictures_when_seventeen_then_refused(engine: Engine, photo: Photo):
    files = [picture(photo("chelsea.png"), "image[]") for _ in range(17)]

    error = engine.edit(files).json()["error"]

    assert error["code"] == "array_above_max_length"
    assert "maximum length 16, but got an array with length 17" in error["message"]


def test_pictures_when_none_then_missing(engine: Engine):
    error = engine.edit([("user", (None, b"me"))]).json()["error"]

    assert error["message"] == "Missing required parameter: 'image'."


def test_pictures_when_bare_name_is_repeated_then_duplicate_parameter(engine: Engine, photo: Photo):
    error = engine.edit([picture(photo("coffee.png"))] * 2).json()["error"]

    assert error["code"] == "duplicate_parameter"
    assert error["message"].startswith("Duplicate parameter: 'image'.")


def test_picture_when_sent_without_a_real_type_then_unsupported_mimetype(engine: Engine, photo: Photo):
    reply = engine.edit([picture(photo("coffee.png"), mime="application/octet-stream")])

    assert reply.json()["error"]["code"] == "unsupported_file_mimetype"
    assert "'image/jpeg', 'image/png', and 'image/webp'" in reply.json()["error"]["message"]


def test_picture_when_sent_as_text_then_a_file_is_expected(engine: Engine):
    error = engine.edit([("image", (None, b"not a file"))]).json()["error"]

    assert error["message"] == "Invalid type for 'image': expected a file, but got a string instead."


@pytest.mark.parametrize("kind", ["truncated", "gif", "cmyk", "palette", "text", "bomb"])
def test_picture_when_not_to_be_decoded_then_invalid_image_file(engine: Engine, photo: Photo, kind: str):
    reply = engine.edit([picture(_bad_picture(kind, photo))], **SMALL)

    assert (reply.status_code, reply.json()["error"]) == (
        400,
        {
            "message": "Invalid image file or mode for image 1, please check your image file.",
            "type": "image_generation_user_error",
            "param": "image",
            "code": "invalid_image_file",
        },
    )


def test_picture_when_the_third_is_broken_then_it_is_the_one_named(engine: Engine, photo: Photo):
    good = picture(photo("chelsea.png"), "image[]")

    error = engine.edit([good, good, picture(b"\x89PNG\r\n\x1a\nbroken", "image[]"), good]).json()["error"]

    assert error["param"] == "image[2]"
    assert "image 3" in error["message"]


def test_mask_when_of_another_size_then_the_services_words(engine: Engine, photo: Photo):
    files = [picture(photo("coffee.png")), mask_of((600, 401), (10, 10, 50, 50))]

    error = engine.edit(files).json()["error"]

    assert error["message"] == "Invalid mask image format - mask size does not match image size"
    assert (error["param"], error["code"]) == ("mask", "invalid_image_file")


def test_mask_when_without_alpha_then_the_services_words(engine: Engine, photo: Photo):
    files = [picture(photo("coffee.png")), mask_of((600, 400), (0, 0, 1, 1), mode="L")]

    error = engine.edit(files).json()["error"]

    assert error["message"] == "Invalid mask image format - mask image missing alpha channel"


def test_mask_when_no_png_then_refused_by_its_type(engine: Engine, photo: Photo):
    jpeg = ("mask", ("mask.jpg", photo("coffee.jpg").read_bytes(), "image/jpeg"))

    error = engine.edit([picture(photo("coffee.png")), jpeg]).json()["error"]

    assert (error["param"], error["code"]) == ("mask", "unsupported_file_mimetype")


def test_model_when_it_makes_no_pictures_then_not_found(engine: Engine, photo: Photo):
    reply = engine.edit([picture(photo("coffee.png"))], model="gpt-5")

    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "model_not_found")


@pytest.mark.parametrize("path", ["/images/edits", "/image/edits"])
def test_path_when_spelled_either_way_then_edits(engine: Engine, photo: Photo, path: str):
    with engine.client() as client:
        reply = client.post(
            path, data={"model": "gpt-image-2", "prompt": "sepia"}, files=[picture(photo("coffee.png"))]
        )

    assert reply.status_code == 200


def test_path_when_wrong_then_the_service_names_it(engine: Engine):
    with engine.client() as client:
        reply = client.post("/images/edit")

    assert reply.status_code == 404
    assert reply.json()["error"]["message"] == "Invalid URL (POST /v1/images/edit)"


def test_body_when_json_then_multipart_is_expected(engine: Engine):
    with engine.client() as client:
        reply = client.post("/images/edits", json={"prompt": "sepia"})

    assert reply.status_code == 415
    assert "multipart/form-data" in reply.json()["error"]["message"]


def test_body_when_broken_then_an_api_error_and_no_page(engine: Engine):
    with engine.client() as client:
        reply = client.post(
            "/images/edits",
            content=b"--x\r\nnonsense",
            headers={"content-type": "multipart/form-data; boundary=x"},
        )

    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"


def test_models_when_listed_then_the_known_ones(engine: Engine):
    with engine.client() as client:
        listed = {one["id"] for one in client.get("/models").json()["data"]}

    assert {"gpt-image-2", "gpt-image-1.5", "gpt-image-2.6-sunburst"} <= listed


def _bad_picture(kind: str, photo: Photo) -> bytes:
    if kind == "truncated":
        return photo("coffee.png").read_bytes()[:150_000]
    if kind == "text":
        return b"just some text"
    buffer = io.BytesIO()
    with Image.open(photo("coffee.png")) as image:
        match kind:
            case "gif":
                image.save(buffer, "GIF")
            case "cmyk":
                image.convert("CMYK").save(buffer, "JPEG")
            case "palette":
                image.quantize(16).save(buffer, "PNG")
            case "bomb":
                Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    return buffer.getvalue()
