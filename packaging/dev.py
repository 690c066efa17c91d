"""Sets up Overpaint in this checkout by itself, then does a job: run, test, shots, bench, package or engine.

This file alone must be readable for old Pythons, so that they can be told what is missing.
"""

import os
import sys

OLDEST = (3, 11)


def main() -> int:
    """Do the job named on the command line; the exit status says whether it went well."""
    found = sys.version_info[:2]
    if found < OLDEST:
        print(too_old(found, sys.executable), file=sys.stderr)
        return 1
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - old Pythons
    import dev_jobs

    return dev_jobs.main(sys.argv[1:])


def too_old(found: "tuple[int, ...]", executable: str) -> str:
    """Return the words for a Python of version `found` that is older than `OLDEST`."""
    needed, given = (".".join(str(part) for part in version) for version in (OLDEST, found))
    return (
        f"Overpaint needs Python {needed} or newer, and this is Python {given} ({executable}).\n"
        "Install a newer Python and start this with it, for example:\n"
        f"    python{needed} packaging/dev.py run"
    )


if __name__ == "__main__":
    sys.exit(main())
