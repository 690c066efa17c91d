"""Lists that change at once in memory and in the background on the disk: prompts, their steps, presets."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from overpaint.core.errors import OverpaintError, SettingsError
from overpaint.core.request.params import EditParams
from overpaint.library.lists.private_list import PrivateList
from overpaint.library.lists.prompt_store import Prompt
from overpaint.studio.config.persistent_list import PersistentList
from overpaint.studio.config.presets import Presets
from overpaint.studio.config.prompt_history import HistoryCursor, PromptHistory
from overpaint.studio.tasks import Tasks


@pytest.fixture
async def tasks() -> AsyncIterator[Tasks]:
    made = Tasks()
    yield made
    await made.close()


async def sent(file: Path, tasks: Tasks, *texts: str) -> PromptHistory:
    """A history in which these were sent, the last one first."""
    history = PromptHistory(file, tasks)
    for text in texts:
        history.sent(text)
    await history.close()
    return history


async def loaded(file: Path) -> list[Prompt]:
    again = PromptHistory(file, Tasks())
    await again.load()
    return list(again.all)


async def test_change_is_seen_at_once_and_on_the_disk_at_the_end(tmp_path: Path, tasks: Tasks) -> None:
    history = PromptHistory(tmp_path / "p.jsonl", tasks)
    told: list[int] = []
    history.changed.connect(mark := lambda: told.append(len(history.all)))

    history.sent("a")

    assert (history.all, told) == ((Prompt("a"),), [1])
    assert mark is not None
    await history.close()
    assert await loaded(tmp_path / "p.jsonl") == [Prompt("a")]


async def test_change_before_the_disk_was_read_is_kept_with_what_is_there(
    tmp_path: Path, tasks: Tasks
) -> None:
    await sent(tmp_path / "p.jsonl", tasks, "old")
    history = PromptHistory(tmp_path / "p.jsonl", tasks)

    history.sent("new")
    await history.load()

    assert [one.text for one in history.all] == ["new", "old"]
    await history.close()
    assert [one.text for one in await loaded(tmp_path / "p.jsonl")] == ["new", "old"]


class SlowToRead(PrivateList[str]):
    """Hands over what it read only when something was written since, or half a second later."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, lambda data: (msgspec.json.decode(line) for line in data.splitlines()))
        self.has_read, self._written = threading.Event(), threading.Event()

    def load(self) -> tuple[str, ...]:
        found = super().load()
        if not self.has_read.is_set():
            self.has_read.set()
            self._written.wait(0.5)
        return found

    def change(self, act: Callable[[tuple[str, ...]], tuple[str, ...]]) -> tuple[str, ...]:
        after = super().change(act)
        self._written.set()
        return after


async def test_change_while_the_disk_is_read_stays(tmp_path: Path, tasks: Tasks) -> None:
    (tmp_path / "words.jsonl").write_text('"old"\n')
    kept = SlowToRead(tmp_path / "words.jsonl")
    words = PersistentList(kept, tasks)

    async with asyncio.TaskGroup() as group:
        group.create_task(words.load())
        await asyncio.to_thread(kept.has_read.wait)
        words.change(lambda before: before if "new" in before else ("new", *before))
    await words.close()

    assert words.all == ("new", "old")
    assert kept.load() == ("new", "old")


async def test_change_of_another_window_is_found_by_the_next_change(tmp_path: Path, tasks: Tasks) -> None:
    history = await sent(tmp_path / "p.jsonl", tasks, "mine")
    await sent(tmp_path / "p.jsonl", tasks, "theirs")

    history.star("mine", True)
    await history.close()

    assert list(history.all) == [Prompt("theirs"), Prompt("mine", starred=True)]


async def test_list_that_cannot_be_written_is_told_once_and_held(tmp_path: Path, tasks: Tasks) -> None:
    (tmp_path / "in the way").write_text("")
    told: list[OverpaintError] = []
    tasks.failed.connect(told.append)
    history = PromptHistory(tmp_path / "in the way" / "p.jsonl", tasks)

    for text in ("a", "b"):
        history.sent(text)
        while history._writer._going:
            await history.load()

    assert ["in the way" in str(fault) for fault in told] == [True]
    assert [one.text for one in history.all] == ["b", "a"]


