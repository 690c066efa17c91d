"""The profiles that ship, each against a server as particular as the real one: the painted pixels change."""

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo
from tests.wire.local_servers import DIALECTS, RED, serving

from overpaint.core.errors import InvalidRequest
from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.params import EditParams
from overpaint.studio.config.folders import Folders
from overpaint.studio.runs.headless import Outcome, edit_once

EAGER = EditParams(prompt="a red cup", quality="high", stream=True, partial_images=2)
"""What the window asks for by itself, and a quality: more than most of these servers bear."""


def shipped(name: str, base_url: str) -> EndpointProfile:
    (found,) = (one for one in BUILT_IN if one.name == name)
    return msgspec.structs.replace(found, base_url=base_url)


async def edited(
    profile: EndpointProfile, out: Path, *images: Path, mask: Path | None, params: EditParams = EAGER
) -> Outcome:
    return await edit_once(
        Folders.find(),
        images=images,
        mask=mask,
        params=params,
        out=out,
        endpoint="",
        profile=profile,
        say=lambda _: None,
    )


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    """A soft spot in the middle of a picture of 451x300, as an editor of pictures saves it."""
    ys, xs = np.mgrid[:300, :451]
    covered = np.clip((70 - np.hypot(xs - 225, ys - 150)) * 8, 0, 255)
    pixels = np.zeros((300, 451, 4), np.uint8)
    pixels[..., 3] = 255 - covered
    file = tmp_path / "mask.png"
    Image.fromarray(pixels).save(file)
    return file


@pytest.mark.parametrize("name", [name for name in DIALECTS if name != "SGLang"])
async def test_server_changes_the_painted_pixels_and_no_other(
    name: str, photo: Photo, mask: Path, tmp_path: Path
) -> None:
    with serving(name) as (base_url, forms):
        done = await edited(shipped(name, base_url), tmp_path / "out", photo("chelsea.png"), mask=mask)

    assert len(forms) == 1
    assert done.remark == ""
    before = np.asarray(Image.open(photo("chelsea.png")).convert("RGB"))
    after = np.asarray(Image.open(done.files[0]).convert("RGB"))
    painted = np.asarray(Image.open(mask).getchannel("A")) < 128
    assert (after[painted] == RED).all()
    assert np.array_equal(after[~painted], before[~painted])


async def test_server_that_uses_no_mask_is_sent_none_and_that_is_said(
    photo: Photo, mask: Path, tmp_path: Path
) -> None:
    with serving("SGLang") as (base_url, forms):
        done = await edited(shipped("SGLang", base_url), tmp_path / "out", photo("chelsea.png"), mask=mask)

    assert done.remark == "127.0.0.1 doesn't use masks: your words apply to the whole picture."
    assert [name for name, _, _ in forms[0].files] == ["image"]
    assert "quality" not in forms[0].texts


async def test_server_that_looks_at_one_picture_is_sent_one_and_that_is_said(
    photo: Photo, tmp_path: Path
) -> None:
    pictures = (photo("chelsea.png"), photo("coffee.jpg"), photo("rocket.jpg"))

    with serving("Lemonade") as (base_url, forms):
        done = await edited(shipped("Lemonade", base_url), tmp_path / "out", *pictures, mask=None)

    assert done.remark == "127.0.0.1 looks at the first picture only: the others aren't sent."
    assert [name for name, _, _ in forms[0].files] == ["image"]


@pytest.mark.parametrize("name", ["stable-diffusion.cpp", "Lemonade"])
async def test_picture_in_a_format_that_a_server_does_not_read_goes_up_as_a_png_that_lost_nothing(
    name: str, photo: Photo, tmp_path: Path
) -> None:
    picture = photo("chelsea.webp")
    with serving(name) as (base_url, forms):
        await edited(shipped(name, base_url), tmp_path / "out", picture, mask=None)

    ((_, kind, data),) = forms[0].files
    assert kind == "image/png"
    with Image.open(picture) as given, Image.open(io.BytesIO(data)) as sent:
        assert sent.format == "PNG"
        assert np.array_equal(np.asarray(given.convert("RGB")), np.asarray(sent.convert("RGB")))


@pytest.mark.parametrize("name", ["stable-diffusion.cpp", "Lemonade"])
async def test_format_of_a_result_that_a_server_does_not_know_is_refused_before_anything_is_sent(
    name: str, photo: Photo, tmp_path: Path
) -> None:
    with serving(name) as (base_url, forms):
        profile = shipped(name, base_url)
        params = EAGER.replace(output_format="webp")
        with pytest.raises(InvalidRequest, match="output_format"):
            await edited(profile, tmp_path / "out", photo("chelsea.png"), mask=None, params=params)

    assert forms == []


async def test_server_that_serves_one_model_is_sent_no_name_of_another(photo: Photo, tmp_path: Path) -> None:
    with serving("vLLM-Omni") as (base_url, forms):
        await edited(shipped("vLLM-Omni", base_url), tmp_path / "out", photo("chelsea.png"), mask=None)

    assert "model" not in forms[0].texts


@pytest.mark.parametrize("name", ["stable-diffusion.cpp", "Lemonade", "Xinference"])
def test_server_that_is_silent_until_it_is_done_is_given_an_hour(name: str) -> None:
    profile = shipped(name, "http://127.0.0.1:9/v1")

    assert profile.timeouts.read >= 3600
    assert profile.timeouts.total >= profile.timeouts.read
