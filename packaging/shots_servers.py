"""What the window says of servers that leave a mask or pictures out of account, and their settings."""

import asyncio

import msgspec
from PySide6.QtWidgets import QPushButton
from tests.fault_server import FaultServer, Script

from overpaint import resources
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from overpaint.ui.endpoint.dialog import EndpointDialog
from shots_camera import Camera, pause, until

_SGLANG = "http://127.0.0.1:30000/v1"
_PAGE = Script(body=b"<!doctype html><title>Gateway</title>", headers={"content-type": "text/html"})


async def servers(studio: Studio, window: Window, camera: Camera) -> None:
    """The states at servers of one's own."""
    sglang = msgspec.structs.replace(studio.settings.current.profile("SGLang"), base_url=_SGLANG)
    studio.settings.replace_all(studio.settings.current.with_profile(sglang))
    studio.settings.replace(endpoint="SGLang")
    await pause()
    await camera.take("mask-unused")
    await studio.open([resources.path("sample.jpg")])
    studio.settings.replace(endpoint="Lemonade")
    await pause()
    await camera.take("one-picture-only")
    await _settings(studio, window, camera, "Lemonade")
    async with FaultServer(_PAGE) as server:
        profile = EndpointProfile("Gateway", server.base_url.removesuffix("/v1"), auth="none")
        studio.settings.replace_all(studio.settings.current.with_profile(profile))
        await _settings(studio, window, camera, "Gateway", test=True)
    studio.session.remove(studio.session.tray[-1].id)
    studio.settings.replace(endpoint="OpenAI")


async def _settings(studio: Studio, window: Window, camera: Camera, name: str, *, test: bool = False) -> None:
    studio.settings.replace(endpoint=name)
    window.actions_["endpoints"].trigger()
    await until(lambda: bool(window.findChildren(EndpointDialog)))
    dialog = window.findChildren(EndpointDialog)[-1]
    await pause()
    if test:
        (button,) = dialog.findChildren(QPushButton, "endpointTest")
        button.click()
        await until(button.isEnabled)
        await pause()
    await camera.take(f"endpoint-{name.lower()}", of=dialog)
    dialog.reject()
    await asyncio.sleep(0)
