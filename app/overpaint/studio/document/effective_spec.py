"""What a model takes at an endpoint: its row of the table, narrowed by what the endpoint leaves out."""

import msgspec

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.sizes import SizeRules

_NOT_TAKEN: dict[str, dict[str, object]] = {
    "stream": {"streams": False},
    "partial_images": {"max_partials": 0},
    "n": {"max_count": 1},
    "size": {"sizes": SizeRules()},
    "quality": {"qualities": ()},
    "background": {"backgrounds": ()},
    "moderation": {"moderations": ()},
    "output_format": {"formats": ()},
    "input_fidelity": {"input_fidelities": ()},
}


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
        spec = msgspec.structs.replace(spec, **_NOT_TAKEN.get(name, {}))
    return msgspec.structs.replace(spec, refusals={**spec.refusals, **refusals}) if refusals else spec
