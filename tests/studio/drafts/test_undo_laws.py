"""Whatever is done and however often the program starts anew, undo and redo restore every byte."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Photo
from tests.studio.drafts.drafted import Drafted, items, mask_states, paint, start

from overpaint.core.masks.geometry import Rect
from overpaint.core.masks.mask_combine import Combine

HOWS: tuple[Combine, ...] = get_args(Combine)
NAMES = ("chelsea.png", "coffee.png", "astronaut.png")

numbers = st.integers(0, 299)
acts = st.one_of(
    st.tuples(st.just("stroke"), numbers, numbers, numbers, numbers),
    st.tuples(st.just("select"), numbers, numbers, st.sampled_from(HOWS)),
    st.tuples(st.just("whole"), st.sampled_from(["fill_mask", "clear_mask", "invert_mask"])),
    st.tuples(st.just("save"), st.sampled_from(["Sky", "Cup", ""])),
    st.tuples(st.just("take"), st.integers(0, 3), st.sampled_from(HOWS)),
    st.tuples(st.just("rename"), st.integers(0, 3), st.sampled_from(["Sky", "Tree"])),
    st.tuples(st.just("delete"), st.integers(0, 3)),
    st.tuples(st.just("tray"), st.sampled_from(["move", "remove", "show", "add"]), st.integers(0, 3)),
    st.tuples(st.just("go"), st.integers(-4, 4)),
    st.tuples(st.just("write")),
    st.tuples(st.just("restart")),
)


class Hands:
    """Does the acts of an example, and starts the program anew where one asks for it."""

    def __init__(self, made: Drafted, folder: Path, photo: Photo) -> None:
        self.made = made
        self._folder = folder
        self._photo = photo

    async def act(self, name: str, *how: object) -> None:
        await getattr(self, name)(*how)

    async def stroke(self, x: int, y: int, right: int, down: int) -> None:
        paint(self.made.session, (x, y), (right, down))

    async def select(self, x: int, y: int, how: Combine) -> None:
        current = self.made.session.current
        if current is not None:
            rect = Rect(x, y, 90, 70).intersected(current.mask.rect)
            patch = rect, np.full((max(rect.height, 0), max(rect.width, 0)), 180, np.uint8)
            self.made.session.select(current.mask, "Rectangle", patch, how)

    async def whole(self, act: str) -> None:
        getattr(self.made.session, act)()

    async def save(self, name: str) -> None:
        await self.made.named.save(name)

    async def take(self, at: int, how: Combine) -> None:
        for one in self.made.named.masks[at : at + 1]:
            await self.made.named.load(one, how)

    async def rename(self, at: int, name: str) -> None:
        for one in self.made.named.masks[at : at + 1]:
            self.made.named.rename(one, name)

    async def delete(self, at: int) -> None:
        for one in self.made.named.masks[at : at + 1]:
            self.made.named.delete(one)

    async def tray(self, act: str, at: int) -> None:
        session = self.made.session
        if act == "add":
            session.add(items(self._photo(NAMES[at % 3], (300, 200))))
        for one in session.tray[at : at + 1]:
            if act == "move":
                session.move(one.id, at + 1)
            elif act == "show":
                session.show(one.id)
            elif act == "remove":
                session.remove(one.id)

    async def go(self, steps: int) -> None:
        self.made.session.go_to(self.made.session.history.position + steps)

    async def write(self) -> None:
        await self.made.write()

    async def restart(self) -> None:
        before = self.made.session
        kept, states = [item.picture for item in before.tray], mask_states(before)
        await self.made.end()
        self.made = await start(self._folder)
        after = self.made.session
        assert [item.picture for item in after.tray] == kept
        assert mask_states(after) == states
        assert [item.picture for item in after.tray] == kept


@settings(max_examples=60)
@given(st.lists(acts, max_size=25))
async def test_history_after_any_acts_and_restarts_undoes_and_redoes_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, photo: Photo, done: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("draft")
    made = await start(folder)
    made.session.start_with(items(*(photo(name, (300, 200)) for name in NAMES[:2])))
    hands = Hands(made, folder, photo)

    for name, *how in done:
        await hands.act(str(name), *how)

    await hands.restart()
    await hands.made.end()
