"""Freed pictures go back to the system."""

import subprocess
import sys

import pytest

_PROGRAM = """
from pathlib import Path
import numpy as np
from overpaint.studio.memory import return_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

assert return_large_blocks()
first = np.ones(20 * 2**20, np.uint8)  # freed, it would have glibc take the next ones from its heap
del first
before = resident()
blocks = [(np.ones(12 * 2**20, np.uint8), np.ones(2**20, np.uint8)) for _ in range(8)]
kept = [small for _, small in blocks]
assert resident() - before > 90
del blocks
assert resident() - before < 16, resident() - before
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has the choice")
def test_large_blocks_that_are_freed_are_not_held() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
