"""What a model takes at an endpoint: its row of the table, narrowed by what the endpoint leaves out."""

from collections.abc import Iterable
from itertools import islice

import msgspec

from overpaint.core.request.api_fields import ApiField, Number, PictureSize, fields_of
from overpaint.core.request.edit_request import Picture
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import AUTO, EditParams
from overpaint.core.request.picture_formats import named
from overpaint.core.request.sizes import SizeRules


def effective_spec(spec: ModelSpec, profile: EndpointProfile) -> ModelSpec:
    """The model's row as it holds at an endpoint, so that problems, prices and fields follow what is sent.

    A field that the profile drops counts as one the model doesn't take, and its refusal names the endpoint.
    """
    dropped = [*profile.drop_fields, *(("stream", "partial_images") if profile.streams == "no" else ())]
    words = f"{profile.host or profile.name} doesn't take"
    refusals = {name: f"{words} {name.replace('_', ' ')}" for name in dropped if not spec.refusal(name)}
    if profile.streams == "no" and "stream" in refusals:
        refusals |= dict.fromkeys(
            ("stream", "partial_images"), f"{profile.host or profile.name} doesn't stream"
        )
    if "mask" in refusals:
        refusals["mask"] = f"{profile.host or profile.name} doesn't use masks"
    for name in refusals:
        spec = _without(spec, name)
    if profile.formats and spec.formats:
        formats = tuple(one for one in spec.formats if one == AUTO or one in profile.formats)
        spec = msgspec.structs.replace(spec, formats=formats)
    return msgspec.structs.replace(spec, refusals={**spec.refusals, **refusals}) if refusals else spec


def unused_inputs(profile: EndpointProfile, spec: ModelSpec, *, masked: bool, pictures: int) -> str:
    """What an endpoint leaves out of account, as sentences to be read before an edit is sent, or ``""``.

    ``spec`` is the model's row at the endpoint; ``pictures`` are those given, ``masked`` whether one has a
    mask.
    """
    said = []
    if masked and (refusal := spec.refusal("mask")):
        said.append(f"{refusal}: your words apply to the whole picture.")
    if pictures > profile.max_pictures:
        used = "first picture" if profile.max_pictures == 1 else f"first {profile.max_pictures} pictures"
        said.append(f"{profile.host or profile.name} looks at the {used} only: the others aren't sent.")
    return " ".join(said)


def converted_inputs(profile: EndpointProfile, pictures: Iterable[Picture]) -> str:
    """Which pictures go to an endpoint as copies in a format that it reads, as a sentence, or ``""``."""
    names = [one.name for one in islice(pictures, profile.max_pictures) if not profile.reads(one.format)]
    if not names:
        return ""
    kind, reads = _copy_format(profile), _reads(profile)
    if len(names) == 1:
        return f"“{names[0]}” goes up as a {kind} copy: {reads}."
    return f"{len(names)} pictures go up as {kind} copies: {reads}."


def conversion_note(profile: EndpointProfile, picture: Picture) -> str:
    """Why a picture goes to an endpoint as a copy in another format, or ``""``."""
    if profile.reads(picture.format):
        return ""
    return f"Goes up as a {_copy_format(profile)} copy: {_reads(profile)}"


def _copy_format(profile: EndpointProfile) -> str:
    return named("png" if profile.reads("png") else profile.formats[0]).title


def _reads(profile: EndpointProfile) -> str:
    taken = " and ".join(named(name).title for name in profile.formats)
    return f"{profile.host or profile.name} reads {taken} only"


def _without(spec: ModelSpec, name: str) -> ModelSpec:
    """A row whose model takes nothing, or only the one usual value, for a field."""
    match fields_of(EditParams).get(name):
        case PictureSize(rules_by=attribute):
            return msgspec.structs.replace(spec, **{attribute: SizeRules()})
        case Number(high_by=attribute, low=low) if attribute:
            return msgspec.structs.replace(spec, **{attribute: low})
        case ApiField(allowed_by=attribute) if attribute:
            return msgspec.structs.replace(spec, **{attribute: type(getattr(spec, attribute))()})
    return spec
