"""The form of an endpoint: every field round trip, and words beside the field that can't stay."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from tests.flows.desk import CONTROL, W, child

from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import EndpointProfile, Timeouts
from overpaint.studio.config.settings import Settings
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.ui.endpoint.form import EndpointForm
from overpaint.ui.theme.window_theme import DARK
from overpaint.ui.widgets.collapsible import Disclosure

FULL = EndpointProfile(
    name="Studio",
    base_url="https://api.example.com/v1",
    path="/image/edits",
    auth="api-key",
    headers={"X-Team": "retouch", "X-Time": "10:30"},
    query={"api-version": "preview", "sum": "1+1=2"},
    image_field="image[]",
    mask_field="mask_image",
    formats=("png", "jpeg"),
    max_pictures=3,
    true_word="True",
    drop_fields=("moderation", "user"),
    response_format="b64_json",
    streams="ask",
    timeouts=Timeouts(connect=2.5, read=1234567.0, total=3600.0),
    proxy="http://proxy.lan:3128",
    ca_file="/etc/ssl/studio.pem",
    allow_plain_http=True,
    models=("gpt-image-2", "house-model"),
    price_multiplier=1.2345678,
    note="Ours.",
)
"""Every field another than a new profile's."""

_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=",:="), max_size=12)
_WORD = _TEXT.filter(bool)
_NUMBER = st.floats(1e-6, 1e9)
_PROFILES = st.builds(
    EndpointProfile,
    name=_WORD,
    base_url=st.just("https://api.example.com/v1"),
    path=_WORD.map("/".__add__),
    auth=st.sampled_from(["bearer", "api-key", "none"]),
    headers=st.dictionaries(st.from_regex(r"X-[a-z]{1,8}", fullmatch=True), _TEXT, max_size=3),
    query=st.dictionaries(_WORD, _TEXT, max_size=3),
    image_field=st.sampled_from(["auto", "image[]", "image"]),
    mask_field=_WORD,
    formats=st.lists(_WORD, max_size=3).map(tuple),
    max_pictures=st.integers(1, 16),
    true_word=_WORD,
    drop_fields=st.lists(_WORD, max_size=3).map(tuple),
    response_format=_TEXT,
    streams=st.sampled_from(["yes", "no", "ask"]),
    timeouts=st.builds(Timeouts, _NUMBER, _NUMBER, _NUMBER),
    proxy=_TEXT,
    ca_file=_TEXT,
    allow_plain_http=st.booleans(),
    models=st.lists(_WORD, max_size=3).map(tuple),
    price_multiplier=_NUMBER,
)


def form_of(profile: EndpointProfile, *taken: str) -> EndpointForm:
    return EndpointForm(profile, "Custom endpoint", QWidget(), DARK, taken)


class Bench:
    """A form in a window of its own, whose words follow every key as in the dialog."""

    def __init__(self, form: EndpointForm) -> None:
        self.form = form
        form.changed.connect(lambda: form.show_problems(form.problems()))
        form.show()
        form.activateWindow()
        QApplication.processEvents()

    def get(self, kind: type[W], name: str) -> W:
        return child(self.form, kind, name)

    def type_over(self, edit: QLineEdit | QPlainTextEdit, text: str) -> None:
        edit.setFocus()
        QTest.keyClick(edit, Qt.Key.Key_A, CONTROL)
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        for number, line in enumerate(text.split("\n")):
            if number:
                QTest.keyClick(edit, Qt.Key.Key_Return)
            QTest.keyClicks(edit, line)

    def words(self, field: str) -> str:
        """What stands under a field, if it can be seen."""
        one = self.form.fields[field]
        return one.words() if one.isVisible() else ""

    @property
    def fields_with_problems(self) -> list[str]:
        return [name for name, field in self.form.fields.items() if field.words()]


@pytest.fixture
def bench(qtbot) -> Bench:
    form = form_of(EndpointProfile("", "https://api.example.com/v1"), "OpenAI", "Client A")
    qtbot.addWidget(form)
    return Bench(form)


