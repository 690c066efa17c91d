"""The servers that a new installation knows, a row each, with all in which they differ from OpenAI.

Checked in November 2026 against what the servers' own sources and documentation say.
"""

from overpaint.core.request.endpoint_profile import OFFLINE, EndpointProfile, Timeouts

_UNHURRIED = Timeouts(read=3600.0, total=7200.0)
"""For servers that are silent until the picture is done, which takes minutes or, on a processor, an hour."""

BUILT_IN: tuple[EndpointProfile, ...] = (
    EndpointProfile(OFFLINE, auth="bearer", note="Runs on this computer, needs no key, costs nothing."),
    EndpointProfile("OpenAI", "https://api.openai.com/v1"),
    EndpointProfile("AGCloud", note="Type the base URL that AGCloud gave you."),
    EndpointProfile(
        "Azure OpenAI",
        auth="api-key",
        query={"api-version": "preview"},
        image_field="image[]",
        true_word="True",
        note="The base URL is your resource's address with /openai/v1; the model is the deployment's name.",
    ),
    EndpointProfile(
        "LiteLLM",
        streams="no",
        note="The address of your proxy, with /v1. It is not asked to stream: it would post a streamed edit,"
        " which is billed, and then fail. Change that below once yours can.",
    ),
    EndpointProfile(
        "SGLang",
        streams="no",
        response_format="b64_json",
        drop_fields=("quality", "mask"),
        price_multiplier=0,
        note="The address of your server, with /v1. It leaves masks unused, and means something else by"
        " quality; neither is sent.",
    ),
    EndpointProfile(
        "vLLM-Omni",
        streams="no",
        response_format="b64_json",
        mask_field="mask_image",
        drop_fields=("model",),
        price_multiplier=0,
        note="The address of your server, with /v1. It edits with the model that it serves; no other name"
        " may be sent.",
    ),
    EndpointProfile(
        "stable-diffusion.cpp",
        "http://127.0.0.1:1234/v1",
        auth="none",
        image_field="image[]",
        streams="no",
        formats=("png", "jpeg"),
        timeouts=_UNHURRIED,
        price_multiplier=0,
        note="A server on this computer needs no key. Start it with --strength 1, or masked edits hardly"
        " show. It answers only when the picture is done.",
    ),
    EndpointProfile(
        "Lemonade",
        "http://127.0.0.1:13305/v1",
        auth="none",
        streams="no",
        formats=("png", "jpeg"),
        max_pictures=1,
        timeouts=_UNHURRIED,
        price_multiplier=0,
        note="A server on this computer needs no key. It edits the first picture alone, and answers only when"
        " the picture is done: minutes on a processor.",
    ),
    EndpointProfile(
        "Xinference",
        "http://127.0.0.1:9997/v1",
        auth="none",
        streams="no",
        response_format="b64_json",
        timeouts=_UNHURRIED,
        price_multiplier=0,
        note="A server on this computer needs no key. The model is the one that you launched in it.",
    ),
)
"""The profiles a new installation offers; any further one is the user's own."""
