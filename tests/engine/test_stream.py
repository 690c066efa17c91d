"""What a streamed edit sends: the events, their order, and partials that grow into the result."""

import json

import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo
from tests.engine.serving import Engine, mask_of, opened, picture, pictures_in, pixels

SIZE = (1024, 640)
BOX = (300, 200, 560, 420)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_stream_when_partials_are_asked_then_they_come_in_order_and_then_the_result(
    engine: Engine, photo: Photo, count: int
):
    events = engine.events(
        [picture(photo("coffee.png", SIZE)), mask_of(SIZE, BOX)],
        prompt="remove it",
        partial_images=str(count),
    )

    types = [one["type"] for one in events]
    assert types == ["image_edit.partial_image"] * count + ["image_edit.completed"]
    assert [one["partial_image_index"] for one in events[:-1]] == list(range(count))


def test_stream_when_it_ends_then_every_event_has_the_fields_of_the_api(engine: Engine, photo: Photo):
    partial, completed = engine.events(
        [picture(photo("coffee.png", SIZE))], partial_images="1", size="1024x640"
    )

    common = {"size": "1024x640", "quality": "medium", "background": "opaque", "output_format": "png"}
    assert partial.items() >= common.items()
    assert completed.items() >= common.items()
    assert isinstance(completed["created_at"], int)
    assert "usage" not in partial
    assert "partial_image_index" not in completed
    assert completed["usage"]["output_tokens_details"]["image_tokens"] == completed["usage"]["output_tokens"]


def test_stream_when_partials_are_shown_then_each_costs_a_hundred_tokens(engine: Engine, photo: Photo):
    files = [picture(photo("coffee.png", SIZE))]

    (without,) = engine.events(files)
    *_, with_two = engine.events(files, partial_images="2")

    assert with_two["usage"]["output_tokens"] - without["usage"]["output_tokens"] == 200


def test_stream_when_raw_then_event_lines_name_the_type_and_a_picture_is_one_line(
    engine: Engine, photo: Photo
):
    data = {"model": "gpt-image-2", "prompt": "sepia", "stream": "true", "partial_images": "1"}
    with engine.client() as client:
        reply = client.post("/images/edits", data=data, files=[picture(photo("coffee.png", SIZE))])

    frames = reply.text.split("\n\n")
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert frames.pop() == ""
    for frame in frames:
        event, data_line = frame.split("\n")
        assert event.removeprefix("event: ") == json.loads(data_line.removeprefix("data: "))["type"]


def test_fill_when_it_renders_then_partials_come_ever_closer_to_the_result(engine: Engine, photo: Photo):
    events = engine.events(
        [picture(photo("coffee.png", SIZE)), mask_of(SIZE, BOX)], prompt="remove the cup", partial_images="3"
    )

    *partials, result = (pixels(opened(one["b64_json"])) for one in events)
    distances = [float(np.abs(one - result).mean()) for one in partials]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] > 0


def test_tone_when_it_renders_then_partials_come_ever_closer_to_the_result(engine: Engine, photo: Photo):
    events = engine.events([picture(photo("coffee.png", SIZE))], prompt="much brighter", partial_images="3")

    *partials, result = (pixels(opened(one["b64_json"])) for one in events)
    distances = [float(np.abs(one - result).mean()) for one in partials]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] > 0


@pytest.mark.parametrize("prompt", ["remove the cup", "make it much darker", "blur it", "mirror it"])
def test_mask_when_the_size_stays_then_no_pixel_outside_changes_and_some_inside_do(
    engine: Engine, photo: Photo, prompt: str
):
    original = photo("coffee.png", SIZE)

    events = engine.events(
        [picture(original), mask_of(SIZE, BOX)], prompt=prompt, partial_images="2", size="1024x640"
    )

    before = pixels(Image.open(original))
    outside = np.ones(before.shape[:2], dtype=bool)
    outside[BOX[1] : BOX[3] + 1, BOX[0] : BOX[2] + 1] = False
    for one in events:
        after = pixels(opened(one["b64_json"]))
        assert np.array_equal(after[outside], before[outside])
        assert np.abs(after - before)[~outside].mean() > 1


def test_stream_when_a_picture_is_broken_then_plain_json_and_no_stream(engine: Engine):
    data = {"model": "gpt-image-2", "prompt": "sepia", "stream": "true"}
    with engine.client() as client:
        reply = client.post("/images/edits", data=data, files=[picture(b"\xff\xd8\xff\xe0broken")])

    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/json"


def test_plain_and_stream_when_the_same_is_asked_then_the_same_pixels(engine: Engine, photo: Photo):
    files = [picture(photo("coffee.png", SIZE)), mask_of(SIZE, BOX)]

    (plain,) = pictures_in(engine.edit(files, prompt="remove it"))
    *_, completed = engine.events(files, prompt="remove it", partial_images="3")

    assert np.array_equal(pixels(plain), pixels(opened(completed["b64_json"])))
