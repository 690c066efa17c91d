"""What the inspector shows: every model family, sizes by their use, prices, what will be sent, variations."""

from PySide6.QtWidgets import QMenu
from tests.api import wire as replies
from tests.fault_server import FaultServer, Script

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from overpaint.ui.endpoint.prices_dialog import PricesDialog
from overpaint.ui.request_preview.request_preview_panel import SendingPanel
from shots_camera import Camera, pause, until

_FAMILIES = (
    "gpt-image-2",
    "gpt-image-2-plus",
    "gpt-image-2.6-flare",
    "gpt-image-1-mini",
    "studio-deployment",
)
_STREAM = {"content-type": "text/event-stream"}


async def inspector(studio: Studio, window: Window, camera: Camera) -> None:
    """The states of the inspector at an endpoint that costs something."""
    before = studio.parameters.params
    studio.settings.replace(endpoint="OpenAI")
    window.edit.inspector.advanced.open()
    for model in _FAMILIES:
        studio.parameters.set(model=model, size="auto")
        await pause()
        await camera.take(f"model-{model}")
        await camera.take_tall(f"fields-{model}")
    window.edit.inspector.advanced.open(False)
    studio.parameters.set(model="gpt-image-2", size="3840x2160", quality="high", output_format="webp", n=4)
    await _size_menu(window, camera)
    await _prices(window, camera)
    await _sending(window, camera)
    await _variations(studio, window, camera)
    studio.parameters.set(**{name: getattr(before, name) for name in before.__struct_fields__})


async def _size_menu(window: Window, camera: Camera) -> None:
    (menu,) = window.findChildren(QMenu, "sizePresetMenu")
    menu.aboutToShow.emit()
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    await camera.take("size-menu", of=menu)


async def _prices(window: Window, camera: Camera) -> None:
    window.actions_["prices"].trigger()
    await until(lambda: bool(window.findChildren(PricesDialog)))
    (dialog,) = window.findChildren(PricesDialog)
    await pause()
    await camera.take("prices", of=dialog)
    dialog.reject()


async def _sending(window: Window, camera: Camera) -> None:
    window.actions_["sending"].trigger()
    (panel,) = window.findChildren(SendingPanel)
    await until(lambda: panel.shown is not None)
    await pause()
    await camera.take("sending", of=panel)
    panel.close()


async def _variations(studio: Studio, window: Window, camera: Camera) -> None:
    """Four of them, one after the other: one finished, one refused, one on its way, one that waits."""
    picture = _newest_result(studio)
    partial = replies.partial(picture, 0)
    blocked = replies.refusal("Your request was rejected by the safety system.", code="moderation_blocked")
    scripts = (
        Script(headers=_STREAM, body=replies.completed(picture)),
        Script(400, body=blocked),
        Script(headers=_STREAM, body=partial + b" ", stall_at=len(partial)),
    )
    async with FaultServer(*scripts) as server:
        profile = EndpointProfile("Studio server", server.base_url, auth="none")
        at_once = studio.settings.current.running_at_once
        studio.settings.replace_all(studio.settings.current.with_profile(profile))
        studio.settings.replace(endpoint=profile.name, running_at_once=1)
        window.wiring.runs.generate()
        await until(lambda: server.posts == len(scripts) and studio.jobs.all[2].partial is not None)
        await pause()
        await camera.take("variations")
        window.wiring.runs.cancel()
        await until(lambda: not studio.jobs.running)
        for job in studio.jobs.together(studio.jobs.all[0]):
            studio.jobs.dismiss(job)
        studio.settings.replace(running_at_once=at_once)
    window.edit.stage.back()


def _newest_result(studio: Studio) -> bytes:
    return next(job for job in studio.jobs.all if job.results).results[0].path.read_bytes()
