"""A process that dies leaves no image of its memory, and so no key, in any file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

KEY = "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"
DIES = """
import os, resource, signal, sys
from overpaint.studio.config.key_store import KeyStore
from overpaint.studio.process.core_dumps import forbid_core_dumps
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
keys = KeyStore()
if sys.argv[1] == "protected":
    forbid_core_dumps(and_looking_in=False)
os.kill(os.getpid(), signal.SIGSEGV)
"""
LOOKED_INTO = """
import sys
from overpaint.studio.process.core_dumps import forbid_core_dumps
forbid_core_dumps(and_looking_in=True)
print("ready", flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, and where Linux dumps")


def dumps_here() -> bool:
    """Whether dumps lie in the folder of the process, so that they are found."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    import resource

    return not pattern.startswith(("|", "/")) and resource.getrlimit(resource.RLIMIT_CORE)[1] != 0


@pytest.mark.skipif(not dumps_here(), reason="this system keeps dumps elsewhere, or none")
@pytest.mark.parametrize(("how", "dumped"), [("protected", False), ("unprotected", True)])
def test_process_that_dies_leaves_no_dump(tmp_path: Path, how: str, dumped: bool) -> None:
    told = {**os.environ, "OVERPAINT_API_KEY": KEY}

    done = subprocess.run([sys.executable, "-c", DIES, how], cwd=tmp_path, env=told, check=False, timeout=60)

    assert done.returncode == -signal.SIGSEGV
    assert bool(list(tmp_path.iterdir())) == dumped


def test_process_that_must_not_be_looked_into_belongs_to_nobody_who_could(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOOKED_INTO], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        owner = Path(f"/proc/{process.pid}/environ").stat().st_uid
        assert process.stdin is not None
        process.stdin.close()

    assert "Max core file size        1 " in limits
    assert owner == 0
