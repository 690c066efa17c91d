"""The masks are the same on screens of every scale: each has a process, since Qt asks once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.painter.easel import SMALL

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("ratio", ["1.25", "1.5", "2.0"])
def test_masks_of_all_tools_on_a_screen_of_another_scale_are_the_oracles(subject, ratio) -> None:
    path, _ = subject(SMALL)
    paths = os.pathsep.join([str(ROOT / "app"), str(ROOT)])
    environment = {**os.environ, "QT_SCALE_FACTOR": ratio, "PYTHONPATH": paths}

    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "painter" / "matrix_at_scale.py", path, ratio],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {}
    assert "QPainter" not in done.stderr
