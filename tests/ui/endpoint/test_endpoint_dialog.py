"""The endpoint dialog: Save and its reasons, testing a connection without spending, and where keys go."""

import asyncio
import threading
from collections.abc import Callable

import keyring
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from tests.api.wire import KEY, refusal
from tests.fault_server import FaultServer, Script
from tests.flows.desk import CONTROL, W, child
from tests.flows.wait import settled, until
from tests.wire.canary import hits

from overpaint.api import probe
from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.config.key_store import KeyStore
from overpaint.studio.tasks import Tasks
from overpaint.ui.endpoint.dialog import EndpointDialog
from overpaint.ui.theme.window_theme import DARK
from overpaint.ui.widgets.fields.titled_field import Field

MODELS = Script(body=b'{"data": [{"id": "gpt-image-2"}, {"id": "gpt-5"}]}')


class Memory(KeyringBackend):
    """A keyring that keeps what it is given, as soon as the user has ``unlocked`` it."""

    viable = False  # so that no other test finds it among the system's own

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}
        self.unlocked = threading.Event()
        self.unlocked.set()

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.unlocked.wait(20)
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


class Asking:
    """A dialog that is open, the fingers on it, and the profile it will give."""

    def __init__(self, profile: EndpointProfile, parent: QWidget, taken: tuple[str, ...] = ()) -> None:
        self.keys, self.tasks = KeyStore(), Tasks()
        self.dialog = EndpointDialog(profile, self.keys, self.tasks, DARK, parent, taken=taken)
        self.answer = asyncio.get_running_loop().create_task(self.dialog.ask())

    def get(self, kind: type[W], name: str) -> W:
        return child(self.dialog, kind, name)

    def button(self, name: str) -> QPushButton:
        return self.get(QPushButton, f"endpoint{name}")

    def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def type_over(self, name: str, text: str) -> None:
        edit = self.get(QLineEdit, f"endpoint{name}")
        edit.setFocus()
        QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClicks(edit, text)

    @property
    def said(self) -> str:
        """What the test of the connection said."""
        return self.get(QLabel, "endpointTestResult").text()

    @property
    def role(self) -> str:
        return str(self.get(QLabel, "endpointTestResult").property("role"))

    async def tested(self) -> str:
        """Presses Test connection and waits for the words."""
        self.press("Test")
        await until(lambda: self.said not in ("", "Asking…"))
        return self.said

    async def left(self) -> None:
        self.dialog.reject()
        assert await self.answer is None
        await self.tasks.close()


Opened = Callable[..., Asking]


@pytest.fixture
def opened(qtbot) -> Opened:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def open_(profile: EndpointProfile, *taken: str) -> Asking:
        asking = Asking(profile, parent, taken)
        asking.dialog.activateWindow()
        return asking

    return open_


@pytest.fixture
def ring(monkeypatch) -> Memory:
    memory = Memory()
    monkeypatch.setattr(keyring, "get_keyring", lambda: memory)
    return memory


def at(base_url: str, **changes) -> EndpointProfile:
    return EndpointProfile("Studio", base_url, **changes)


# --- Save


async def test_save_gives_the_profile_as_it_was_typed(opened) -> None:
    asking = opened(EndpointProfile("", note="Ours."))
    await settled()
    assert not asking.button("Save").isEnabled()
    assert asking.button("Save").toolTip().startswith("Type the address")

    asking.type_over("Name", "Client A")
    asking.type_over("BaseUrl", "https://api.example.com/v1")
    asking.press("Save")

    assert await asking.answer == EndpointProfile("Client A", "https://api.example.com/v1", note="Ours.")
    await asking.tasks.close()