async def test_removed_prompt_comes_back(tmp_path: Path, tasks: Tasks) -> None:
    history = await sent(tmp_path / "p.jsonl", tasks, "a", "b", "c")

    place = history.remove("b")
    assert place is not None
    assert [one.text for one in history.all] == ["c", "a"]
    history.put_back(place)

    assert [one.text for one in history.all] == ["c", "b", "a"]
    assert history.remove("never sent") is None
    await history.close()


# --- steps


async def test_steps_lead_to_older_prompts_and_back_to_the_draft(tmp_path: Path, tasks: Tasks) -> None:
    steps = HistoryCursor(await sent(tmp_path / "p.jsonl", tasks, "first", "second"))

    up = [steps.older("draft"), steps.older("second"), steps.older("first")]
    down = [steps.newer("first"), steps.newer("second"), steps.newer("draft")]

    assert up == ["second", "first", None]
    assert down == ["second", "draft", None]


async def test_text_changed_by_hand_is_the_new_draft(tmp_path: Path, tasks: Tasks) -> None:
    steps = HistoryCursor(await sent(tmp_path / "p.jsonl", tasks, "first", "second"))
    steps.older("")

    assert steps.newer("second, changed") is None
    assert steps.older("second, changed") == "second"
    assert steps.newer("second") == "second, changed"


async def test_prompt_that_stands_there_already_is_no_step(tmp_path: Path, tasks: Tasks) -> None:
    steps = HistoryCursor(await sent(tmp_path / "p.jsonl", tasks, "first", "second"))

    assert steps.older("second") == "first"
    assert steps.newer("first") == "second"


# --- presets


async def shelf(tmp_path: Path, tasks: Tasks) -> Presets:
    made = Presets(tmp_path / "presets.jsonl", tasks)
    await made.load()
    return made


async def test_preset_saved_twice_under_a_name_gets_a_number(tmp_path: Path, tasks: Tasks) -> None:
    presets = await shelf(tmp_path, tasks)

    names = [presets.save("Film", EditParams()).name, presets.save("film", EditParams()).name]

    assert names == ["Film", "film (2)"]
    await presets.close()
    again = await shelf(tmp_path, tasks)
    assert [one.name for one in again.all] == names


async def test_preset_without_a_name_is_a_mistake(tmp_path: Path, tasks: Tasks) -> None:
    presets = await shelf(tmp_path, tasks)

    with pytest.raises(ValueError, match="needs a name"):
        presets.save(" \n", EditParams())


async def test_preset_is_renamed_removed_and_back(tmp_path: Path, tasks: Tasks) -> None:
    presets = await shelf(tmp_path, tasks)
    presets.save("Film", EditParams(prompt="x"))
    presets.save("Other", EditParams())

    renamed = presets.rename("Film", "other")
    assert presets.rename("Other", "  ") is None
    assert renamed is not None
    gone = presets.remove(renamed.name)
    assert gone == renamed
    presets.store(renamed)

    assert [one.name for one in presets.all] == ["Other", "other (2)"]
    assert renamed.params.prompt == "x"
    await presets.close()


async def test_imported_presets_get_numbers_where_their_names_are_taken(tmp_path: Path, tasks: Tasks) -> None:
    presets = await shelf(tmp_path, tasks)
    presets.save("Film", EditParams(prompt="mine"))
    await presets.export(tmp_path / "out.json", presets.all)

    read = await presets.take_in(tmp_path / "out.json")

    assert [one.name for one in read.presets] == ["Film (2)"]
    assert [one.name for one in presets.all] == ["Film", "Film (2)"]
    await presets.close()


async def test_bad_file_leaves_the_presets_as_they_are(tmp_path: Path, tasks: Tasks) -> None:
    presets = await shelf(tmp_path, tasks)
    presets.save("Film", EditParams())
    (tmp_path / "bad.json").write_text("{}")

    with pytest.raises(SettingsError):
        await presets.take_in(tmp_path / "bad.json")

    assert [one.name for one in presets.all] == ["Film"]
    await presets.close()
