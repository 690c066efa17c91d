"""What is said of a result that was laid into its picture, or couldn't be."""

from overpaint.core.results.blending import Drift
from overpaint.core.results.result_placement import Placement

ANOTHER_PICTURE = (
    "The service drew another picture, so it can't be laid into yours. Nothing is lost: the result is saved."
)
ALL_PAINTED = "All of it is painted, so nothing is left to keep."
NO_MASK = "No mask: the whole picture is the result."
SOURCE_GONE = "The picture it was made of has gone or changed, so the result stands as it came."
OTHER_SHAPE = "The mask is of another size than the picture, so the result stands as it came."

NOT_KEPT = "Something went wrong as the result was laid in: it stands as it came."

_STILL = 0.05


def proof(drift: Drift) -> str:
    """How many pixels outside of the mask differ in the picture that is kept."""
    return f"{drift.changed_after:,} of {drift.outside:,} pixels outside changed"


def placed(placement: Placement, drift: Drift) -> str:
    """How the result lay, and what the service had done to the rest."""
    if placement.way == "as it came":
        where = "Laid in as it came"
    elif placement.moved < _STILL and abs(placement.zoomed - 1.0) < _STILL / 100:
        where = "Nothing had moved"
    else:
        where = f"Aligned: {placement.moved:.1f} px, {100 * placement.zoomed:.1f} %"
    return (
        f"{where}. Of the rest the service had rendered {_share(drift.rerendered)} anew and redrawn "
        f"{_share(drift.redrawn)}."
    )


def _share(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 or not share else "< 1 %"