async def test_save_is_off_with_the_reason_while_a_field_is_wrong(opened) -> None:
    asking = opened(at("https://api.example.com/v1"))
    await settled()
    asking.dialog.form._sections["headers"].open()

    QTest.keyClicks(asking.get(QPlainTextEdit, "endpointHeaders"), "X-Team retouch")

    reason = asking.get(Field, "endpointHeadersField").words()
    assert reason == "“X-Team retouch” isn't written as Name: value."
    for name in ("Save", "Test"):
        assert not asking.button(name).isEnabled()
        assert asking.button(name).toolTip() == reason
    QTest.keyClick(asking.get(QLineEdit, "endpointPath"), Qt.Key.Key_Return)
    await settled()
    assert not asking.answer.done()
    await asking.left()


async def test_new_endpoints_without_a_name_get_one_that_is_free(opened) -> None:
    asking = opened(EndpointProfile(""), *(one.name for one in BUILT_IN), "custom endpoint")
    await settled()

    asking.type_over("BaseUrl", "https://api.example.com/v1")
    asking.press("Save")

    found = await asking.answer
    assert found is not None
    assert found.name == "Custom endpoint 2"
    await asking.tasks.close()


async def test_new_endpoint_cant_take_the_name_and_the_key_of_another(opened) -> None:
    asking = opened(EndpointProfile("", "https://api.example.com/v1"), *(one.name for one in BUILT_IN))
    await settled()

    asking.type_over("Name", "openai")

    assert not asking.button("Save").isEnabled()
    assert "already" in asking.get(Field, "endpointNameField").words()
    await asking.left()


async def test_escape_leaves_everything_as_it_was(opened, ring) -> None:
    asking = opened(at("https://api.example.com/v1"))
    await settled()
    asking.type_over("Key", KEY)

    QTest.keyClick(asking.get(QLineEdit, "endpointKey"), Qt.Key.Key_Escape)

    assert await asking.answer is None
    assert ring.kept == {}
    await asking.tasks.close()


# --- Test connection


async def test_connection_that_is_good_is_said_so_and_nothing_is_posted(opened, home) -> None:
    async with FaultServer(MODELS) as server:
        asking = opened(at(server.base_url))
        await settled()
        asking.type_over("Key", KEY)

        said = await asking.tested()

        assert said == "127.0.0.1 answers and takes the key; it offers gpt-image-2."
        assert asking.role == "ok"
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert [one.method for one in server.requests] == ["GET"]
        await asking.left()
    assert hits(KEY, home) == []


async def test_connection_is_tested_as_it_stands_in_the_fields_unsaved(opened) -> None:
    async with FaultServer(MODELS) as server:
        asking = opened(at("https://api.example.com/v1", auth="none"))
        await settled()
        asking.type_over("BaseUrl", f"{server.base_url}/house/")

        await asking.tested()

        assert server.requests[0].target == "/v1/house/models"
        await asking.left()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Script(401, body=refusal("No.", code="invalid_api_key")), "didn't accept the key"),
        (Script(404), "has nothing at /v1/images/edits"),
        (Script(503), "failed (status 503)"),
        (Script(hang_up=True), "Couldn't reach 127.0.0.1"),
        (Script(302, {"location": "https://evil.example/"}), "wants to pass the edit on"),
    ],
)
async def test_connection_that_fails_says_why_in_words_and_nothing_is_posted(opened, script, words) -> None:
    async with FaultServer(script) as server:
        asking = opened(at(server.base_url))
        await settled()
        asking.type_over("Key", KEY)

        said = await asking.tested()

        assert words in said
        assert KEY not in said
        assert asking.role == "problem"
        assert asking.button("Test").isEnabled()
        assert server.posts == 0
        await asking.left()


