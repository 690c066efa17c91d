"""What a model takes at an endpoint: its row of the table, narrowed by what the endpoint leaves out."""

import msgspec

from overpaint.core.request.api_fields import ApiField, Number, PictureSize, fields_of
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
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
    for name in refusals:
        spec = _without(spec, name)
    return msgspec.structs.replace(spec, refusals={**spec.refusals, **refusals}) if refusals else spec


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
