"""The prompts that were sent: a list to choose from, and steps through it that keep what is being written."""

from functools import partial
from pathlib import Path

from overpaint.library.lists import prompt_store
from overpaint.library.lists.private_list import PrivateList, structs
from overpaint.library.lists.prompt_store import Place, Prompt
from overpaint.studio.config.persistent_list import PersistentList
from overpaint.studio.tasks import Tasks


class PromptHistory(PersistentList[Prompt]):
    """Newest first. Prompts are kept as they were written, in a file that only the user can read."""

    def __init__(self, file: Path, tasks: Tasks) -> None:
        super().__init__(PrivateList(file, structs(Prompt)), tasks)

    def sent(self, text: str) -> None:
        """Notes that a prompt was sent."""
        self.change(partial(prompt_store.with_newest, text=text))

    def star(self, text: str, on: bool) -> None:
        """Gives a prompt a star, or takes it."""
        self.change(partial(prompt_store.with_star, text=text, on=on))

    def remove(self, text: str) -> Place | None:
        """Forgets a prompt; what is given back brings it back. None when there is no such prompt."""
        place = prompt_store.place_of(self.all, text)
        if place is not None:
            self.change(partial(prompt_store.without, text=text))
        return place

    def put_back(self, place: Place) -> None:
        """Brings a removed prompt back to its place."""
        self.change(partial(prompt_store.put_back, place=place))


class HistoryCursor:
    """Walks from the prompt that is being written to older ones and back, without losing it."""

    def __init__(self, history: PromptHistory) -> None:
        self._history = history
        self._draft = ""
        self._shown = ""
        self._at = -1

    def older(self, text: str) -> str | None:
        """The prompt before ``text``, which is what stands there now; None at the oldest."""
        if text != self._shown or self._at < 0:
            self._draft, self._at = text, -1
        return self._step(1, text)

    def newer(self, text: str) -> str | None:
        """The prompt after ``text``, at last the draft; None there, or where ``text`` was changed by hand."""
        return self._step(-1, text) if self._at >= 0 and text == self._shown else None

    def _step(self, by: int, text: str) -> str | None:
        texts = [one.text for one in self._history.all]
        at = self._at + by
        while 0 <= at < len(texts) and texts[at] == text:  # what stands there already is no step
            at += by
        if at >= len(texts):
            return None
        self._at = max(at, -1)
        self._shown = texts[at] if at >= 0 else self._draft
        return self._shown