def test_form_of_a_full_profile_differs_from_the_new_one_in_every_field() -> None:
    new = EndpointProfile("", "")

    assert [name for name in FULL.__struct_fields__ if getattr(FULL, name) == getattr(new, name)] == []


@pytest.mark.parametrize("profile", [FULL, *BUILT_IN[1:]], ids=lambda one: one.name)
def test_form_that_nobody_touches_gives_the_profile_back(qtbot, profile) -> None:
    form = form_of(profile)
    qtbot.addWidget(form)

    assert form.profile() == profile


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_PROFILES)
def test_form_gives_any_profile_back(qtbot, profile) -> None:
    form = form_of(profile)

    given_back = form.profile()
    form.deleteLater()

    assert given_back == profile


def test_profile_that_is_typed_field_by_field_is_there_at_the_next_start(qtbot, home) -> None:
    form = form_of(EndpointProfile("", note=FULL.note))
    qtbot.addWidget(form)
    bench = Bench(form)
    for name in ("endpointDiffers", "endpointConnection"):
        bench.get(Disclosure, f"{name}Section").open()

    for name, text in {
        "Name": "Studio",
        "BaseUrl": "https://api.example.com/v1/",
        "Path": "/image/edits",
        "MaskField": "mask_image",
        "Formats": "png, jpeg",
        "MaxPictures": " 3",
        "TrueWord": "True",
        "DropFields": "moderation,user ,",
        "ResponseFormat": "b64_json",
        "Models": "gpt-image-2, house-model",
        "PriceMultiplier": "1,2345678",
        "TimeoutsConnect": "2.5",
        "TimeoutsRead": "1234567",
        "TimeoutsTotal": " 3600 ",
        "Proxy": "http://proxy.lan:3128",
        "CaFile": "/etc/ssl/studio.pem",
    }.items():
        bench.type_over(bench.get(QLineEdit, f"endpoint{name}"), text)
    bench.type_over(bench.get(QPlainTextEdit, "endpointHeaders"), "X-Team: retouch\n\nX-Time:10:30\n")
    bench.type_over(bench.get(QPlainTextEdit, "endpointQuery"), "api-version=preview\nsum = 1+1=2")
    for name, times in {"Auth": 1, "ImageField": 1, "Streams": 2}.items():
        for _ in range(times):
            QTest.keyClick(bench.get(QComboBox, f"endpoint{name}"), Qt.Key.Key_Down)
    QTest.keyClick(bench.get(QCheckBox, "endpointAllowPlainHttp"), Qt.Key.Key_Space)
    store = SettingsStore(home / "settings.toml")
    store.replace_all(Settings(endpoint="Studio").with_profile(form.profile()))
    store.save()

    assert bench.fields_with_problems == []
    assert SettingsStore(home / "settings.toml").current.active == FULL


