"""The prompts that were sent: newest first, no doubles, stars stay, on the disk and private."""

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overpaint.core.errors import StorageError
from overpaint.library.lists import prompt_store
from overpaint.library.lists.private_list import PrivateList, structs
from overpaint.library.lists.prompt_store import MOST, Prompt


def kept(*texts: str) -> prompt_store.Prompts:
    return tuple(Prompt(text) for text in texts)


def test_prompt_that_was_sent_comes_first() -> None:
    assert prompt_store.with_newest(kept("a"), " b\n") == kept("b", "a")


def test_prompt_sent_again_moves_up_with_its_star() -> None:
    before = (Prompt("a"), Prompt("b", starred=True))

    assert prompt_store.with_newest(before, "b") == (Prompt("b", starred=True), Prompt("a"))


def test_blank_prompt_is_not_kept() -> None:
    assert prompt_store.with_newest(kept("a"), " \n ") == kept("a")


def test_oldest_without_a_star_make_room() -> None:
    full = (*kept(*map(str, range(MOST - 2))), Prompt("starred", starred=True), Prompt("oldest"))

    after = prompt_store.with_newest(full, "new")

    assert len(after) == MOST
    assert after[0] == Prompt("new")
    assert Prompt("starred", starred=True) in after
    assert Prompt("oldest") not in after


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30), st.sets(st.sampled_from("abcdefgh")))
def test_list_never_holds_doubles_and_begins_with_the_newest(sent: list[str], stars: set[str]) -> None:
    found: prompt_store.Prompts = ()
    for text in sent:
        found = prompt_store.with_star(prompt_store.with_newest(found, text), text, text in stars)

    texts = [one.text for one in found]
    assert texts == list(dict.fromkeys(reversed(sent)))
    assert {one.text for one in found if one.starred} == stars & set(sent)


@given(st.permutations("abcdef"), st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef")))
def test_removed_prompt_comes_back_to_its_place(order, gone: str, also_gone: set[str]) -> None:
    before = kept(*order)
    place = prompt_store.place_of(before, gone)
    assert place is not None
    after = prompt_store.without(before, gone)
    for text in also_gone:
        after = prompt_store.without(after, text)

    back = prompt_store.put_back(after, place)

    left = [text for text in order if text == gone or text not in also_gone]
    assert [one.text for one in back] == left
    assert prompt_store.put_back(back, place) == back


def test_search_finds_every_word_in_any_order_and_stars_come_first() -> None:
    all_of_them = (Prompt("Red balloon"), Prompt("a BALLOON, bright red", starred=True), Prompt("red car"))

    found = prompt_store.matching(all_of_them, "red ball")

    assert found == [all_of_them[1], all_of_them[0]]


# --- on the disk


def on_disk(folder: Path) -> PrivateList[Prompt]:
    return PrivateList(folder / "data" / "prompts.jsonl", structs(Prompt))


def test_list_is_empty_while_there_is_no_file(tmp_path: Path) -> None:
    assert on_disk(tmp_path).load() == ()


def test_change_is_read_back_by_another_process_of_the_same_user(tmp_path: Path) -> None:
    text = "two\nlines, “quotes” and \U0001f388"

    on_disk(tmp_path).change(lambda before: prompt_store.with_newest(before, text))

    assert on_disk(tmp_path).load() == kept(text)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders private by itself")
def test_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    on_disk(tmp_path).change(lambda before: prompt_store.with_newest(before, "x"))

    mode = (tmp_path / "data" / "prompts.jsonl").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_line_that_is_torn_or_foreign_costs_no_other(tmp_path: Path) -> None:
    listed = on_disk(tmp_path)
    listed.change(lambda _: kept("a", "b"))
    file = tmp_path / "data" / "prompts.jsonl"
    file.write_bytes(b'\xff\xfe\n{"text": 3}\n[]\n' + file.read_bytes() + b'{"text": "to')

    assert listed.load() == kept("a", "b")


def test_change_of_two_windows_keeps_both(tmp_path: Path) -> None:
    one, other = on_disk(tmp_path), on_disk(tmp_path)

    one.change(lambda before: prompt_store.with_newest(before, "a"))
    other.change(lambda before: prompt_store.with_newest(before, "b"))

    assert one.load() == kept("b", "a")


def test_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")

    with pytest.raises(StorageError):
        on_disk(tmp_path).change(lambda _: kept("a"))
