"""Gallery and journal on one nearly full disk: a picture that was paid for is where it is said to be."""

import asyncio
import base64
import sys
from pathlib import Path

import pytest
from PIL import Image
from tests.api.wire import plain
from tests.cli.running import Ended, environment
from tests.conftest import Photo
from tests.fault_server import FaultServer, Script

from overpaint.library.journal.ledger import Ledger
from overpaint.studio.config.folders import Folders
from overpaint.studio.studio import Studio

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tells files by /proc")

COMMAND = Path(__file__).with_name("small_disk_command.py")


@pytest.fixture
def final(tmp_path: Path) -> bytes:
    """A picture of 300 kB."""
    file = tmp_path / "final.png"
    Image.effect_noise((600, 500), 90).save(file)
    assert 250_000 < file.stat().st_size < 350_000
    return file.read_bytes()


async def edited(photo: Photo, final: bytes, root: Path, room: int, *words: str, **changes: str) -> Ended:
    """What an edit says whose journal and gallery are on a disk of so many bytes; one request was sent."""
    home, out, elsewhere = root / "disk", root / "disk" / "out", root / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    small = changes.pop("small", str(home))
    given = "edit", "--image", photo("chelsea.jpg", (64, 48)), "--prompt", "Warmer", "--out", out
    async with FaultServer(Script(body=plain(final))) as server:
        command = (COMMAND, str(room), small, *given, "--base-url", server.base_url, "--model", "gpt-image-2")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *map(str, (*command, *words)),
            env=environment(OVERPAINT_HOME=str(home), TMPDIR=str(elsewhere), **changes),
            stdout=-1,
            stderr=-1,
        )
        async with asyncio.timeout(30):
            said, told = await process.communicate()
        assert server.posts in (0, 1)
    return Ended(process.returncode or 0, said.decode(), told.decode())


def pictures(folder: Path) -> list[bytes]:
    """The results in a folder, without a mask."""
    return [one.read_bytes() for one in folder.glob("*.png")]


def everything(root: Path) -> str:
    """All folders that a command may write in: one disk, for a test."""
    return f"{root / 'disk'}:{root / 'elsewhere'}:/dev/shm"


@pytest.mark.parametrize("room", [90_000, 200_000, 420_000, 600_000, 720_000, 760_000, 2_000_000])
async def test_picture_on_a_nearly_full_disk_is_where_it_is_said_to_be(
    photo: Photo, final: bytes, tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await edited(photo, final, tmp_path, room, "--json")

    assert done.code == 0, done.err
    (file,) = (Path(one) for one in done.json["files"])
    assert pictures(file.parent) == [final]
    assert file.parent == tmp_path / "disk" / "out" or str(file.parent) in done.err
    assert "try again" not in done.err
    monkeypatch.setenv("OVERPAINT_HOME", str(tmp_path / "disk"))
    for _ in range(2):
        studio = Studio(Folders.find())
        await studio.recover()
        await studio.close()
    (entry,) = Ledger(Folders.find().ledger).entries()
    assert entry.cost
    assert pictures(tmp_path / "disk" / "pictures") == []


@pytest.mark.parametrize("as_json", [True, False])
async def test_picture_that_no_place_takes_is_handed_on_before_the_command_ends(
    photo: Photo, final: bytes, tmp_path: Path, as_json: bool
) -> None:
    done = await edited(photo, final, tmp_path, 200_000, *["--json"] * as_json, small=everything(tmp_path))

    assert done.code == 1
    assert "standard output" in done.err
    assert "is kept" not in done.err
    if as_json:
        (one,) = done.json["unsaved"]
        assert (one["format"], done.json["error"]["kind"]) == ("png", "disk_full")
        assert base64.b64decode(one["b64_json"]) == final
    else:
        assert base64.b64decode(done.out.strip().removeprefix("data:image/png;base64,")) == final


async def test_picture_that_only_the_journal_has_is_said_to_be_there(
    photo: Photo, final: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await edited(photo, final, tmp_path, 680_000, "--json", small=everything(tmp_path))

    assert done.code == 1
    assert "is kept in Overpaint's journal" in done.err
    monkeypatch.setenv("OVERPAINT_HOME", str(tmp_path / "disk"))
    studio = Studio(Folders.find())
    (job,) = await studio.recover()
    await studio.close()
    assert job.results[0].path.read_bytes() == final