@pytest.mark.parametrize(
    ("name", "kind", "field", "text", "said"),
    [
        ("BaseUrl", QLineEdit, "base_url", "api.example.com", "starts with https://"),
        ("BaseUrl", QLineEdit, "base_url", "http://api.example.com", "Plain http"),
        ("Path", QLineEdit, "path", "/images/edits?a=b", "query fields"),
        ("Name", QLineEdit, "name", "openai ", "There is an endpoint named “OpenAI” already."),
        ("Headers", QPlainTextEdit, "headers", "X-Team", "“X-Team” isn't written as Name: value."),
        ("Headers", QPlainTextEdit, "headers", ": retouch", "isn't written as Name: value."),
        ("Headers", QPlainTextEdit, "headers", "X-Team: a\nx-team: b", "“x-team” is there twice."),
        ("Headers", QPlainTextEdit, "headers", "X Team: a", "can't be sent"),
        ("Headers", QPlainTextEdit, "headers", "X!: a", "can't be sent"),
        ("Headers", QPlainTextEdit, "headers", "Authorization: Bearer k", "the key has its own field"),
        ("Query", QPlainTextEdit, "query", "api-version", "isn't written as name=value."),
        ("Query", QPlainTextEdit, "query", "=preview", "isn't written as name=value."),
        ("Query", QPlainTextEdit, "query", "a=1\na=2", "“a” is there twice."),
        ("TimeoutsConnect", QLineEdit, "timeouts.connect", "soon", "a number of seconds above 0"),
        ("TimeoutsRead", QLineEdit, "timeouts.read", "0", "a number of seconds above 0"),
        ("TimeoutsTotal", QLineEdit, "timeouts.total", "", "a number of seconds above 0"),
        ("TimeoutsTotal", QLineEdit, "timeouts.total", "inf", "a number of seconds above 0"),
        ("PriceMultiplier", QLineEdit, "price_multiplier", "-1", "0 or more"),
        ("PriceMultiplier", QLineEdit, "price_multiplier", "double", "0 or more"),
        ("MaskField", QLineEdit, "mask_field", "my mask", "letters, digits"),
        ("Formats", QLineEdit, "formats", "png, gif", "Pictures travel as png, jpeg, webp."),
        ("MaxPictures", QLineEdit, "max_pictures", "many", "1 to 16 pictures"),
        ("Proxy", QLineEdit, "proxy", "proxy.lan:3128", "starts with http://"),
    ],
)
def test_field_typed_wrong_says_so_beside_itself_alone_and_is_quiet_again_when_right(
    bench, name, kind, field, text, said
) -> None:
    section = bench.form._sections.get(field)
    if section is not None:
        section.open()
    edit = bench.get(kind, f"endpoint{name}")
    before = edit.text() if isinstance(edit, QLineEdit) else edit.toPlainText()

    bench.type_over(edit, text)
    assert said in bench.words(field)
    assert bench.fields_with_problems == [field]
    assert {problem.field for problem in bench.form.problems()} == {field}

    bench.type_over(edit, before)
    assert bench.fields_with_problems == []
    assert bench.form.problems() == ()


def test_field_that_is_wrong_in_a_closed_section_is_brought_into_view(bench) -> None:
    section = bench.form._sections["timeouts.read"]
    section.open()
    bench.type_over(bench.get(QLineEdit, "endpointTimeoutsRead"), "soon")

    section.open(False)
    bench.type_over(bench.get(QLineEdit, "endpointPath"), "/edits")

    assert "seconds" in bench.words("timeouts.read")


def test_two_wrong_times_are_both_said(bench) -> None:
    bench.form._sections["timeouts.read"].open()

    bench.type_over(bench.get(QLineEdit, "endpointTimeoutsRead"), "x")
    bench.type_over(bench.get(QLineEdit, "endpointTimeoutsTotal"), "y")

    assert bench.fields_with_problems == ["timeouts.read", "timeouts.total"]


def test_empty_address_is_a_problem_that_isnt_shouted(bench) -> None:
    bench.type_over(bench.get(QLineEdit, "endpointBaseUrl"), "")

    assert bench.fields_with_problems == []
    assert [problem.field for problem in bench.form.problems()] == ["base_url"]


def test_name_of_a_profile_that_exists_cannot_be_changed(qtbot) -> None:
    form = form_of(FULL, "OpenAI")
    qtbot.addWidget(form)

    assert not child(form, QLineEdit, "endpointName").isEnabled()
    assert form.problems() == ()


@pytest.mark.parametrize("text", ["Offline engine", "offline engine"])
def test_name_of_the_offline_engine_is_not_to_be_had(qtbot, text) -> None:
    form = form_of(EndpointProfile("", "https://api.example.com/v1"), *(one.name for one in BUILT_IN))
    qtbot.addWidget(form)
    bench = Bench(form)

    bench.type_over(bench.get(QLineEdit, "endpointName"), text)

    assert "already" in bench.words("name")


def test_profiles_in_the_settings_file_hold_no_key(home) -> None:
    store = SettingsStore(home / "settings.toml")
    store.replace_all(Settings().with_profile(FULL))
    store.save()

    fields = set(msgspec.toml.decode((home / "settings.toml").read_bytes())["endpoints"][0])
    assert fields == set(EndpointProfile.__struct_fields__)
    assert "key" not in fields
