"""Freed pictures go back to the system."""

import subprocess
import sys

import pytest

_PROGRAM = """
from pathlib import Path
import numpy as np
from overpaint.studio.process.malloc import trim_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

assert trim_large_blocks()
first = np.ones(20 * 2**20, np.uint8)  # freed, it would have glibc take the next ones from its heap
del first
before = resident()
blocks = [(np.ones(12 * 2**20, np.uint8), np.ones(2**20, np.uint8)) for _ in range(8)]
kept = [small for _, small in blocks]
assert resident() - before > 90
del blocks
assert resident() - before < 20, resident() - before
"""

_FRAMES = """
import resource
import numpy as np
from overpaint.studio.process.malloc import trim_large_blocks

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

assert trim_large_blocks()
first = np.ones(20 * 2**20, np.uint8)
del first
frame = np.ones(2**18, np.uint32)
frame * frame
before = faults()
for _ in range(100):
    frame * frame
assert faults() - before < 1000, faults() - before
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has the choice")
def test_large_blocks_that_are_freed_are_not_held() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has the choice")
def test_blocks_of_the_size_of_a_frame_are_at_hand_again() -> None:
    done = subprocess.run([sys.executable, "-c", _FRAMES], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
