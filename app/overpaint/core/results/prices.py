"""What an edit costs: token counts by the service's formulas, and dollars from the model table.

Output tokens of gpt-image-2 follow the formula that reproduces the published counts; those of the
older models are published per size. Counts of picture input are measured or billed, not published.
"""

import math
from functools import lru_cache
from itertools import product

import msgspec

from overpaint.core.request.model_table import ModelSpec
from overpaint.core.request.params import EditParams
from overpaint.core.request.request_rules import requests
from overpaint.core.request.sizes import Size, SizeRules, is_legal, parse
from overpaint.core.results.usage import Usage

PARTIAL_TOKENS = 100
"""Output tokens that each partial picture adds."""

_FACTORS = {"low": 16, "medium": 48, "high": 96}
_PATCH = 32
_PATCH_BUDGET = 1536
_CHARACTERS_A_TOKEN = 4
_TILE = 512
_LARGEST_TILED = 2048
_TOKENS_A_TILE = 129
_TOKENS_BESIDE_TILES = 65
_ALMOST_SQUARE = 1.05
_FAITHFUL_SQUARE, _FAITHFUL_OTHER = 4096, 6144
_CENT, _TENTH = 0.0095, 0.0005
"""What rounds to a cent, and to a tenth of one."""


class Estimate(msgspec.Struct, frozen=True):
    """What an edit is likely to cost, in US dollars: between ``low`` and ``high``, which are equal
    when the size and the quality are fixed. The parts add up to ``high``.

    ``known`` is false where the model's prices or counts are not published; all sums are then 0.
    """

    low: float = 0.0
    high: float = 0.0
    text_in: float = 0.0
    images_in: float = 0.0
    output: float = 0.0
    partials: float = 0.0
    known: bool = False

    def share(self, count: int) -> "Estimate":
        """What one of ``count`` equal requests is likely to cost."""
        return Estimate(
            self.low / count,
            self.high / count,
            self.text_in / count,
            self.images_in / count,
            self.output / count,
            self.partials / count,
            known=self.known,
        )

    def words(self) -> str:
        """``$0.17``, a range ``$0.01 – $0.43``, ``free``, or ``""`` when the price isn't known."""
        if not self.known:
            return ""
        if not self.high:
            return "free"
        low, high = dollars(self.low), dollars(self.high)
        return high if low == high else f"{low} – {high}"


def dollars(amount: float) -> str:
    """A price as it is said everywhere: in whole cents, below one cent in tenths of it."""
    if amount >= _CENT or not amount:
        return f"${amount:.2f}"
    return f"${amount:.3f}" if amount >= _TENTH else "< $0.001"


def estimate(
    params: EditParams, spec: ModelSpec, pictures: tuple[Size, ...], multiplier: float = 1.0
) -> Estimate:
    """The likely price of an edit before it is sent; ``multiplier`` is the endpoint's own markup.

    Several pictures that stream are requests of their own, each with all of the input.
    """
    if spec.prices is None:
        return Estimate()
    likely = product(_qualities(params, spec), _sizes(params, spec))
    outputs = [price for one in likely if (price := _output_dollars(spec, *one)) is not None]
    if not outputs:
        return Estimate()
    million = 1_000_000
    sent = requests(params, spec) * multiplier
    text_in = text_tokens(params.prompt) * spec.prices.text_in / million * sent
    faithful = params.input_fidelity == "high" and "high" in spec.input_fidelities
    counted = sum(picture_tokens(one, spec, faithful=faithful) for one in pictures)
    images_in = counted * spec.prices.image_in / million * sent
    shown = params.partial_images if params.stream and not spec.refusal("partial_images") else 0
    partials = shown * PARTIAL_TOKENS * spec.prices.out / million * params.n * multiplier
    lowest, highest = (pick(outputs) * params.n * multiplier for pick in (min, max))
    fixed = text_in + images_in + partials
    return Estimate(fixed + lowest, fixed + highest, text_in, images_in, highest, partials, known=True)


def cost(usage: Usage, spec: ModelSpec, multiplier: float = 1.0) -> float | None:
    """Dollars for the usage a service reported; None when the model's prices are not known."""
    if spec.prices is None:
        return None
    prices = spec.prices
    text, image, cached = usage.input_text_tokens, usage.input_image_tokens, 0
    if prices.cached is not None:
        # Which part was kept isn't said; pictures are nearly all of an edit's input.
        cached = usage.cached_tokens
        image, text = max(0, image - cached), text - max(0, cached - image)
    kept = cached * (prices.cached or 0)
    dollars = text * prices.text_in + image * prices.image_in + kept + usage.output_tokens * prices.out
    return dollars / 1_000_000 * multiplier


def output_tokens(spec: ModelSpec, quality: str, size: Size) -> int | None:
    """Picture tokens of one result; None where the counts are not published."""
    if spec.token_formula == "gpt-image-2" and quality in _FACTORS:
        return gpt_image_2_tokens(quality, size)
    return spec.output_tokens.get(quality, {}).get(str(size))


