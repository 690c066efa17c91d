"""The same on a picture of 8.3 megapixels: small drawings in it, and drawings over most of it."""

import pytest
from tests.painter.drawings import DRAWINGS
from tests.painter.easel import LARGE, WIDE, easel
from tests.painter.views import FEW, faults

VIEWS = {LARGE: FEW, WIDE: ((0.3, 90.0), (0.5, 30.0))}


@pytest.mark.parametrize("frame", [LARGE, WIDE], ids=["small", "wide"])
async def test_masks_of_all_tools_on_8_megapixels_are_the_oracles(subject, frame) -> None:
    path, picture = subject(frame)
    found: dict[str, list[str]] = {}
    async with easel(path, frame) as table:
        for drawing in DRAWINGS.values():
            found |= await faults(table, picture, drawing, VIEWS[frame])

    assert found == {}
