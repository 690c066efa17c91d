"""Large pictures: seen and painted on while they are still being decoded."""

import numpy as np
import pytest
from PIL import Image
from tests.flows.desk import desk
from tests.flows.wait import until

from overpaint.core.masks.pyramid import half_sizes
from overpaint.ui.viewport.preview_pyramid import PreviewPyramid
from overpaint.ui.viewport.pyramids import PicturePyramid


def pixels(width: int, height: int) -> np.ndarray:
    made = np.random.default_rng(1).integers(0, 256, (height, width, 4), np.uint8)
    made[..., 3] = 255
    return made


@pytest.mark.parametrize("size", [(803, 517), (800, 512)])
def test_preview_is_drawn_where_the_whole_will_be(size) -> None:
    whole = PicturePyramid.build(pixels(*size))
    coarse = half_sizes(whole.pixels)[3]

    preview = PreviewPyramid.of(coarse, size)

    assert preview is not None
    assert preview.size == whole.size
    assert preview.opaque
    assert len(preview.images) == len(whole.images)
    for scale in (0.01, 0.1, 0.125):
        level = preview.level_for(scale)
        assert level == whole.level_for(scale)
        assert preview.images[level] == whole.images[level]
    for scale in (0.2, 1.0, 8.0):
        assert preview.images[preview.level_for(scale)].size() == whole.images[3].size()


def test_preview_seen_closely_has_as_many_pixels_as_the_whole() -> None:
    coarse = pixels(101, 65)

    preview = PreviewPyramid.of(coarse, (803, 517))

    assert preview is not None
    assert preview.pixels.shape == (517, 803, 4)
    assert np.array_equal(preview.pixels[::8, ::8], coarse)
    assert preview.words.shape == (517, 803)


@pytest.mark.parametrize("size", [(700, 517), (101, 65), (3232, 2081)])
def test_small_version_that_is_no_halved_copy_is_no_preview(size) -> None:
    assert PreviewPyramid.of(pixels(101, 65), size) is None


async def test_large_jpeg_is_painted_on_before_it_is_whole(photo, tmp_path) -> None:
    file = tmp_path / "large.jpg"
    with Image.open(photo("retina.png")) as image:
        image.convert("RGB").resize((4400, 3000)).save(file, quality=90)
    async with desk([photo("coffee.png")]) as app:
        app.drop([file])
        await until(lambda: isinstance(app.canvas.picture, PreviewPyramid))

        app.paint((1000, 1000), (1500, 1400))
        painted = app.item.mask.coverage.copy()
        await until(lambda: not isinstance(app.canvas.picture, PreviewPyramid))

        assert painted[1000, 1000] > 0
        assert np.array_equal(app.item.mask.coverage, painted)
        assert app.canvas.picture is not None
        assert app.canvas.picture.size == (4400, 3000)
        assert app.canvas.mask_on_canvas is app.item.mask
