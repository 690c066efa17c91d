"""Settings read value by value: whichever one is broken, it has its default and is named, all others hold."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.studio.config.full_settings import FULL, PROFILE, full_file

from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.core.request.model_table import Prices
from overpaint.studio.config.settings import Settings
from overpaint.studio.config.settings_reading import read, title_of

Place = tuple[str | int, ...]

OUT_OF_RANGE: dict[Place, object] = {
    ("version",): 0,
    ("theme",): "sepia",
    ("running_at_once",): 99,
    ("daily_cap",): -1,
    ("undo_megabytes",): 1,
    ("mask_view",): "glow",
    ("mask_colour",): "red",
    ("mask_opacity",): 1.5,
    ("brush", "diameter"): 0,
    ("brush", "hardness"): float("nan"),
    ("eraser", "opacity"): 2,
    ("quick", "smoothing"): -0.1,
    ("brush", "pen", "size_curve"): "wobbly",
    ("brush", "pen", "least_size"): float("inf"),
    ("selection", "feather"): 251,
    ("selection", "sample"): "moon",
    ("params", "n"): 2**40,
    ("endpoints", 0, "auth"): "oauth",
    ("endpoints", 0, "streams"): "maybe",
    ("endpoints", 0, "timeouts", "read"): float("nan"),
    ("endpoints", 0, "price_multiplier"): float("inf"),
    ("prices", "house", "cached"): -1,
}

USUAL = Settings(
    endpoints=(EndpointProfile("My own"),),
    prices={"house": Prices(1.0, 2.0, 3.0), "gpt-image-2": Prices(4.0, 5.0, 6.0)},
)
"""What holds for a broken value inside the entries of the full file."""


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Every value of a document, tables and lists themselves included."""
    if place:
        yield place
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*place, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*place, number))


PLACES = tuple(places(full_file()))


def broken(place: Place, value: object) -> dict[str, Any]:
    document = full_file()
    inner: Any = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return document


def expected(place: Place) -> Settings:
    """The full settings with the default at one place; an entry that can't be without it is left out."""
    plain: Any = full_file()
    match place:
        case ("daily_cap",):
            return msgspec.structs.replace(FULL, daily_cap=None)
        case ("endpoints", _) | ("endpoints", _, "name"):
            del plain["endpoints"][0]
        case ("prices", family) | ("prices", family, "text_in" | "image_in" | "out"):
            del plain["prices"][family]
        case ("endpoints", _, "headers" | "query" | "drop_fields" | "formats" | "models" as name, entry):
            del plain["endpoints"][0][name][entry]
        case ("fields", name):
            del plain["fields"][name]
        case _:
            inner, usual = plain, msgspec.to_builtins(USUAL if len(place) > 1 else Settings())
            for key in place[:-1]:
                inner, usual = inner[key], usual[key]
            inner[place[-1]] = usual.get(place[-1])
    return msgspec.convert(plain, Settings)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_value_of_a_wrong_type_has_its_default_and_is_named_and_all_others_hold(place: Place) -> None:
    found, unread = read(Settings, broken(place, date(2030, 1, 1)))

    assert found == expected(place)
    assert [one.path[0] for one in unread] == [place[0]]


@pytest.mark.parametrize(("place", "value"), list(OUT_OF_RANGE.items()), ids=lambda one: str(one)[:40])
def test_value_out_of_range_or_of_another_version_has_its_default(place: Place, value: object) -> None:
    found, unread = read(Settings, broken(place, value))

    assert found == expected(place)
    assert len(unread) == 1


def test_full_file_is_read_whole_and_nothing_in_it_is_a_default() -> None:
    assert read(Settings, full_file()) == (FULL, ())

    for name, usual in msgspec.structs.asdict(Settings()).items():
        assert name == "version" or getattr(FULL, name) != usual
    for name, usual in msgspec.structs.asdict(EndpointProfile("")).items():
        assert getattr(PROFILE, name) != usual


@pytest.mark.parametrize(
    ("place", "title"),
    [
        (("theme",), "Appearance"),
        (("brush", "pen", "to_size"), "Brush: Pen: Pressure changes size"),
        (("endpoints", 0, "proxy"), "Endpoints “My own”: Proxy"),
        (("endpoints", 0, "timeouts", "read"), "Endpoints “My own”: Time-outs: Seconds without a byte"),
        (("endpoints", 0, "headers", "x-team"), "Endpoints “My own”: Further headers “x-team”"),
        (("endpoints", 0, "name"), "Endpoints “1”"),
        (("prices", "house", "out"), "Prices “house”"),
        (("prices", "house", "cached"), "Prices “house”: Cached in"),
        (("params", "output_format"), "Parameters: Format"),
    ],
)
def test_value_is_named_in_words(place: Place, title: str) -> None:
    _, (unread,) = read(Settings, broken(place, date(2030, 1, 1)))

    assert unread.title == title


@pytest.mark.parametrize("kind", [Settings, EndpointProfile, Timeouts, Prices])
def test_every_setting_is_declared_with_a_title_of_its_own(kind: type[msgspec.Struct]) -> None:
    titles = {field.name: title_of(kind, field.name) for field in msgspec.structs.fields(kind)}

    assert len(set(titles.values())) == len(titles)
    assert all("title=" in str(field.type) for field in msgspec.structs.fields(kind))


def test_tool_whose_one_value_is_broken_has_the_default_of_that_tool() -> None:
    found, _ = read(Settings, {"quick": {"diameter": "wide", "opacity": 0.5}})

    assert (found.quick.diameter, found.quick.opacity, found.quick.hardness) == (40, 0.5, 1)


def test_several_broken_values_are_all_named() -> None:
    endpoints = [{"name": 3}, *full_file()["endpoints"]]

    found, unread = read(Settings, full_file() | {"theme": 3, "navigator": "yes", "endpoints": endpoints})

    assert [one.title for one in unread] == ["Appearance", "Endpoints “1”", "Navigator"]
    assert found.endpoints == FULL.endpoints


plain_values = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(place=st.sampled_from(PLACES), value=plain_values)
def test_whatever_stands_at_one_place_everything_beside_it_holds(place: Place, value: object) -> None:
    found, unread = read(Settings, broken(place, value))

    beside = [name for name in Settings.__struct_fields__ if name != place[0]]
    assert all(getattr(found, name) == getattr(FULL, name) for name in beside)
    assert all(one.path[0] == place[0] for one in unread)
    assert msgspec.convert(msgspec.to_builtins(found), Settings) == found
