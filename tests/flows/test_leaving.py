"""The program ends in peace, whatever was copied in it."""

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys
import numpy as np
from PySide6.QtCore import QTimer
from overpaint.ui import program
from overpaint.ui.mask_clipboard import MaskClipboard

opened = program.open_window

def open_and_leave(studio, files):
    window = opened(studio, files)
    MaskClipboard().put(np.full((20, 30), 255, np.uint8))
    QTimer.singleShot(0, window.close)
    return window

program.open_window = open_and_leave
sys.exit(program.start([]))
"""


def test_program_ends_without_a_crash_after_a_mask_was_copied(tmp_path: Path) -> None:
    surroundings = {**os.environ, "OVERPAINT_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=surroundings, capture_output=True, timeout=60, check=False
    )

    assert ended.returncode == 0, ended.stderr.decode()
