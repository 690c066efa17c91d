"""``overpaint keep``, and what ``overpaint edit`` does with its results: nothing changes but what was
masked."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from overpaint.core.errors import OverpaintError
from overpaint.core.results.blending import BY_SIZE, Seam
from overpaint.core.results.kept_composite import Composite
from overpaint.studio.config.folders import Folders

_OK, _FAILED, _WRONG = 0, 1, 2


def run(words: Sequence[str]) -> int:
    """Makes the kept picture of one result anew; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="overpaint keep",
        description="Lay a result into the picture it was made of, so that nothing outside the mask changes.",
    )
    parser.add_argument("result", type=Path, metavar="RESULT", help="a result in a gallery, with its sidecar")
    add_seam_options(parser)
    parser.add_argument("--json", action="store_true", help="end with one JSON object on standard output")
    given = parser.parse_args(words)
    seam = seam_of(given, parser)
    from overpaint.studio.results import kept_words
    from overpaint.studio.results.keep_again import keep_again  # loads here, with OpenCV

    folders = Folders.find()
    try:
        file, composite = keep_again(given.result.absolute(), seam, (folders.drafts, folders.pictures))
    except OverpaintError as fault:
        if given.json:
            print(json.dumps({"error": {"kind": fault.kind, "message": fault.sentence()}}))
        print(f"overpaint keep: {fault.sentence()}", file=sys.stderr)
        return _FAILED
    print(f"{kept_words.proof(composite.drift)}.", file=sys.stderr)
    report = {"kept": [str(file)], "drift": drift_report(composite)}
    print(json.dumps(report) if given.json else str(file))
    return _OK


def add_seam_options(parser: argparse.ArgumentParser) -> None:
    """How a result is laid in, as options."""
    parser.add_argument("--feather", type=float, metavar="PX", help="how far the result comes in by degrees")
    parser.add_argument("--grow", type=float, metavar="PX", help="how much larger the mask is than its file")
    parser.add_argument(
        "--match", type=float, metavar="PERCENT", help="how much of the difference in colour is taken away"
    )


def seam_of(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Seam | None:
    """The seam that the options ask for, None where none was given; ends the command with words for values
    out of range."""
    if given.feather is None and given.grow is None and given.match is None:
        return None
    values = {
        "feather": BY_SIZE if given.feather is None else given.feather,
        "grow": given.grow or 0.0,
        "match": 1.0 if given.match is None else given.match / 100.0,
    }
    try:
        seam = msgspec.convert(values, Seam)
    except msgspec.ValidationError as fault:
        parser.error(f"the seam can't be set so: {fault}")
    if given.feather is not None and given.feather < 0:
        parser.error("the feather goes from 0 to 250 pixels")
    return seam


def drift_report(composite: Composite | None) -> dict[str, Any] | None:
    """What a service had done outside the mask, for JSON."""
    if composite is None:
        return None
    drift = composite.drift
    return {
        "rerendered": drift.rerendered,
        "redrawn": drift.redrawn,
        "moved_px": composite.layers[0].placement.moved,
        "outside": drift.outside,
        "changed_after": drift.changed_after,
    }


def keep_all(files: Sequence[Path], seam: Seam | None) -> tuple[list[Path], Composite | None, str]:
    """The kept pictures of results that were just saved, how the first of them was made, and in words what
    couldn't be kept: the results themselves are safe in any case."""
    from overpaint.studio.results.keep_again import keep_again  # loads here, with OpenCV

    folders = Folders.find()
    kept: list[Path] = []
    first: Composite | None = None
    words: list[str] = []
    for file in files:
        try:
            made, composite = keep_again(file, seam or Seam(), (folders.drafts,))
        except OverpaintError as fault:
            words.append(fault.sentence())
            continue
        kept.append(made)
        first = first or composite
    return kept, first, " ".join(dict.fromkeys(words))
