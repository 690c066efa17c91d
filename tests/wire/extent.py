"""How far the proofs go: a good sample in the suite, everything when ``WIRE_PROOFS=full`` is set by hand.

``WIRE_PROOFS=full python -m pytest tests/wire -s`` takes an hour on one core and prints its counts.
"""

import os

FULL = os.environ.get("WIRE_PROOFS") == "full"

LIMIT = 7200 if FULL else 120
"""Seconds that one test may take."""
