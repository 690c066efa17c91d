"""A settings file in which no value is the default, to be broken at any place."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.core.request.model_table import Prices
from overpaint.core.request.params import EditParams
from overpaint.core.results.blending import Seam
from overpaint.studio.config.settings import BrushSettings, PenSettings, SelectionSettings, Settings

PROFILE = EndpointProfile(
    "My own",
    "http://10.0.0.5:8000/v1",
    "/image/edits",
    auth="api-key",
    headers={"x-team": "Düne", "x-floor": "2"},
    query={"api-version": "preview"},
    image_field="image",
    mask_field="mask_image",
    formats=("png", "jpeg"),
    max_pictures=3,
    true_word="True",
    drop_fields=("user", "moderation"),
    response_format="b64_json",
    streams="ask",
    timeouts=Timeouts(1.5, 20.0, 60.0),
    proxy="http://proxy:3128",
    ca_file="/etc/ca.pem",
    allow_plain_http=True,
    models=("house-model", "other"),
    price_multiplier=1.25,
    note="Ask Ada.",
)
_PEN = PenSettings(to_size=False, size_curve="soft", least_size=0.2, to_opacity=True, opacity_curve="firm")

FULL = Settings(
    theme="dark",
    gallery="/tmp/Client Ä",
    endpoint="My own",
    endpoints=(PROFILE,),
    running_at_once=3,
    daily_cap=4.5,
    keep_metadata=True,
    keep_rest=False,
    seam=Seam(feather=12.0, grow=-2.0, match=0.5, align=False),
    undo_megabytes=128,
    mask_view="ants",
    mask_colour="#00ff00",
    mask_opacity=0.7,
    navigator=False,
    brush=BrushSettings(10.0, 0.1, 0.2, 0.3, _PEN),
    eraser=BrushSettings(11.0, 0.2, 0.3, 0.4, _PEN),
    quick=BrushSettings(12.0, 0.3, 0.4, 0.5, _PEN),
    selection=SelectionSettings(feather=3, smooth=False, tolerance=9, contiguous=False, sample="result"),
    params=EditParams(
        prompt="A “prompt”",
        model="gpt-image-1",
        input_fidelity="high",
        n=3,
        size="1024x1024",
        quality="low",
        background="opaque",
        moderation="low",
        output_format="webp",
        output_compression=70,
        stream=False,
        partial_images=1,
        user="me",
    ),
    prices={"house": Prices(1.0, 2.0, 3.0, 0.5), "gpt-image-2": Prices(4.0, 5.0, 6.0, 2.0)},
    fields={"place": "beach", "season": "winter"},
)


def full_file() -> dict[str, Any]:
    """All of it as plain values, anew each time."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(FULL))
    return plain


def put(file: Path, document: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(tomli_w.dumps(document).encode())


def text(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))
