"""A real LiteLLM proxy between client and engine. Wanted only where ``LITELLM`` names its command:

python -m venv /tmp/litellm && /tmp/litellm/bin/pip install 'litellm[proxy]==1.108.7'
LITELLM=/tmp/litellm/bin/litellm pytest -m litellm
"""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo
from tests.engine import serving
from tests.wire.test_local_servers import edited, shipped

from overpaint.core.request.params import EditParams

COMMAND = os.environ.get("LITELLM", "")
KEY = "sk-litellm-master-5f1e9c0b7a2d"
CONFIG = """
model_list:
  - model_name: gpt-image-2
    litellm_params: {{model: openai/gpt-image-2, api_base: "{base_url}", api_key: "{token}"}}
general_settings: {{master_key: {key}}}
litellm_settings: {{telemetry: false, num_retries: 0}}
"""
_PATIENCE = 90.0

pytestmark = [
    pytest.mark.litellm,
    pytest.mark.skipif(not COMMAND, reason="LITELLM names no proxy"),
]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory) -> Iterator[str]:
    """The base URL of a proxy before an engine."""
    engine = serving.start()
    config = tmp_path_factory.mktemp("litellm") / "config.yaml"
    config.write_text(CONFIG.format(base_url=engine.base_url, token=engine.token, key=KEY))
    port = unused_tcp_port_factory()
    words = [COMMAND, "--config", str(config), "--host", "127.0.0.1", "--port", str(port)]
    told = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    log = (config.parent / "log").open("wb")
    with subprocess.Popen(words, env=told, stdout=log, stderr=log) as process, log:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/liveliness", process)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            engine.stop()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERPAINT_API_KEY", KEY)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end, moment = time.monotonic() + _PATIENCE, threading.Event()
    with httpx.Client(trust_env=False) as client:
        while time.monotonic() < end and process.poll() is None:
            try:
                if client.get(address).is_success:
                    return
            except httpx.TransportError:
                moment.wait(0.2)
    raise AssertionError("the proxy doesn't answer")


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size


PLAIN = EditParams(prompt="Make it warmer", size="1024x640", stream=False)


@pytest.mark.parametrize(
    "params",
    [PLAIN, PLAIN.replace(n=2, output_format="webp"), EditParams(prompt="Make it warmer", size="1024x640")],
    ids=["plain", "two as WebP", "the window's default, which streams"],
)
async def test_edit_goes_through_with_the_profile_as_it_ships(
    proxy: str, photo: Photo, tmp_path: Path, params: EditParams
) -> None:
    done = await edited(
        shipped("LiteLLM", proxy), tmp_path / "out", photo("chelsea.png"), mask=None, params=params
    )

    assert len(done.files) == params.n
    assert {size_of(one) for one in done.files} == {(1024, 640)}
    assert done.remark == ""


async def test_masked_edit_changes_what_is_painted(proxy: str, photo: Photo, tmp_path: Path) -> None:
    alpha = np.full((300, 451), 255, np.uint8)
    alpha[100:200, 150:300] = 0
    mask = tmp_path / "mask.png"
    Image.merge("RGBA", [Image.new("L", (451, 300))] * 3 + [Image.fromarray(alpha)]).save(mask)
    params = PLAIN.replace(prompt="make it red", size="auto")

    done = await edited(
        shipped("LiteLLM", proxy), tmp_path / "out", photo("chelsea.png"), mask=mask, params=params
    )

    after = Image.open(done.files[0]).convert("RGB")
    before = np.asarray(Image.open(photo("chelsea.png")).convert("RGB").resize(after.size), np.int16)
    changed = np.abs(np.asarray(after, np.int16) - before).mean(axis=2)
    inside = np.asarray(Image.fromarray(alpha).resize(after.size, Image.Resampling.NEAREST)) == 0
    assert changed[inside].mean() > 4 * changed[~inside].mean()


async def test_sixteen_pictures_go_through(proxy: str, photo: Photo, tmp_path: Path) -> None:
    pictures = [
        photo(name, (64 + number, 48)) for number, name in enumerate(["coffee.jpg", "rocket.png"] * 8)
    ]

    done = await edited(shipped("LiteLLM", proxy), tmp_path / "out", *pictures, mask=None, params=PLAIN)

    assert len(done.files) == 1
