"""Every tool, driven by real events in the real window, makes the mask that its definition asks for."""

import pytest
from tests.painter.drawings import DRAWINGS
from tests.painter.easel import SMALL, easel
from tests.painter.views import faults


@pytest.mark.parametrize("name", DRAWINGS)
async def test_mask_of_a_tool_at_every_zoom_and_angle_is_the_oracle_s(subject, name) -> None:
    path, picture = subject(SMALL)
    async with easel(path, SMALL) as table:
        found = await faults(table, picture, DRAWINGS[name])

    assert found == {}
