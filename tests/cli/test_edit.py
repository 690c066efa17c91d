"""``overpaint edit`` from a shell's point of view: files, JSON, exit codes, and words for what is wrong."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.api.wire import plain, refusal
from tests.cli.running import Ended, ended, overpaint, started
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script

from overpaint.cli import main
from overpaint.studio.config.folders import Folders

KEY = "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"
Edit = Callable[..., Ended]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture
def edit(photo: Photo, out: Path, capsys: pytest.CaptureFixture[str]) -> Edit:
    """Runs an edit that has no need of a process of its own, with ``--json``."""

    def run(*words: str | Path, image: Path | None = None) -> Ended:
        given = ["--image", image or photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out, *words]
        code = main(["edit", "--json", *map(str, given)])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run


def pictures(folder: Path) -> dict[str, bytes]:
    """The results in a folder by their paths."""
    return {str(one): one.read_bytes() for one in folder.glob("*.png")}


def test_edit_with_the_offline_engine_saves_the_picture_and_reports_it(photo: Photo, out: Path) -> None:
    words = ("--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--size", "1024x1024")

    done = overpaint("edit", *words, "--partial-images", "2", "--out", out, "--json")

    report = done.json
    assert done.code == 0
    assert set(report) == {
        *("files", "sidecars", "usage", "cost_usd", "endpoint", "request_id", "remark", "kept", "drift")
    }
    assert (report["cost_usd"], report["endpoint"]) == (0.0, "Offline engine")
    assert report["usage"]["output_tokens"] > 0
    assert report["request_id"].startswith("req_")
    (file,), (sidecar,) = report["files"], report["sidecars"]
    with Image.open(file) as picture:
        assert picture.size == (1024, 1024)
    assert json.loads(Path(sidecar).read_text())["params"]["prompt"] == "Make it warmer"
    assert done.err.splitlines()[-2:] == ["partial picture 2", f"saved {Path(file).name}"]


def test_edit_of_several_pictures_and_variations_prints_a_file_a_line(photo: Photo, out: Path) -> None:
    pictures = ("--image", photo("chelsea.png"), "--image", photo("coffee.jpg"))

    done = overpaint(
        "edit",
        *pictures,
        "--prompt",
        "Make it warmer",
        "--n",
        "2",
        "--size",
        "1024x1024",
        "--out",
        out,
        "--quiet",
    )

    assert (done.code, done.err) == (0, "")
    assert sorted(done.out.splitlines()) == sorted(str(one) for one in out.glob("*.png"))
    assert len(done.out.splitlines()) == 2


def test_edit_loads_no_part_of_qt(photo: Photo, out: Path) -> None:
    script = (
        "import sys; from overpaint.cli import main; code = main(sys.argv[1:]); "
        "print([name for name in sys.modules if name.split('.')[0] in ('PySide6', 'shiboken6', 'qasync')]); "
        "sys.exit(code)"
    )
    words = ["edit", "--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out, "--quiet"]

    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


async def test_edit_at_a_server_sends_the_key_of_the_environment_and_what_was_asked(
    photo: Photo, out: Path
) -> None:
    final = photo("rocket.png").read_bytes()
    async with FaultServer(Script(body=plain(final))) as server:
        where = (
            "--base-url",
            f"{server.base_url}/",
            "--model",
            "gpt-image-2",
            "--quality",
            "low",
            "--user",
            "me",
        )
        words = ("--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out)

        process = await started("edit", *words, *where, "--json", OVERPAINT_API_KEY=KEY)
        done = await ended(process)

        (request,) = server.requests
        assert done.code == 0
        assert pictures(out) == {done.json["files"][0]: final}
        assert done.json["cost_usd"] == pytest.approx(0.0126, abs=0.0005)
        assert request.target == "/v1/images/edits"
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert b'name="quality"\r\n\r\nlow\r\n' in request.body
        assert b'name="stream"' not in request.body
        assert b'name="partial_images"' not in request.body
        assert KEY not in done.out + done.err


async def test_key_of_an_edit_is_in_no_file_it_leaves(photo: Photo, out: Path, home: Path) -> None:
    echo = Script(401, body=refusal(f"Incorrect API key provided: {KEY}."), headers={"x-request-id": KEY})
    scripts = (Script(body=plain(photo("rocket.png").read_bytes())), echo)
    async with FaultServer(*scripts) as server:
        words = ("--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out, "--json")
        where = ("--base-url", server.base_url)
        done = [await ended(await started("edit", *words, *where, OVERPAINT_API_KEY=KEY)) for _ in scripts]

    assert [one.code for one in done] == [0, 1]
    assert KEY not in "".join(one.out + one.err for one in done)
    assert leaks(home) == leaks(out) == []


def leaks(folder: Path) -> list[str]:
    """Files that hold the key in one of its spellings."""
    raw = KEY.encode()
    spellings = (raw, base64.b64encode(raw)[:-4], raw.hex().encode(), KEY.encode("utf-16-le"))
    files = [one for one in folder.rglob("*") if one.is_file()]
    assert files
    return [str(one) for one in files if any(spelling in one.read_bytes() for spelling in spellings)]


async def test_edit_without_a_key_goes_to_a_server_of_ones_own_without_one(photo: Photo, out: Path) -> None:
    async with FaultServer(Script(body=plain(photo("rocket.png").read_bytes()))) as server:
        words = ("--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out)

        done = await ended(await started("edit", *words, "--base-url", server.base_url))

        assert done.code == 0
        assert "authorization" not in server.requests[0].headers


async def test_edit_that_is_refused_reports_the_kind_and_the_words(photo: Photo, out: Path) -> None:
    body = refusal(
        "Your request was rejected.", code="moderation_blocked", type="image_generation_user_error"
    )
    async with FaultServer(Script(400, body=body)) as server:
        words = ("--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out)

        done = await ended(await started("edit", *words, "--base-url", server.base_url, "--json"))

    assert done.code == 1
    assert done.error["kind"] == "content_refused"
    assert done.error["may_have_been_billed"] is False
    assert done.err.splitlines()[-1].startswith("overpaint edit: ")


async def test_edit_whose_reply_is_cut_says_that_it_may_have_been_billed(photo: Photo, out: Path) -> None:
    script = Script(body=plain(photo("rocket.png").read_bytes()), cut_at=900)
    async with FaultServer(script) as server:
        words = ("--image", photo("chelsea.png"), "--prompt", "Make it warmer", "--out", out)

        done = await ended(await started("edit", *words, "--base-url", server.base_url, "--json"))

        assert server.posts == 1
    assert done.code == 1
    assert done.error["may_have_been_billed"] is True
    assert "billed" in done.err


def test_edit_at_an_address_where_nothing_listens_says_so(edit: Edit) -> None:
    done = edit("--base-url", "http://127.0.0.1:9/v1")

    assert (done.code, done.error["kind"]) == (1, "connection_failed")
    assert done.error["may_have_been_billed"] is False


def test_edit_at_an_endpoint_without_a_key_says_where_to_put_it(edit: Edit) -> None:
    done = edit("--endpoint", "openai")

    assert (done.code, done.error["kind"]) == (1, "key_refused")
    assert "OVERPAINT_API_KEY" in done.err


@pytest.mark.parametrize("content", ["daily_cap = 'five'\n", "daily_cap = 5\ntheme ="])
def test_edit_that_costs_is_refused_while_the_spending_cap_cannot_be_read(edit: Edit, content: str) -> None:
    file = Folders.find().settings_file
    file.parent.mkdir(parents=True)
    file.write_text(content)

    first, second, free = edit("--endpoint", "openai"), edit("--endpoint", "openai"), edit()

    for done in (first, second):
        assert done.code == 1
        assert "The spending cap couldn't be read from the settings" in done.err
    assert free.code == 0


def test_edit_at_an_unknown_endpoint_names_those_there_are(edit: Edit) -> None:
    done = edit("--endpoint", "Opnai")

    assert (done.code, done.error["kind"]) == (1, "settings_invalid")
    assert "OpenAI" in done.err


def test_edit_over_plain_http_to_a_far_host_is_refused(edit: Edit) -> None:
    done = edit("--base-url", "http://api.example.com/v1")

    assert done.code == 1
    assert "Plain http" in done.error["message"]


@pytest.mark.parametrize(
    ("words", "field", "near"),
    [
        (("--size", "1537x1024"), "size", "1536x1024"),
        (("--n", "11"), "n", "10"),
        (("--partial-images", "4"), "partial_images", "3"),
        (("--output-format", "jpeg", "--output-compression", "101"), "output_compression", "100"),
        (("--quality", "best"), "quality", "auto"),
        (("--n", "2", "--stream"), "n", "1"),
    ],
)
def test_edit_with_a_value_that_breaks_a_rule_names_the_nearest_that_does_not(
    edit: Edit, words: tuple[str, ...], field: str, near: str, out: Path
) -> None:
    done = edit(*words)

    assert (done.code, done.error["kind"]) == (1, "invalid_request")
    assert done.error["message"].startswith(f"{field}: ")
    assert done.err.rstrip().endswith(f"Try {near}.")
    assert not out.exists()


def test_edit_with_an_empty_prompt_is_refused(edit: Edit) -> None:
    done = edit("--prompt", "  ")

    assert (done.code, "Say what should change" in done.error["message"]) == (1, True)


def test_edit_of_a_file_that_is_missing_or_no_picture_names_it(edit: Edit, tmp_path: Path) -> None:
    text = tmp_path / "notes.png"
    text.write_text("not a picture at all, but quite a long text")

    gone, wrong = edit(image=tmp_path / "gone.png"), edit(image=text)

    assert (gone.code, gone.error["kind"]) == (1, "picture_unreadable")
    assert "gone.png" in gone.error["message"]
    assert (wrong.code, "notes.png" in wrong.error["message"]) == (1, True)


@pytest.mark.parametrize(
    ("mode", "colour", "size", "words"),
    [
        ("RGBA", (0, 0, 0, 0), (64, 64), "64x64 pixels, the first picture 451x300"),
        ("RGBA", (0, 0, 0, 255), (451, 300), "opaque everywhere"),
        ("RGB", (0, 0, 0), (451, 300), "opaque everywhere"),
    ],
)
def test_edit_with_a_mask_that_cannot_work_says_why(
    edit: Edit, tmp_path: Path, mode: str, colour: tuple[int, ...], size: tuple[int, int], words: str
) -> None:
    mask = tmp_path / "mask.png"
    Image.new(mode, size, colour).save(mask)

    done = edit("--mask", mask)

    assert (done.code, done.error["kind"]) == (1, "picture_unreadable")
    assert words in done.error["message"]


def test_edit_with_a_mask_that_is_missing_or_no_png_says_so(edit: Edit, tmp_path: Path, photo: Photo) -> None:
    gone, jpeg = edit("--mask", tmp_path / "gone.png"), edit("--mask", photo("chelsea.jpg"))

    assert "gone.png" in gone.error["message"]
    assert (gone.code, jpeg.code) == (1, 1)
    assert jpeg.error["kind"] == "picture_unreadable"


def test_edit_into_a_folder_that_cannot_be_made_sends_nothing(edit: Edit, tmp_path: Path, out: Path) -> None:
    out.write_text("a file where the folder should be")

    done = edit("--base-url", "http://127.0.0.1:9/v1")

    assert done.code == 1
    assert done.error["kind"] in ("storage_failed", "folder_missing")


@pytest.mark.skipif(sys.platform != "linux", reason="takes a folder where not even root may write")
def test_edit_into_a_folder_that_may_not_be_written_sends_nothing(edit: Edit) -> None:
    done = edit("--out", "/sys", "--base-url", "http://127.0.0.1:9/v1")

    assert (done.code, done.error["kind"]) == (1, "read_only")


def test_edit_whose_journal_cannot_be_written_sends_nothing(edit: Edit, home: Path) -> None:
    (home / "overpaint").mkdir()
    (home / "overpaint" / "state").write_text("a file where the folder should be")

    done = edit("--base-url", "http://127.0.0.1:9/v1")

    assert (done.code, done.error["kind"]) == (1, "not_allowed")
    assert done.error["message"].startswith("Nothing was sent")
