"""Parameters: what is wrong with them for each model family, and what travels on the wire."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from overpaint.core.errors import Problem
from overpaint.core.request.api_fields import Choice, fields_of
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.request_rules import problems, wire_fields
from overpaint.core.request.sizes import SizeRules

TABLE = ModelTable.load()
MODELS = (
    "gpt-image-2",
    "gpt-image-2-plus",
    "gpt-image-2.5-flare",
    "gpt-image-2.6-sunburst",
    "gpt-image-1.5",
    "gpt-image-1-mini",
    "gpt-image-1",
    "gpt-image-1-plus",
    "some-resellers-own",
)
FIDELITY_TAKEN = {
    "gpt-image-1.5": {"low", "high"},
    "gpt-image-1-mini": {"low"},
    "gpt-image-1": {"low", "high"},
    "gpt-image-1-plus": {"low", "high"},
    "some-resellers-own": {"low", "high"},
}
ELDER = {"gpt-image-1.5", "gpt-image-1-mini", "gpt-image-1", "gpt-image-1-plus"}
MANY_QUALITIES = {"gpt-image-2.5-flare", "gpt-image-2.6-sunburst", "some-resellers-own"}

BARE = EditParams(prompt="Remove the balloon", stream=False)


def faulty_fields(model: str, **changes: object) -> set[str]:
    params = BARE.replace(model=model, **changes)
    return {problem.field for problem in problems(params, TABLE.find(model))}


def wire(model: str, **changes: object) -> dict[str, str]:
    fields = wire_fields(BARE.replace(model=model, **changes), TABLE.find(model))
    assert len(fields) == len(dict(fields)), "a field was sent twice"
    return dict(fields)


# --- model by model: what is refused, and what is sent


@pytest.mark.parametrize("model", MODELS)
def test_bare_params_of_every_model_have_no_problem_and_send_two_fields(model):
    assert faulty_fields(model) == set()
    assert wire(model) == {"model": model, "prompt": "Remove the balloon"}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("fidelity", ["low", "high"])
def test_input_fidelity_is_sent_only_to_models_that_take_it(model, fidelity):
    taken = FIDELITY_TAKEN.get(model, set())

    assert wire(model, input_fidelity=fidelity).get("input_fidelity") == (
        fidelity if fidelity in taken else None
    )


@pytest.mark.parametrize("model", MODELS)
def test_input_fidelity_high_is_a_problem_only_where_low_alone_is_taken(model):
    expected = {"input_fidelity"} if FIDELITY_TAKEN.get(model) == {"low"} else set()

    assert faulty_fields(model, input_fidelity="high") == expected


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("quality", ["low", "medium", "high", "xhigh", "max"])
def test_quality_is_left_out_for_plus_models_and_checked_for_the_rest(model, quality):
    extra = quality in {"xhigh", "max"}
    plus = model.endswith("-plus")

    assert faulty_fields(model, quality=quality) == (
        {"quality"} if extra and not plus and model not in MANY_QUALITIES else set()
    )
    assert ("quality" in wire(model, quality=quality)) is not plus


@pytest.mark.parametrize("model", MODELS)
def test_transparent_background_is_taken_by_the_elder_family_and_unknown_models(model):
    taken = model in ELDER or model == "some-resellers-own"

    assert faulty_fields(model, background="transparent") == (set() if taken else {"background"})
    assert wire(model, background="opaque")["background"] == "opaque"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("output_format", ["png", "webp", "jpeg"])
def test_transparent_background_with_jpeg_is_a_problem_everywhere(model, output_format):
    found = faulty_fields(model, background="transparent", output_format=output_format)

    assert ("output_format" in found) is (output_format == "jpeg")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("output_format", ["auto", "png", "jpeg", "webp"])
def test_compression_travels_only_with_jpeg_and_webp(model, output_format):
    sent = wire(model, output_format=output_format, output_compression=70)

    assert sent.get("output_compression") == ("70" if output_format in {"jpeg", "webp"} else None)
    assert sent.get("output_format") == (None if output_format == "auto" else output_format)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("size", ["1024x1024", "1536x1024", "1024x1536", "auto"])
def test_the_three_classic_sizes_suit_every_model(model, size):
    assert faulty_fields(model, size=size) == set()
    assert wire(model, size=size).get("size") == (None if size == "auto" else size)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("size", ["3840x2160", "2048x1152", "1280x720"])
def test_a_free_size_suits_all_but_the_elder_family(model, size):
    assert faulty_fields(model, size=size) == ({"size"} if model in ELDER else set())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("size", ["1000x1000", "3856x1600", "3840x1024", "512x512", "3840x3840"])
def test_a_size_against_the_rules_is_refused_by_all_checked_models(model, size):
    assert faulty_fields(model, size=size) == (set() if model == "some-resellers-own" else {"size"})


@pytest.mark.parametrize("model", MODELS)
def test_moderation_low_is_sent_to_every_model(model):
    assert faulty_fields(model, moderation="low") == set()
    assert wire(model, moderation="low")["moderation"] == "low"


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("field", ["quality", "background", "moderation", "output_format", "input_fidelity"])
def test_a_word_no_model_knows_is_a_problem_with_a_legal_suggestion(model, field):
    spec = TABLE.find(model)
    params = BARE.replace(model=model, **{field: "shiny"})

    (problem,) = problems(params, spec)

    assert problem.field == field
    assert "“shiny”" in problem.message
    assert problems(params.replace(**{field: problem.suggestion}), spec) == ()


# --- numbers


@given(st.sampled_from(MODELS), st.integers())
def test_count_is_a_problem_exactly_outside_1_to_10(model, n):
    assert faulty_fields(model, n=n) == (set() if 1 <= n <= 10 else {"n"})


@given(st.sampled_from(MODELS), st.integers())
def test_partial_pictures_are_a_problem_exactly_outside_0_to_3(model, count):
    assert faulty_fields(model, stream=True, partial_images=count) == (
        set() if 0 <= count <= 3 else {"partial_images"}
    )


@given(st.sampled_from(MODELS), st.integers())
def test_compression_is_a_problem_exactly_outside_0_to_100(model, percent):
    assert faulty_fields(model, output_compression=percent) == (
        set() if 0 <= percent <= 100 else {"output_compression"}
    )


@given(st.sampled_from(("n", "partial_images", "output_compression")), st.integers())
def test_a_number_out_of_range_suggests_one_in_range(field, value):
    spec = TABLE.find("gpt-image-2")
    params = BARE.replace(**{field: value})

    for problem in problems(params, spec):
        assert problems(params.replace(**{field: int(problem.suggestion)}), spec) == ()


@pytest.mark.parametrize("model", MODELS)
def test_several_pictures_while_streaming_are_a_problem(model):
    assert faulty_fields(model, n=2, stream=True) == {"n"}
    assert faulty_fields(model, n=2, stream=False) == set()


def test_wire_of_several_pictures_sends_their_number():
    assert wire("gpt-image-2", n=4)["n"] == "4"


def test_wire_with_partials_but_no_stream_sends_neither():
    sent = wire("gpt-image-2", stream=False, partial_images=3)

    assert not {"stream", "partial_images"} & set(sent)


def test_wire_with_stream_sends_it_with_its_partials():
    sent = wire("gpt-image-2", stream=True, partial_images=3)

    assert (sent["stream"], sent["partial_images"]) == ("true", "3")


def test_wire_with_stream_and_no_partials_sends_stream_alone():
    sent = wire("gpt-image-2", stream=True, partial_images=0)

    assert sent["stream"] == "true"
    assert "partial_images" not in sent


# --- words


@pytest.mark.parametrize(("length", "fields"), [(1, set()), (32_000, set()), (32_001, {"prompt"})])
def test_prompt_up_to_32000_characters_is_taken(length, fields):
    assert faulty_fields("gpt-image-2", prompt="a" * length) == fields


def test_prompt_too_long_says_by_how_much():
    (problem,) = problems(BARE.replace(prompt="a" * 33_234), TABLE.find("gpt-image-2"))

    assert "1,234 characters too long" in problem.message


@pytest.mark.parametrize("prompt", ["", " ", "\n\t "])
def test_prompt_without_words_is_a_problem(prompt):
    assert faulty_fields("gpt-image-2", prompt=prompt) == {"prompt"}


@pytest.mark.parametrize("model", ["", "  "])
def test_model_without_a_name_is_a_problem(model):
    assert faulty_fields(model) == {"model"}


@pytest.mark.parametrize("field", ["model", "prompt", "user"])
@pytest.mark.parametrize("bad", ["\0", chr(0xD83D), chr(0xDFFF)])
def test_text_that_cannot_be_sent_is_a_problem_with_a_clean_suggestion(field, bad):
    spec = TABLE.find("gpt-image-2")

    (problem,) = problems(BARE.replace(**{field: f"gpt{bad}-x"}), spec)

    assert (problem.field, problem.suggestion) == (field, "gpt-x")


def test_wire_trims_the_model_name_but_never_the_prompt():
    sent = dict(
        wire_fields(BARE.replace(model=" gpt-image-2 ", prompt=" two\nlines "), TABLE.find("gpt-image-2"))
    )

    assert (sent["model"], sent["prompt"]) == ("gpt-image-2", " two\nlines ")


def test_wire_sends_the_user_when_there_is_one():
    assert wire("gpt-image-2", user="u-17")["user"] == "u-17"


# --- size as typed


@pytest.mark.parametrize("typed", ["1536 × 1024", " 1536X1024 ", "01536*1024"])
def test_wire_writes_the_size_in_the_service_spelling_however_typed(typed):
    assert faulty_fields("gpt-image-1", size=typed) == set()
    assert wire("gpt-image-1", size=typed)["size"] == "1536x1024"


def size_problem(text: str, spec: ModelSpec) -> Problem | None:
    found = problems(EditParams(prompt="p", size=text), spec)
    return next((one for one in found if one.field == "size"), None)


@pytest.mark.parametrize("typed", ["", "huge", "1024", "Auto", "0x16"])
def test_size_problem_of_no_size_suggests_auto(typed):
    problem = size_problem(typed, TABLE.find("gpt-image-2"))

    assert problem is not None
    assert problem.suggestion == "auto"


@given(st.integers(1, 999_999), st.integers(1, 999_999), st.sampled_from(MODELS))
def test_size_problem_of_any_size_suggests_one_without_a_problem(width, height, model):
    spec = TABLE.find(model)

    problem = size_problem(f"{width}x{height}", spec)

    assert problem is None or size_problem(problem.suggestion, spec) is None


# --- whatever the row says, no refused field travels

words = st.sampled_from


def values(field: str) -> tuple[str, ...]:
    """Every value that the table knows for a choice."""
    row = fields_of(EditParams)[field]
    assert isinstance(row, Choice)
    return tuple(row.values)


subsets = st.builds(tuple, st.sets(words(("auto", "low", "high"))))
any_spec = st.builds(
    ModelSpec,
    family=st.just("any"),
    names=st.just(("*",)),
    sizes=st.sampled_from((SizeRules(), SizeRules(listed=("512x512",)))),
    qualities=subsets,
    input_fidelities=subsets,
    backgrounds=subsets,
    moderations=subsets,
    formats=st.builds(tuple, st.sets(words(values("output_format")))),
    max_partials=st.integers(0, 3),
    streams=st.booleans(),
)
any_params = st.builds(
    EditParams,
    prompt=st.sampled_from(("Remove it", "auto")),
    input_fidelity=words(values("input_fidelity")),
    n=st.integers(1, 10),
    size=words(("auto", "512x512", "512 × 512")),
    quality=words(values("quality")),
    background=words(values("background")),
    moderation=words(values("moderation")),
    output_format=words(values("output_format")),
    output_compression=st.integers(0, 100),
    stream=st.booleans(),
    partial_images=st.integers(0, 3),
    user=st.sampled_from(("", "u-17")),
)
ORDER = (
    "model",
    "prompt",
    "input_fidelity",
    "n",
    "size",
    "quality",
    "background",
    "moderation",
    "output_format",
    "output_compression",
    "stream",
    "partial_images",
    "user",
)


@given(any_params, any_spec)
def test_wire_never_holds_a_field_the_model_refuses(params, spec):
    sent = dict(wire_fields(params, spec))

    assert [name for name in sent if spec.refusal(name)] == []
    assert "output_compression" not in sent or sent.get("output_format") in {"jpeg", "webp"}
    assert "partial_images" not in sent or sent.get("stream") == "true"
    assert "auto" not in [value for name, value in sent.items() if name != "prompt"]


@given(any_params, any_spec)
def test_wire_keeps_the_order_of_the_documentation(params, spec):
    names = [name for name, _ in wire_fields(params, spec)]

    assert names == [name for name in ORDER if name in names]


@given(any_params, any_spec)
def test_wire_of_params_without_problems_holds_only_values_the_model_takes(params, spec):
    assume(not problems(params, spec))
    sent = dict(wire_fields(params, spec))

    taken = {"quality": spec.qualities, "background": spec.backgrounds, "moderation": spec.moderations}
    assert all(sent[name] in values for name, values in taken.items() if name in sent)
    assert int(sent.get("partial_images", 0)) <= spec.max_partials


def test_transparent_on_a_model_without_backgrounds_is_a_problem_not_a_silent_drop():
    spec = ModelSpec("none", ("*",), backgrounds=())

    (problem,) = problems(BARE.replace(background="transparent"), spec)

    assert problem.field == "background"


def test_partials_on_a_model_that_sends_none_are_left_out_without_a_problem():
    spec = ModelSpec("whole", ("*",), max_partials=0)
    params = BARE.replace(stream=True, partial_images=2)

    assert problems(params, spec) == ()
    assert "partial_images" not in dict(wire_fields(params, spec))


def test_replace_gives_a_copy_and_leaves_the_first_alone():
    changed = BARE.replace(n=3)

    assert (BARE.n, changed.n, changed.prompt) == (1, 3, BARE.prompt)


any_number = st.one_of(st.integers(1, 5000), st.integers(1, 10**9), st.integers(1, 250).map(lambda k: 16 * k))


@given(any_number, any_number)
def test_params_of_any_size_have_no_problem_exactly_when_the_four_rules_hold(width, height):
    short, long = sorted((width, height))
    holds = (
        long <= 3840
        and width % 16 == height % 16 == 0
        and long <= 3 * short
        and 655_360 <= width * height <= 8_294_400
    )

    found = problems(EditParams(prompt="x", size=f"{width}x{height}"), TABLE.find("gpt-image-2"))

    assert (found == ()) == holds
    assert {problem.field for problem in found} <= {"size"}
