"""Nothing demands more than the screen has: the window and every dialog, at four scales on three screens."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overpaint.studio.config.folders import HOME_VARIABLE

FITTING = Path(__file__).parent / "fitting.py"
ROOT = FITTING.parents[2]


def screen(size: str, at: int) -> dict[str, object]:
    """A screen as the offscreen platform wants it described, beside the others."""
    width, height = map(int, size.split("x"))
    place = {"name": size, "x": 5000 * at, "y": 0, "width": width, "height": height}
    return {**place, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}


@pytest.mark.parametrize(
    ("scale", "screens"),
    [
        ("1", ("1024x700", "1366x768", "1440x900")),
        ("1.25", ("1024x700", "1366x768", "1440x900")),
        ("1.5", ("1024x700", "1366x768", "1440x900")),
        ("2", ("1366x768", "1440x900")),
    ],
)
def test_window_and_dialogs_fit_with_every_control_in_reach(tmp_path, scale, screens) -> None:
    setup = tmp_path / "screens.json"
    setup.write_text(json.dumps({"screens": [screen(name, at) for at, name in enumerate(screens)]}))
    surroundings = {
        **os.environ,
        HOME_VARIABLE: str(tmp_path / "home"),
        "QT_QPA_PLATFORM": f"offscreen:configfile={setup}",
        "QT_SCALE_FACTOR": scale,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "app"), str(ROOT))),
    }

    ended = subprocess.run(
        [sys.executable, str(FITTING)],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == []
