"""The prompt in its fullest state, and its popups: controls named, no word cut off, nothing overlapping."""

from collections import Counter

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from tests.flows.desk import desk
from tests.flows.wait import settled, until
from tests.look.test_layout import overlaps
from tests.ui.app.test_window_house import controls, cut_off, spoken

from overpaint.ui.prompt.preset_dialog import PresetDialog

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support (raise|grabbing)", extend=True)
FULL = "Put @coffee.png into {a place with a rather long name}, like @the-lamp-of-my-grandmother, {mood}"


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)], ids=["1440", "1024"])
@pytest.mark.parametrize("look", ["dark", "light"])
async def test_prompt_with_everything_to_say_is_in_order(photo, size, look) -> None:
    async with desk([photo("coffee.png"), photo("chelsea.jpg")], size=size, look=look) as app:
        await until(lambda: len(app.tiles) == 2)
        app.studio.parameters.set(prompt=FULL)
        app.studio.parameters.fill_prompt_fields({"mood": "calm"})
        app.window.edit.inspector.prompt.preview.open()
        await settled()

        counted = Counter(one.objectName() for one in controls(app))
        assert [name for name, count in counted.items() if not name or count > 1] == []
        assert [one.objectName() for one in controls(app) if not spoken(one)] == []
        assert list(cut_off(app)) == []
        assert list(overlaps(app.window)) == []


async def test_popups_of_the_prompt_cut_no_word_off(photo) -> None:
    async with desk([photo("coffee.png")]) as app:
        for name in ("Film", "A name that is as long as the longest name of a preset can be!"):
            app.studio.presets.save(name, app.studio.parameters.params)
            app.studio.prompts.sent(name * 20)
        app.window.actions_["prompt_history"].trigger()
        await settled()
        assert list(cut_off(app)) == []
        app.find(QWidget, "promptHistory").close()

        app.window.actions_["presets"].trigger()
        dialog = await until(lambda: app.window.findChild(PresetDialog))
        await settled()

        assert list(cut_off(app)) == []
        assert [one.objectName() for one in dialog.findChildren(QPushButton) if not spoken(one)] == []
        dialog.close()
        await settled()
