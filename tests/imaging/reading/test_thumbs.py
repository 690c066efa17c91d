"""Small versions of pictures."""

import io

import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo

from overpaint.core.errors import PictureError
from overpaint.imaging.reading.thumbs import thumbnail, thumbnail_jpeg


@pytest.mark.parametrize("name", ["coffee.jpg", "motorcycle_left.png", "rocket.webp"])
def test_thumbnail_when_made_then_its_longer_side_is_the_edge(photo: Photo, name: str):
    height, width, channels = thumbnail(photo(name), 96).shape

    assert (width, channels) == (96, 4)
    assert 62 <= height <= 66


def test_thumbnail_when_from_bytes_then_as_from_the_file(photo: Photo):
    file = photo("astronaut.png")

    assert np.array_equal(thumbnail(file.read_bytes(), 128), thumbnail(file, 128))


def test_thumbnail_jpeg_when_translucent_then_on_grey():
    buffer = io.BytesIO()
    Image.new("RGBA", (400, 100), (255, 0, 0, 0)).save(buffer, "PNG")

    small = Image.open(io.BytesIO(thumbnail_jpeg(buffer.getvalue(), 200)))

    assert (small.format, small.size) == ("JPEG", (200, 50))
    assert small.getpixel((100, 25)) == (64, 64, 64)


def test_thumbnail_when_no_picture_then_a_picture_error():
    with pytest.raises(PictureError):
        thumbnail(b"nothing", 64)
