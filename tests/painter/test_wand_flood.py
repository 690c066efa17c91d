"""The wand on photographs: between two floods, pixel by pixel, of colours computed by CIE's formulas."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QCheckBox
from tests.painter import oracle
from tests.painter.drawings import LAB_ROUNDING, wand_faults
from tests.painter.easel import SMALL, easel

CLICKS = {"coffee.png": (400, 120), "chelsea.png": (230, 60), "astronaut.png": (440, 250)}
TOLERANCE = 16


@pytest.mark.parametrize("name", CLICKS)
async def test_contiguous_wand_takes_what_a_flood_reaches(photo, name) -> None:
    path, pixel = photo(name), CLICKS[name]
    picture = np.asarray(Image.open(path).convert("RGB"))
    async with easel(path, SMALL) as table:
        table.tool("wand")

        await table.found(lambda: table.click((pixel[0] + 0.5, pixel[1] + 0.5)))

        assert wand_faults(table.mask, picture, pixel, TOLERANCE) == []
        assert (table.mask >= 128).sum() > 500


@pytest.mark.parametrize("name", CLICKS)
async def test_wand_that_is_not_contiguous_takes_all_that_looks_alike(photo, name) -> None:
    path, pixel = photo(name), CLICKS[name]
    picture = np.asarray(Image.open(path).convert("RGB"))
    async with easel(path, SMALL) as table:
        table.tool("wand")
        table.app.find(QCheckBox, "selectContiguous").setChecked(False)

        await table.found(lambda: table.click((pixel[0] + 0.5, pixel[1] + 0.5)))

        sent = table.mask >= 128
    surely, perhaps = (
        oracle.alike(picture, *pixel, TOLERANCE + slack) for slack in (-LAB_ROUNDING, LAB_ROUNDING)
    )
    assert not (surely & ~sent).any()
    assert not (sent & ~perhaps).any()
