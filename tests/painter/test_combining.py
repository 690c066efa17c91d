"""Shift adds, Alt takes away, both keep what lies in both: held against the algebra of the two shapes."""

import numpy as np
import pytest
from tests.flows.desk import PLAIN, SHIFT
from tests.painter import oracle
from tests.painter.drawings import DRAWINGS, disc, outline
from tests.painter.easel import SMALL, Modifiers, easel
from tests.painter.views import FEW

ALT = Modifiers.AltModifier
WAYS = {"add": SHIFT, "subtract": ALT, "intersect": SHIFT | ALT}
OUTLINES = ("rectangle", "ellipse", "lasso", "polygon")
FIRST = ((SMALL.x - 70, SMALL.y - 90), (SMALL.x + 15, SMALL.y + 40))


@pytest.mark.parametrize("name", OUTLINES)
async def test_outline_with_keys_held_joins_the_mask_as_the_algebra_says(subject, name) -> None:
    path, _ = subject(SMALL)
    first, second = oracle.covered(SMALL.box, oracle.rectangle(*FIRST)), outline(name, SMALL)
    found: dict[str, list[str]] = {}
    async with easel(path, SMALL) as table:
        for (way, held), (zoom, angle) in zip(WAYS.items(), FEW, strict=True):
            table.look(zoom, angle)
            table.tool("rectangle")
            table.drag(FIRST)

            await DRAWINGS[name].draw(table, held)

            wrong = getattr(first, way)(second).faults(table.mask)
            if wrong:
                found[way] = wrong

    assert found == {}


@pytest.mark.parametrize(("name", "least"), [("wand", 0.98), ("magnetic", 0.97)])
async def test_disc_found_with_keys_held_joins_the_mask_as_the_algebra_says(subject, name, least) -> None:
    path, _ = subject(SMALL)
    async with easel(path, SMALL) as table:
        first = np.zeros(table.mask.shape, bool)
        (left, top), (right, bottom) = FIRST
        first[int(top) : int(bottom), int(left) : int(right)] = True
        found, second = {}, disc(table)
        for way, held in WAYS.items():
            table.tool("rectangle")
            table.drag(FIRST)
            before = table.mask.copy()
            await DRAWINGS[name].draw(table, held)
            found[way] = table.mask >= 128, (table.mask != before).any()

    assert oracle.agreement(found["add"][0], first | second) >= least
    assert oracle.agreement(found["subtract"][0], first & ~second) >= least
    assert oracle.agreement(found["intersect"][0], first & second) >= least
    assert all(changed for _, changed in found.values())


async def test_quick_select_with_alt_takes_its_object_out_of_a_full_mask(subject) -> None:
    path, _ = subject(SMALL)
    async with easel(path, SMALL) as table:
        table.app.studio.session.fill_mask()

        await DRAWINGS["quick"].draw(table, ALT)

        assert oracle.agreement(table.mask < 128, disc(table)) >= 0.95


@pytest.mark.parametrize("name", [*OUTLINES, "wand"])
async def test_shape_added_and_taken_away_again_leaves_nothing(subject, name) -> None:
    path, _ = subject(SMALL)
    async with easel(path, SMALL) as table:
        await DRAWINGS[name].draw(table, PLAIN)

        await DRAWINGS[name].draw(table, ALT)

        assert int(table.mask.max()) <= 128  # an edge pixel of share s keeps the lesser of s and 1 - s
        assert not (table.mask > 128).any()
