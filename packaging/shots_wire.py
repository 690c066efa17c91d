"""What the window shows when the wire fails: real servers on loopback that cut, refuse, and ask to wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from tests.api import wire as replies
from tests.fault_server import FaultServer, Script

from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.library.journal.spool import Spool
from overpaint.studio.studio import Studio
from overpaint.ui.app.main_window import Window
from shots_camera import Camera, pause, until

_STREAM = {"content-type": "text/event-stream"}
_JSON = {"content-type": "application/json"}
_WAIT_SECONDS = 12


async def wire(studio: Studio, window: Window, camera: Camera) -> None:
    """An interrupted run, a refused prompt, a wait that the service asks for, and a salvaged result."""
    picture = studio.jobs.all[-1].results[0].path.read_bytes()
    for job in tuple(studio.jobs.all)[:-1]:
        studio.jobs.dismiss(job)
    stream = replies.partial(picture, 0) + replies.partial(picture, 1)
    async with _endpoint(studio, Script(headers=_STREAM, body=stream, framing="close")):
        await _run(studio, window)
        await camera.take("interrupted")
    blocked = replies.refusal(
        "Your request was rejected by the safety system.",
        type="image_generation_user_error",
        code="moderation_blocked",
        moderation_details={"moderation_stage": "input", "categories": ["violence"]},
    )
    studio.parameters.set(prompt="Two dragons fighting over the balloon")
    async with _endpoint(studio, Script(400, headers=_JSON, body=blocked)):
        await _run(studio, window)
        await camera.take("refused")
    async with _endpoint(studio, Script(headers=_JSON, body=b'{"id": "task_1", "status": "queued"}')):
        await _run(studio, window)
        await camera.take("reply-without-picture")
    limited = replies.refusal("Rate limit reached for input-images per min.", code="rate_limit_exceeded")
    wait = {**_JSON, "retry-after": str(_WAIT_SECONDS)}
    studio.parameters.set(prompt="Remove the balloon, keep the mist")
    async with _endpoint(studio, Script(429, headers=wait, body=limited)):
        window.wiring.runs.generate()
        await until(lambda: bool(studio.jobs.all[0].seconds_to_wait))
        await pause(0.6)
        await camera.take("rate-limited")
        studio.jobs.cancel(studio.jobs.all[0])
        await until(lambda: not studio.jobs.all[0].running)
    await _recover(studio, window, picture, camera)
    studio.settings.replace(endpoint="OpenAI")


@asynccontextmanager
async def _endpoint(studio: Studio, script: Script) -> AsyncIterator[None]:
    async with FaultServer(script) as server:
        profile = EndpointProfile("Studio server", server.base_url, auth="none")
        studio.settings.replace_all(studio.settings.current.with_profile(profile))
        studio.settings.replace(endpoint=profile.name)
        yield


async def _run(studio: Studio, window: Window) -> None:
    before = len(studio.jobs.all)
    window.wiring.runs.generate()
    await until(lambda: len(studio.jobs.all) > before and not studio.jobs.all[0].running)
    await pause(0.6)


async def _recover(studio: Studio, window: Window, picture: bytes, camera: Camera) -> None:
    """A run as a killed program leaves it: its reply is whole on the disk, and nobody saved it."""
    request = (await studio.prepare()).request
    record = await asyncio.to_thread(studio.tools.journal.open_job, request, "127.0.0.1", when=_now())
    spool = Spool(record)
    spool.sent()
    spool.head(200, _STREAM, "req_before_the_crash")
    spool.write(replies.partial(picture, 0) + replies.completed(picture))
    spool.close()
    record.close()
    for job in await studio.recover():
        window.edit.stage.show_job(job)
    await pause(0.6)
    await camera.take("salvaged")


def _now() -> datetime:
    return datetime.now().astimezone()
