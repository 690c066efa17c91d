"""What an edit will do, in words: which picture is edited, where, what goes along, and what stays behind."""

from collections.abc import Sequence

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.sizes import parse
from overpaint.studio.document.effective_spec import converted_inputs, unused_inputs
from overpaint.studio.document.tray import Tray, TrayItem


def plan(sent: Tray, spec: ModelSpec, size: str) -> str:
    """What will happen to the pictures that are sent, in one or two sentences; ``""`` without any.

    ``size`` is the parameter.
    """
    if not sent:
        return ""
    first, *others = sent
    where = ", inside its mask" if _is_masked(first, spec) else " as a whole"
    words = f"Edits 1 · {first.name}{where}"
    if others:
        names = [f"{number} · {one.name}" for number, one in enumerate(others, 2)]
        words += f"; {_listed(names)} as {'reference' if len(others) == 1 else 'references'}"
    return f"{words}. {_smaller(first, size, spec)}".rstrip()


def warning(sent: Tray, spec: ModelSpec, endpoint: EndpointProfile) -> str:
    """What masks and pictures mean for the edit where that isn't plain; slips are for ``mask_checks``."""
    if not sent:
        return ""
    painted = not sent[0].mask.is_empty()
    unused = unused_inputs(endpoint, spec, masked=painted, pictures=len(sent))
    converted = converted_inputs(endpoint, (item.picture for item in sent))
    return " ".join(filter(None, ("" if painted else "Nothing is painted.", unused, converted)))


def unsent_paint(sent: Tray, shown: TrayItem | None) -> str:
    """What is painted on others than the picture that is edited, and so won't be sent, as a sentence, or
    ``""``. A picture that is left out and not on the canvas waits for its own edit: nothing is said of it."""
    lost = [one for one in sent[1:] if _is_painted(one)]
    if shown is not None and not shown.sent and _is_painted(shown):
        lost.insert(0, shown)
    if not lost:
        return ""
    names = "it" if lost == [shown] else _listed([one.name for one in lost])
    return f"What you painted on {names} isn't sent."


def _is_masked(item: TrayItem, spec: ModelSpec) -> bool:
    return not item.mask.is_empty() and not spec.refusal("mask")


def _is_painted(item: TrayItem) -> bool:
    return not item.mask.is_empty()


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _smaller(first: TrayItem, size: str, spec: ModelSpec) -> str:
    """Which size comes back where that is smaller than the picture, as a sentence, or ``""``; with ``auto``
    only what the model can't exceed is known."""
    picture, wanted, most = first.picture.size, parse(size), spec.sizes.max_area
    has = f"the picture is {picture.width} × {picture.height}."
    if wanted is not None and wanted.area < picture.area:
        return f"Comes back as {wanted.width} × {wanted.height}; {has}"
    if wanted is None and most and most < picture.area:
        return f"Comes back with at most {most / 1e6:.1f} MP; {has}"
    return ""
