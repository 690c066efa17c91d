"""The prompts that were sent, newest first, each once; those with a star stay."""

from collections.abc import Sequence

import msgspec

MOST = 500
"""Prompts that are kept; the oldest without a star make room."""


class Prompt(msgspec.Struct, frozen=True, omit_defaults=True):
    """A prompt as it was written, with names of pictures and fields."""

    text: str
    starred: bool = False


Prompts = tuple[Prompt, ...]


def with_newest(kept: Prompts, text: str) -> Prompts:
    """The list after a prompt was sent: it comes first and keeps its star. Blank text changes nothing."""
    text = text.strip()
    if not text:
        return kept
    known = next((one for one in kept if one.text == text), Prompt(text))
    return _bounded((known, *(one for one in kept if one.text != text)))


def with_star(kept: Prompts, text: str, on: bool) -> Prompts:
    """The list with a star given or taken."""
    return tuple(Prompt(text, on) if one.text == text else one for one in kept)


def without(kept: Prompts, text: str) -> Prompts:
    """The list without a prompt."""
    return tuple(one for one in kept if one.text != text)


class Place(msgspec.Struct, frozen=True):
    """Where a prompt stood: before the first of ``others`` that is still there, otherwise last."""

    prompt: Prompt
    others: tuple[str, ...]


def place_of(kept: Prompts, text: str) -> Place | None:
    """Where a prompt stands, so that it can be put back; None when it isn't there."""
    at = next((at for at, one in enumerate(kept) if one.text == text), None)
    return None if at is None else Place(kept[at], tuple(one.text for one in kept[at + 1 :]))


def put_back(kept: Prompts, place: Place) -> Prompts:
    """The list with a removed prompt at its old place; one that came back by itself stays where it is."""
    if any(one.text == place.prompt.text for one in kept):
        return kept
    followers = frozenset(place.others)
    at = next((at for at, one in enumerate(kept) if one.text in followers), len(kept))
    return (*kept[:at], place.prompt, *kept[at:])


def matching(kept: Sequence[Prompt], words: str) -> list[Prompt]:
    """The prompts that hold every one of the words, in any case; those with a star first."""
    wanted = words.casefold().split()
    found = [one for one in kept if all(word in one.text.casefold() for word in wanted)]
    return sorted(found, key=lambda one: not one.starred)


def _bounded(kept: Prompts) -> Prompts:
    over = len(kept) - MOST
    if over <= 0:
        return kept
    old = [one for one in reversed(kept[1:]) if not one.starred][:over]
    gone = {one.text for one in old}
    return tuple(one for one in kept if one.text not in gone)
