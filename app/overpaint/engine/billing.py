"""What an edit would have cost elsewhere: token counts by the service's formulas."""

from collections.abc import Sequence

from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.sizes import Size
from overpaint.core.results import prices
from overpaint.core.results.usage import Usage
from overpaint.engine.fields import EditFields

_COUNTED_AS = {"xhigh": "high", "max": "high"}


def usage_of(fields: EditFields, pictures: Sequence[Size], result: Size) -> Usage:
    """Tokens of a finished edit: text and pictures in, ``n`` results and the partials shown out.

    Where a model's counts are not published, those of gpt-image-2 stand in for them.
    """
    params = fields.params
    quality = _COUNTED_AS.get(params.quality, params.quality)
    each = _result_tokens(fields.spec, quality, result)
    return Usage(
        input_text_tokens=prices.text_tokens(params.prompt),
        input_image_tokens=sum(
            prices.picture_tokens(one, fields.spec, faithful=params.input_fidelity == "high")
            for one in pictures
        ),
        output_tokens=each * params.n + prices.PARTIAL_TOKENS * params.partial_images,
    )


def _result_tokens(spec: ModelSpec, quality: str, result: Size) -> int:
    tokens = prices.output_tokens(spec, quality, result)
    if tokens is not None:
        return tokens
    dollars = spec.output_dollars.get(quality, {}).get(str(result))
    if dollars is not None and spec.prices is not None:
        return round(dollars * 1_000_000 / spec.prices.out)
    return prices.gpt_image_2_tokens(quality, result)
