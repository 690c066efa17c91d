"""What the prompt shows: pictures by name, fields, names unknown, how it is sent, history and presets."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from tests.flows.desk import child

from overpaint.core.request import prompt_syntax as rules
from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from overpaint.ui.prompt.preset_dialog import PresetDialog
from shots_camera import Camera, pause, until

_SENT = (
    "Make the sky a warm evening, keep the people as they are, and let the light come in from the left",
    "Remove the spoon",
    "Put {subject} on the table",
)


async def prompt(studio: Studio, window: Window, camera: Camera) -> None:
    """The states of the prompt, with the pictures that are in the tray."""
    before = studio.parameters.params
    box = window.edit.inspector.prompt
    studio.parameters.set(prompt="")
    window.activateWindow()  # panels that closed before may have left no window with the keys
    await pause()
    box.edit.setFocus()
    QTest.keyClicks(box.edit, "Take the light of @")
    await until(box.edit.names.isVisible)
    await pause()
    await camera.take_as_it_is("prompt-names", "dark", "light")
    QTest.keyClick(box.edit, Qt.Key.Key_Escape)
    first = rules.token(studio.session.names[0])
    studio.parameters.set(prompt=f"Take the light of {first} for {{subject}}, as in @home, {{mood}}")
    studio.parameters.fill_prompt_fields({"mood": "warm and calm"})
    await camera.take("prompt-problems")
    studio.parameters.set(prompt=f"Take the light of {first} for {{subject}}, {{mood}}")
    studio.parameters.fill_prompt_fields({"subject": "the old lamp"})
    box.preview.open()
    await camera.take("prompt-as-sent")
    box.preview.open(False)
    await _history(studio, window, camera)
    await _presets(studio, window, camera)
    studio.parameters.set(prompt="x" * 32_100)
    await camera.take("prompt-too-long")
    studio.parameters.set(prompt=before.prompt)


async def _history(studio: Studio, window: Window, camera: Camera) -> None:
    for text in _SENT:
        studio.prompts.sent(text)
    studio.prompts.star(_SENT[1], True)
    window.actions_["prompt_history"].trigger()
    popup = child(window, QWidget, "promptHistory")
    await pause()
    await camera.take("prompt-history", popup)
    popup.close()


async def _presets(studio: Studio, window: Window, camera: Camera) -> None:
    for name in ("Evening light", "Old film"):
        studio.presets.save(name, studio.parameters.params)
    menu = child(window, QMenu, "presetsMenu")
    menu.aboutToShow.emit()
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    await camera.take("presets-menu", menu)
    window.actions_["presets"].trigger()
    dialog = child(window, PresetDialog, "presetDialog")
    await pause()
    await camera.take("presets-dialog", dialog)
    dialog.close()