def gpt_image_2_tokens(quality: str, size: Size) -> int:
    """Output tokens of gpt-image-2 for ``low``, ``medium`` or ``high``: exact against the published."""
    factor = _FACTORS[quality]
    long_side, short_side = max(size.width, size.height), min(size.width, size.height)
    scaled = (2 * factor * short_side + long_side) // (2 * long_side)
    return -(-factor * scaled * (2_000_000 + size.area) // 4_000_000)


NEAR_AREA, NEAR_RATIO = 0.08, 0.08
"""How far area (as a share) and aspect (as a logarithm) of a cheaper size may stray."""

WORTH_SAYING = 0.10


def cheaper_nearby(params: EditParams, spec: ModelSpec) -> tuple[Size, float] | None:
    """A legal size of about the same area and ratio whose output costs at least a tenth less, with the share
    it saves; None when there is none, or the counts are not known. The price isn't monotone in size."""
    size = parse(params.size)
    if size is None or spec.token_formula != "gpt-image-2" or params.quality not in _FACTORS:
        return None
    return _cheaper(params.quality, size, spec.sizes)


@lru_cache(maxsize=128)
def _cheaper(quality: str, size: Size, rules: SizeRules) -> tuple[Size, float] | None:
    if not is_legal(size, rules):
        return None
    tokens = gpt_image_2_tokens(quality, size)
    near = (Size(width, height) for width in _sides(size.width) for height in _sides(size.height))
    priced = [
        (gpt_image_2_tokens(quality, one), abs(one.area - size.area), one)
        for one in near
        if abs(one.area / size.area - 1) <= NEAR_AREA
        and abs(math.log(one.aspect / size.aspect)) <= NEAR_RATIO
        and is_legal(one, rules)
    ]
    least, _, best = min(priced)
    saved = 1 - least / tokens
    return (best, saved) if saved >= WORTH_SAYING else None


def _sides(side: int) -> range:
    """Multiples of 16 within an eighth of a side."""
    reach = side // 128 * 16
    return range(max(16, side // 16 * 16 - reach), side + reach + 1, 16)


def picture_tokens(size: Size, spec: ModelSpec, *, faithful: bool = False) -> int:
    """Input tokens of one picture of an edit; ``faithful`` asks for it with high input fidelity, which counts
    where a model has the choice."""
    if spec.picture_tokens == "tiles":
        return tiled_tokens(size, faithful=faithful)
    return patched_tokens(size)


def tiled_tokens(size: Size, *, faithful: bool = False) -> int:
    """Input tokens of one picture (gpt-image-1, 1.5 and mini): 512-px tiles of the picture as it is fitted
    into 2048 x 2048 and its shorter side brought to 512. One that is almost square counts as a square."""
    long_side, short_side = max(size.width, size.height), min(size.width, size.height)
    if long_side <= short_side * _ALMOST_SQUARE:
        return _TOKENS_BESIDE_TILES + _TOKENS_A_TILE + (_FAITHFUL_SQUARE if faithful else 0)
    # With the shorter side at 512 the longer one is 512 times their ratio; 2048 is all that it may have.
    across = min(_LARGEST_TILED // _TILE, -(-long_side // short_side))
    return _TOKENS_BESIDE_TILES + _TOKENS_A_TILE * across + (_FAITHFUL_OTHER if faithful else 0)


def patched_tokens(size: Size) -> int:
    """Input tokens of one picture (gpt-image-2): 32-px patches of the picture on its canvas.

    Small pictures are magnified at most twice toward 1024 on the long side, the canvas ratio is kept
    between 1:3 and 3:1, and beyond 1536 patches the picture is shrunk in proportion.
    """
    scale = min(2.0, max(1.0, 1024 / max(size.width, size.height)))
    width, height = size.width * scale, size.height * scale
    width, height = max(width, height / 3), max(height, width / 3)
    patches = _patches(width, height)
    if patches <= _PATCH_BUDGET:
        return patches
    shrink = math.sqrt(_PATCH_BUDGET * _PATCH * _PATCH / (width * height))
    columns, rows = (math.floor(side * shrink / _PATCH) for side in (width, height))
    return max(1, columns) * max(1, rows)


def text_tokens(prompt: str) -> int:
    """A rough count of a prompt's tokens: four characters each, never exact."""
    return math.ceil(len(prompt) / _CHARACTERS_A_TOKEN)


def _patches(width: float, height: float) -> int:
    return math.ceil(width / _PATCH) * math.ceil(height / _PATCH)


def _qualities(params: EditParams, spec: ModelSpec) -> tuple[str, ...]:
    known = tuple(_FACTORS) if spec.token_formula else tuple(spec.output_tokens or spec.output_dollars)
    quality = params.quality if spec.qualities else "auto"
    return known if quality == "auto" else (quality,)


def _sizes(params: EditParams, spec: ModelSpec) -> tuple[Size, ...]:
    size = None if spec.refusal("size") else parse(params.size)
    if size is not None:
        return (size,)
    if spec.sizes.listed:
        return tuple(one for text in spec.sizes.listed if (one := parse(text)) is not None)
    return (Size(1024, 1024), Size(1536, 1024), Size(1024, 1536))


def _output_dollars(spec: ModelSpec, quality: str, size: Size) -> float | None:
    listed = spec.output_dollars.get(quality, {}).get(str(size))
    if listed is not None:
        return listed
    tokens = output_tokens(spec, quality, size)
    return None if tokens is None or spec.prices is None else tokens * spec.prices.out / 1_000_000
