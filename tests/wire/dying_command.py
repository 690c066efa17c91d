"""The command line, killed at one step of saving its picture.

Called with the number of the step, then with the words of the command. Steps are calls that change the disk,
counted from the moment at which the picture's first file is made; the call with that number isn't made any
more. Without so many steps the command ends as it does.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from overpaint.cli import main

CALLS = ("open", "write", "fsync", "link", "replace", "unlink", "rename")


class Dying:
    """Counts the steps; the first one is the making of a temporary file that is named by a date."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.count = 0

    def wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            begins = name == "open" and str(args[0]).startswith(".20") and " " in args[0]
            if self.count or begins:
                self.count += 1
            if self.count == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        return call


if __name__ == "__main__":
    dying = Dying(int(sys.argv.pop(1)))
    for name in CALLS:
        setattr(os, name, dying.wrap(name, getattr(os, name)))
    code = main()
    sys.stderr.write(f"\nsteps {dying.count}\n")
    sys.exit(code)
