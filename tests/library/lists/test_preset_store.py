"""Presets and their files: what is kept, what is passed over with a word, and what is refused."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.errors import SettingsError, StorageError
from overpaint.core.request.params import EditParams
from overpaint.library.lists import preset_store
from overpaint.library.lists.preset_store import Preset
from overpaint.library.storage.jsonlines import encode

FILM = EditParams(prompt="Like an old film of {place}", model="gpt-image-1", n=3, size="1536x1024", user="me")


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), "utf-8")
    return path


def document(*entries: object, version: object = 1) -> dict[str, object]:
    return {"overpaint_presets": version, "presets": list(entries)}


def test_preset_leaves_out_who_edits() -> None:
    preset = Preset.of("Old film", FILM)

    assert preset.params.user == ""
    assert preset.applied_to(EditParams(user="somebody")) == FILM.replace(user="somebody")


def test_exported_presets_are_imported_as_they_were(tmp_path: Path) -> None:
    some = (Preset.of("Old “film” ü", FILM), Preset.of("Plain", EditParams()))

    preset_store.write_file(tmp_path / "p.json", some)

    assert preset_store.read_file(tmp_path / "p.json") == preset_store.Imported(some)
    assert '"user"' not in (tmp_path / "p.json").read_text("utf-8")


def test_field_that_is_unknown_is_passed_over_with_a_word(tmp_path: Path) -> None:
    entry = {"name": "A", "colour": "red", "params": {"prompt": "x", "seed": 7}}

    read = preset_store.read_file(write(tmp_path / "p.json", document(entry)))

    assert read.presets == (Preset.of("A", EditParams(prompt="x")),)
    assert read.remarks == ("Passed over what this version doesn't know: colour, seed.",)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no file of presets"),
        (b"\x89PNG\r\n\x1a\n", "no file of presets"),
        (b"[1, 2]", "no file of presets"),
        (b'{"presets": []}', "no file of presets"),
        (b'{"overpaint_presets": 1}', "no file of presets"),
        (b'{"overpaint_presets": 1, "presets": []}', "holds no preset"),
        (b'{"overpaint_presets": 2, "presets": []}', "newer Overpaint"),
        (b"[" * 200_000, "no file of presets"),
        (b'{"overpaint_presets": 1, "presets": [' + b"{}," * 400_000 + b"{}]}", "holds no preset"),
    ],
    ids=["empty", "png", "list", "unmarked", "no list", "none", "newer", "deep", "many"],
)
def test_file_that_is_none_of_ours_is_refused_in_words(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(data)

    with pytest.raises(SettingsError, match=said) as caught:
        preset_store.read_file(file)

    assert "p.json" in caught.value.message


def test_file_that_is_far_too_long_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    with file.open("wb") as sparse:
        sparse.truncate(3_000_000_000)

    with pytest.raises(SettingsError, match="no file of presets"):
        preset_store.read_file(file)


def test_file_that_has_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone\.json"):
        preset_store.read_file(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"n": 10**30}, "left out"),
        ({"n": 0}, "n is not between 1 and 10"),
        ({"partial_images": 4}, "not between 0 and 3"),
        ({"output_compression": -1}, "not between 0 and 100"),
        ({"size": "9" * 101}, "size is too long"),
        ({"model": "m" * 5000}, "model is too long"),
        ({"prompt": "x" * 32_001}, "longer than 32,000"),
        ({"prompt": 3}, "left out: its prompt is of the wrong kind."),
        ("no object", "no parameters"),
    ],
)
def test_preset_out_of_its_bounds_is_left_out_with_a_word(tmp_path: Path, params: object, said: str) -> None:
    good = {"name": "Good", "params": {}}

    read = preset_store.read_file(
        write(tmp_path / "p.json", document({"name": "Bad", "params": params}, good, {"params": {}}))
    )

    assert [one.name for one in read.presets] == ["Good"]
    assert said in read.remarks[0]
    assert read.remarks[1] == "A preset without a name was left out."


def test_name_from_a_file_is_made_one_short_line(tmp_path: Path) -> None:
    entry = {"name": " a\n\tb\u202e\x00 " + "c" * 5000, "params": {}}

    (preset,) = preset_store.read_file(write(tmp_path / "p.json", document(entry))).presets

    assert preset.name == "a b " + "c" * 56


def test_presets_beyond_the_most_of_a_file_are_left_out_with_a_word(tmp_path: Path) -> None:
    entries = [{"name": str(at), "params": {}} for at in range(preset_store.MOST_IN_FILE + 1)]

    read = preset_store.read_file(write(tmp_path / "p.json", document(*entries)))

    assert len(read.presets) == preset_store.MOST_IN_FILE
    assert read.remarks == ("Only the first 200 presets were taken.",)


def test_name_that_is_taken_gets_a_number() -> None:
    have = (Preset.of("Film", FILM), Preset.of("film (2)", FILM))

    assert preset_store.named(Preset.of("FILM", FILM), have).name == "FILM (3)"


def test_presets_are_in_the_order_of_their_names_and_renamed_in_place() -> None:
    some = preset_store.placed((), Preset.of("b", FILM))
    some = preset_store.placed(some, Preset.of("A", FILM))

    renamed = preset_store.placed(some, Preset.of("c", FILM), after="A")

    assert [one.name for one in some] == ["A", "b"]
    assert [one.name for one in renamed] == ["b", "c"]
    assert preset_store.placed(renamed, Preset.of("c", FILM), after="A") == renamed


def test_own_list_passes_over_lines_it_does_not_understand_but_keeps_newer_ones() -> None:
    newer = b'{"name": "N", "params": {"prompt": "x", "seed": 1}}'

    found = preset_store.stored(b"\n".join([b"torn {", encode(Preset.of("A", FILM)), newer, b"{}", b""]))

    assert [one.name for one in found] == ["A", "N"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
entries = st.fixed_dictionaries(
    {"name": st.text() | json_values},
    optional={
        "params": st.dictionaries(st.sampled_from(EditParams.__struct_fields__), json_values) | json_values
    },
)


@given(
    st.dictionaries(st.sampled_from(["overpaint_presets", "presets", "x"]), json_values | st.lists(entries))
)
def test_any_json_is_read_within_its_bounds_or_refused_in_words(tmp_path_factory, raw: object) -> None:
    file = tmp_path_factory.mktemp("any") / "p.json"
    file.write_bytes(msgspec.json.encode(raw))

    found: preset_store.Presets = ()
    try:
        read = preset_store.read_file(file)
    except SettingsError as fault:
        said = fault.message
    else:
        said, found = file.name, read.presets

    assert file.name in said
    assert all(1 <= len(one.name) <= preset_store.LONGEST_NAME for one in found)
    assert all(1 <= one.params.n <= 10 for one in found)