@pytest.mark.error_logs("testing a connection")
async def test_connection_whose_test_fails_inside_the_program_ends_in_words(opened, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(probe, "_offered", fail)
    async with FaultServer(MODELS) as server:
        asking = opened(at(server.base_url, auth="none"))
        await settled()

        assert await asking.tested() == "Something went wrong inside Overpaint. The log says more."
        assert asking.button("Test").isEnabled()
        await asking.left()


async def test_connection_whose_certificates_are_gone_says_which(opened, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/cacert.pem")
    asking = opened(at("https://far.invalid/v1", auth="none"))
    await settled()

    assert "SSL_CERT_FILE names a file that can't be read" in await asking.tested()
    await asking.left()


async def test_connection_to_nobody_says_so(opened) -> None:
    async with FaultServer() as server:
        gone = at(server.base_url, auth="none")
    asking = opened(gone)
    await settled()

    assert "Couldn't reach 127.0.0.1" in await asking.tested()
    await asking.left()


async def test_connection_without_a_key_asks_for_one_and_sends_nothing(opened) -> None:
    async with FaultServer(MODELS) as server:
        asking = opened(at(server.base_url))
        await settled()

        assert "127.0.0.1 needs a key" in await asking.tested()

        assert server.connections == 0
        await asking.left()


@pytest.mark.parametrize("field", ["BaseUrl", "Key", "Path"])
async def test_what_a_test_said_goes_as_soon_as_a_field_changes(opened, field) -> None:
    async with FaultServer(MODELS) as server:
        asking = opened(at(server.base_url))
        await settled()
        asking.type_over("Key", KEY)
        await asking.tested()

        QTest.keyClicks(asking.get(QLineEdit, f"endpoint{field}"), "x")

        assert asking.said == ""
        await asking.left()


async def test_test_under_way_ends_when_a_field_changes_and_another_may_begin(opened) -> None:
    async with FaultServer(Script(stall_before_head=True), MODELS) as server:
        asking = opened(at(server.base_url, auth="none"))
        await settled()
        asking.press("Test")
        await until(lambda: server.requests)
        assert asking.said == "Asking…"
        assert not asking.button("Test").isEnabled()

        QTest.keyClicks(asking.get(QLineEdit, "endpointPath"), "x")
        await server.requests[0].disconnected.wait()

        assert asking.button("Test").isEnabled()
        assert "answers" in await asking.tested()
        await asking.left()


async def test_test_under_way_ends_with_the_dialog(opened) -> None:
    async with FaultServer(Script(stall_before_head=True)) as server:
        asking = opened(at(server.base_url, auth="none"))
        await settled()
        asking.press("Test")
        await until(lambda: server.requests)

        asking.dialog.reject()

        assert await asking.answer is None
        await server.requests[0].disconnected.wait()
        await asking.tasks.close()


# --- keys


async def test_key_is_kept_in_the_keyring_when_saved_and_in_no_file(opened, ring, home) -> None:
    asking = opened(at("https://api.example.com/v1"))
    await settled()
    asking.type_over("Key", KEY)
    assert asking.get(QLineEdit, "endpointKey").echoMode() == QLineEdit.EchoMode.Password

    asking.press("Save")

    profile = await asking.answer
    assert profile is not None
    assert ring.kept == {"Studio": KEY}
    assert KEY not in repr(profile)
    assert hits(KEY, home) == []
    await asking.tasks.close()


async def test_key_that_is_kept_is_said_and_can_be_forgotten(opened, ring) -> None:
    ring.kept["Studio"] = KEY
    asking = opened(at("https://api.example.com/v1"))
    await until(lambda: asking.button("Forget").isEnabled())
    place = asking.get(QLabel, "endpointKeyPlace")
    assert place.text() == "The key is kept in the system keyring."
    assert asking.get(QLineEdit, "endpointKey").text() == ""

    asking.press("Forget")
    await until(lambda: not asking.button("Forget").isEnabled())

    assert ring.kept == {}
    assert place.text() == "No key yet."
    await asking.left()


async def test_save_left_while_the_keyring_asks_ends_without_a_word(opened, ring) -> None:
    asking = opened(at("https://api.example.com/v1"))
    await settled()
    asking.type_over("Key", KEY)
    ring.unlocked.clear()
    asking.press("Save")
    await settled()
    assert not asking.button("Save").isEnabled()
    asking.dialog.reject()
    assert await asking.answer is None
    await settled()

    ring.unlocked.set()
    await until(lambda: not asking.tasks._tasks)

    assert ring.kept == {"Studio": KEY}
