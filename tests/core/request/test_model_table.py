"""The model table: which row a name finds, what the user's own table changes, what a broken one says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.errors import SettingsError
from overpaint.core.request.model_table import ModelSpec, ModelTable
from overpaint.core.request.sizes import SizeRules

TABLE = ModelTable.load()

OWN_ROW = """
[[model]]
family = "ours"
names = ["gpt-image-2"]
title = "our gpt-image-2"
qualities = ["low"]

[model.prices]
text_in = 6
image_in = 9.5
out = 33
"""


def write_table(folder, text):
    file = folder / "models.toml"
    file.write_text(text, encoding="utf-8")
    return file


# --- which row a name finds


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("gpt-image-2", "gpt-image-2"),
        ("gpt-image-2-2026-04-21", "gpt-image-2"),
        ("gpt-image-2-plus", "gpt-image-2"),
        (" GPT-Image-2 ", "gpt-image-2"),
        ("gpt-image-2.5-sunburst", "gpt-image-2.5"),
        ("gpt-image-2.5-flare", "gpt-image-2.5"),
        ("gpt-image-2.6-sunburst", "gpt-image-2.6"),
        ("gpt-image-2.6-flare", "gpt-image-2.6"),
        ("gpt-image-1.5", "gpt-image-1.5"),
        ("gpt-image-1.5-plus", "gpt-image-1.5"),
        ("chatgpt-image-latest", "gpt-image-1.5"),
        ("gpt-image-1-mini", "gpt-image-1-mini"),
        ("gpt-image-1", "gpt-image-1"),
        ("gpt-image-1-plus", "gpt-image-1"),
        ("my-azure-deployment", "unknown"),
        ("gpt-image-3", "unknown"),
        ("", "unknown"),
    ],
)
def test_find_of_a_name_gives_its_family(name, family):
    assert TABLE.find(name).family == family


@given(st.text(max_size=40))
def test_find_of_any_text_gives_a_row(name):
    assert TABLE.find(name) in TABLE.rows or name.strip().lower().endswith("-plus")


def test_find_of_an_unknown_name_is_not_checked_and_says_so():
    spec = TABLE.find("house-brand")

    assert not spec.checked
    assert spec.sizes == SizeRules()
    assert "doesn't know this model" in spec.note


@pytest.mark.parametrize(
    "name", ["gpt-image-2-plus", "gpt-image-1-plus", "gpt-image-1.5-PLUS", "any-plus", "a-plus "]
)
def test_find_of_a_plus_name_refuses_quality_and_says_why(name):
    assert TABLE.find(name).refusal("quality") == "-plus models choose it"


def test_find_of_a_plus_name_leaves_the_plain_model_alone():
    TABLE.find("gpt-image-2-plus")

    assert TABLE.find("gpt-image-2").refusal("quality") == ""


def test_offered_names_are_found_in_their_own_rows_and_stand_once():
    offered = TABLE.offered()

    assert len(offered) == len(set(offered))
    assert all(name in TABLE.find(name).offered for name in offered)
    assert offered[0] == "gpt-image-2"


# --- what a row says of its fields


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gpt-image-2", "gpt-image-2 always uses high fidelity"),
        ("gpt-image-2.5-flare", "gpt-image-2.5 always uses high fidelity"),
        ("gpt-image-1", ""),
    ],
)
def test_refusal_of_input_fidelity_says_why(name, sentence):
    assert TABLE.find(name).refusal("input_fidelity") == sentence


@pytest.mark.parametrize(
    ("field", "spec"),
    [
        ("input_fidelity", ModelSpec("x", ("*",))),
        ("quality", ModelSpec("x", ("*",), qualities=())),
        ("background", ModelSpec("x", ("*",), backgrounds=())),
        ("moderation", ModelSpec("x", ("*",), moderations=())),
        ("output_format", ModelSpec("x", ("*",), formats=())),
        ("stream", ModelSpec("x", ("*",), streams=False)),
        ("partial_images", ModelSpec("x", ("*",), streams=False)),
        ("partial_images", ModelSpec("x", ("*",), max_partials=0)),
    ],
)
def test_refusal_of_a_field_not_taken_names_the_model_and_the_field(field, spec):
    assert spec.refusal(field) == f"x doesn't take {field.replace('_', ' ')}"


@pytest.mark.parametrize("field", ["model", "prompt", "n", "size", "user", "output_compression"])
def test_refusal_of_a_field_every_model_takes_is_empty(field):
    assert ModelSpec("x", ("*",), qualities=(), backgrounds=(), streams=False).refusal(field) == ""


@pytest.mark.parametrize(
    ("name", "prices"),
    [
        ("gpt-image-2", (5, 8, 30)),
        ("gpt-image-2.5-flare", (5, 8, 30)),
        ("gpt-image-1.5", (5, 8, 32)),
        ("gpt-image-1", (5, 10, 40)),
        ("gpt-image-1-mini", (2, 2.5, 8)),
    ],
)
def test_prices_of_each_family_are_the_published_ones(name, prices):
    listed = TABLE.find(name).prices

    assert listed is not None
    assert (listed.text_in, listed.image_in, listed.out) == prices


# --- the user's own table


def test_load_with_a_row_of_the_user_puts_it_before_the_shipped_one(tmp_path):
    table = ModelTable.load(write_table(tmp_path, OWN_ROW))

    spec = table.find("gpt-image-2")

    assert (spec.family, spec.qualities) == ("ours", ("low",))
    assert spec.prices is not None
    assert spec.prices.image_in == 9.5


def test_load_with_a_row_of_the_user_leaves_other_names_to_the_shipped_rows(tmp_path):
    table = ModelTable.load(write_table(tmp_path, OWN_ROW))

    assert table.find("gpt-image-2-2026-04-21") == TABLE.find("gpt-image-2-2026-04-21")
    assert table.rows[1:] == TABLE.rows


def test_load_without_the_user_file_gives_the_shipped_table(tmp_path):
    table = ModelTable.load(tmp_path / "models.toml")

    assert table.rows == TABLE.rows


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[model]\n", "Expected"),
        ("model = 3\n", "array"),
        ('[[model]]\nfamily = "x"\n', "names"),
        ('[[model]]\nfamily = "x"\nnames = []\n', "$.model[0].names"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\ncolour = "red"\n', "colour"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\nmax_count = "ten"\n', "$.model[0].max_count"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\nmax_pictures = 17\n', "$.model[0].max_pictures"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\nmax_partials = -1\n', "$.model[0].max_partials"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\ntoken_formula = "mine"\n', "token_formula"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\n[model.sizes]\nlisted = ["big"]\n', "'big' is no size"),
        ('[[model]]\nfamily = "x"\nnames = ["x"]\n[model.prices]\nout = 1\n', "text_in"),
        (
            '[[model]]\nfamily = "x"\nnames = ["x"]\n[model.prices]\ntext_in = 1\nimage_in = 1\nout = -1\n',
            "$.model[0].prices.out",
        ),
    ],
)
def test_load_of_a_broken_table_says_which_file_and_what_is_wrong(tmp_path, text, fault):
    file = write_table(tmp_path, text)

    with pytest.raises(SettingsError) as caught:
        ModelTable.load(file)

    assert "models.toml" in caught.value.message
    assert fault in caught.value.cause
    assert str(file) in caught.value.next_step


def test_load_of_a_file_that_is_no_text_says_it_cannot_be_read(tmp_path):
    file = tmp_path / "models.toml"
    file.write_bytes(b"\xff\xfe\x00model")

    with pytest.raises(SettingsError, match="can't be read"):
        ModelTable.load(file)


def test_load_of_a_folder_in_the_file_place_says_it_cannot_be_opened(tmp_path):
    (tmp_path / "models.toml").mkdir()

    with pytest.raises(SettingsError, match="can't be opened"):
        ModelTable.load(tmp_path / "models.toml")


def test_a_table_without_a_row_for_unknown_names_is_refused():
    with pytest.raises(SettingsError, match="no row for unknown models"):
        ModelTable([ModelSpec("x", ("gpt-*",))])
