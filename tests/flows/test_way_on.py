"""The way on from each refusal: the other path, the plain call, a wait that counts down, the settings."""

import re
from functools import partial

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QToolButton
from tests.api import wire
from tests.fault_server import Script
from tests.flows.desk import Desk, child, desk
from tests.flows.shop import choose, endpoint_dialog, shop
from tests.flows.wait import settled, until
from tests.wire.canary import hits

from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.results.job_state import JobState
from overpaint.studio.config.folders import Folders

NOT_FOUND = Script(404, {"content-type": "text/html"}, b"<html><body>Nothing here</body></html>")


@pytest.fixture
def good(photo) -> Script:
    """A server that streams a picture, with its usage."""
    return Script(200, wire.EVENT_STREAM, wire.completed(photo("coffee.png").read_bytes()))


# --- refusals


async def test_wrong_path_is_mended_by_the_other_one_for_good(photo, good) -> None:
    async with shop(photo, NOT_FOUND, NOT_FOUND, good) as here:
        await here.generate()
        await here.app.ended()
        here.app.say("remove the plate")
        await here.generate()
        await here.app.ended(2)
        assert here.step() == here.step(here.app.runs[1]) == "Try the other path"

        here.press_step()
        await here.app.ended(3)
        here.press_step(here.app.runs[2])
        await here.app.ended(4)

        wrong, right = "/v1/images/edits", "/v1/image/edits"
        assert [one.target for one in here.server.requests] == [wrong, wrong, right, right]
        assert here.app.studio.profile.path == "/image/edits"
        assert here.app.job.state is JobState.SAVED


async def test_path_that_has_no_other_spelling_leads_to_the_settings_of_its_endpoint(photo) -> None:
    async with shop(photo, NOT_FOUND) as here:
        settings = here.app.studio.settings
        odd = EndpointProfile("Odd", here.server.base_url, "/edit", auth="none")
        settings.replace_all(settings.current.with_profile(odd))
        settings.replace(endpoint="Odd")
        await here.generate()
        await here.app.ended()
        assert here.step() == "Endpoint settings…"
        settings.replace(endpoint="Elsewhere")

        here.press_step()

        dialog = await until(lambda: here.app.window.findChild(QDialog, "endpointDialog"))
        assert dialog.windowTitle() == "Odd: endpoint settings"
        dialog.reject()
        await settled()


async def test_streaming_that_is_refused_is_mended_by_the_plain_call(photo) -> None:
    picture = photo("coffee.png").read_bytes()
    refused = Script(400, body=wire.refusal("Streaming is not supported for this model."))
    async with shop(photo, refused, Script(body=wire.plain(picture))) as here:
        here.app.studio.parameters.set(partial_images=2)
        await here.generate()
        await here.app.ended()
        assert "can't stream this edit" in here.message()
        assert here.step() == "Try without streaming"

        here.press_step()
        job = await here.app.ended(2)

        assert job.results[0].path.read_bytes() == picture
        streamed, plain = (one.body for one in here.server.requests)
        for name in (b'name="stream"', b'name="partial_images"'):
            assert name in streamed
            assert name not in plain
        assert here.app.studio.parameters.params.stream


async def test_refused_content_offers_nothing_but_to_put_it_away(photo) -> None:
    refused = Script(400, body=wire.refusal("Blocked by our safety system.", code="moderation_blocked"))
    async with shop(photo, refused) as here:
        await here.generate()
        await here.app.ended()

        assert "content policy" in here.message()
        assert here.step() == ""
        assert child(here.app.details(here.app.runs[0]), QPushButton, "runDismiss").isVisible()


async def test_rate_limit_counts_down_in_the_tile_and_cancel_ends_it_unbilled(photo) -> None:
    busy = Script(429, {"retry-after": "30"}, wire.refusal("Slow down.", code="rate_limit_exceeded"))
    async with shop(photo, busy) as here:
        await here.generate()

        def seconds_left() -> int:
            found = re.search(r"127\.0\.0\.1 asks to wait: (\d+) s more\.", here.message())
            return int(found[1]) if found else 0

        await until(lambda: here.app.runs and seconds_left())
        first = seconds_left()
        assert 28 <= first <= 30
        await until(lambda: 0 < seconds_left() < first)

        here.app.click(child(here.app.runs[0], QToolButton, "runCancel"))
        job = await here.app.ended()
        assert (job.state, here.message()) == (JobState.CANCELLED, "Cancelled.")
        assert here.server.posts == 1


# --- endpoints


async def test_own_endpoint_with_a_typed_key_works_and_the_key_ends_in_no_file(photo, good, home) -> None:
    async with shop(photo, good) as here:
        choose(here.app, "Add a custom endpoint…")
        dialog = await endpoint_dialog(here.app)
        for name, text in {"Name": "R&D", "BaseUrl": here.server.base_url, "Key": wire.KEY}.items():
            here.app.type_over(child(dialog, QLineEdit, f"endpoint{name}"), text)

        here.app.click(child(dialog, QPushButton, "endpointSave"))
        await until(lambda: here.app.studio.profile.name == "R&D")
        await until(lambda: "key" in here.app.window.status.notice)
        await here.generate()
        await here.app.ended()

        assert here.app.job.state is JobState.SAVED
        assert here.server.requests[0].headers["authorization"] == f"Bearer {wire.KEY}"
        assert here.app.window.endpoints.button.text() == "R&&D  ▾"
    assert b"R&D" in (Folders.find().settings_file).read_bytes()
    assert hits(wire.KEY, home) == []


async def test_built_in_endpoint_that_was_changed_can_be_put_back(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        for path in ("/image/edits", "/images/edits"):
            choose(app, "OpenAI")
            choose(app, "Endpoint settings…")
            dialog = await endpoint_dialog(app)
            app.type_over(child(dialog, QLineEdit, "endpointPath"), path)
            app.click(child(dialog, QPushButton, "endpointSave"))
            await until(partial(has_path, app, path))
            await settled()

        assert app.studio.profile in BUILT_IN
        assert app.studio.settings.current.endpoints == ()


async def test_endpoint_without_an_address_asks_for_it_when_it_is_chosen(photo) -> None:
    async with desk([photo("chelsea.jpg")]) as app:
        choose(app, "Azure OpenAI")

        dialog = await endpoint_dialog(app)

        assert dialog.windowTitle() == "Azure OpenAI: endpoint settings"
        assert not child(dialog, QPushButton, "endpointSave").isEnabled()
        assert not app.find(QPushButton, "generateButton").isEnabled()
        dialog.reject()
        await settled()


def has_path(app: Desk, path: str) -> bool:
    return bool(app.studio.profile.path == path)
