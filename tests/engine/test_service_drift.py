"""The engine's switch for drawing as the service does: what it takes, and that it can be undone."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from tests.conftest import Photo

from overpaint.imaging.registration.register import register
from overpaint.imaging.service_drift import VARIABLE, ServiceDrift, drifted, parse


@pytest.mark.parametrize(
    ("words", "drift"),
    [
        ("", None),
        ("off", None),
        ("on", ServiceDrift()),
        ("move=3, zoom=1.02", ServiceDrift(move=3, zoom=1.02)),
        ("TURN=-1 tint=0", ServiceDrift(turn=-1, tint=0)),
    ],
)
def test_words_of_the_switch(words: str, drift: ServiceDrift | None) -> None:
    assert parse(words) == drift


@pytest.mark.parametrize("words", ["move", "sideways=3", "zoom=7", "turn=much"])
def test_engine_with_words_that_mean_nothing_says_so_and_does_not_start(words: str) -> None:
    with pytest.raises(ValueError, match=VARIABLE):
        parse(words)


def test_engine_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "zoom=7")

    done = subprocess.run(
        [sys.executable, "-m", "overpaint", "engine"], capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"overpaint engine: {VARIABLE}")


def test_drift_is_what_it_says(photo: Photo) -> None:
    picture = np.asarray(Image.open(photo("coffee.png")).convert("RGB"))

    found = register(picture, drifted(picture, ServiceDrift(move=5, zoom=0.98, turn=0.5)))

    assert found.way == "aligned"
    assert found.zoomed == pytest.approx(0.98, abs=0.002)
    assert found.map.angle == pytest.approx(0.5, abs=0.05)
