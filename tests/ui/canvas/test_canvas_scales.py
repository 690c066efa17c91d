"""The canvas is exact on screens of 100, 125, 150 and 200 %: each has a process, since Qt asks once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("ratio", ["1.0", "1.25", "1.5", "2.0"])
def test_canvas_on_a_screen_of_another_scale_is_exact(photo, ratio) -> None:
    paths = os.pathsep.join([str(ROOT / "app"), str(ROOT)])
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": ratio,
        "PYTHONPATH": paths,
        "QT_QPA_PLATFORM": "offscreen",
    }

    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "ui" / "canvas" / "canvas_at_scale.py", photo("coffee.png"), ratio],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "QPainter" not in done.stderr
