"""What the studio's tests make again and again: requests, tools over folders of the test, waits for a run."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from overpaint.api.client import EditClient
from overpaint.core.request.edit_request import EditRequest, Picture
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.core.request.model_table import ModelTable
from overpaint.core.request.params import EditParams
from overpaint.core.request.sizes import Size
from overpaint.core.results.prices import Estimate
from overpaint.library.gallery.gallery import Gallery
from overpaint.library.journal.journal import Journal, StoredJob
from overpaint.library.journal.ledger import Ledger
from overpaint.studio.config.key_store import KEY_VARIABLE, KeyStore
from overpaint.studio.event import Event
from overpaint.studio.pictures.picture_reader import PictureReader
from overpaint.studio.pictures.readable_pictures import ReadablePictures
from overpaint.studio.runs.job import Job
from overpaint.studio.runs.job_runner import RunTools
from overpaint.studio.runs.offline_engine import OfflineEngine

WHEN = datetime(2026, 11, 22, 14, 2, 31, tzinfo=UTC)
SERVER = "Test server"
KEY = {KEY_VARIABLE: "sk-canary-5f1e9c0b7a2d4e6f8a1b3c5d"}


def picture(path: Path) -> Picture:
    """A real picture file as the tray describes it."""
    with Image.open(path) as opened:
        form, size = (opened.format or "").lower(), Size(*opened.size)
    return Picture(path, path.name, form, size, path.stat().st_size)


def request(*paths: Path, endpoint: str = SERVER, **params: object) -> EditRequest:
    """An edit of real pictures."""
    asked = EditParams(prompt="Make it warmer", stream=True, partial_images=2).replace(**params)
    return EditRequest(asked, tuple(picture(path) for path in paths), None, endpoint)


def job(asked: EditRequest, host: str = "api.example.com") -> Job:
    """A run of an edit that hasn't begun."""
    return Job("", asked, host, Estimate(0.01, 0.02, output=0.02, known=True), WHEN, queued=False)


@dataclass
class Workshop:
    """Everything a run works with, in folders of one test; ``told`` keeps what a run said of itself."""

    root: Path
    profile: EndpointProfile
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = EditClient()
        self.reader = PictureReader()
        self.tools = RunTools(
            client=lambda: self.client,
            engine=OfflineEngine(),
            keys=KeyStore(),
            journal=Journal(self.root / "state" / "journal"),
            ledger=Ledger(self.root / "state" / "ledger.jsonl"),
            table=ModelTable.load(),
            gallery=lambda: Gallery(self.gallery_folder),
            own_folder=self.root / "pictures",
            profile=lambda _: self.profile,
            version="0",
            readable=ReadablePictures(self.reader, self.root / "drafts"),
        )
        self.gallery_folder = self.root / "pictures"

    def tell(self, one: Job) -> None:
        """Notes the state of a run."""
        self.told.append(str(one.state))

    @property
    def kept(self) -> StoredJob:
        """The newest job in the journal."""
        return self.tools.journal.recent(1)[0]

    @property
    def pictures(self) -> list[bytes]:
        """The results in the gallery folder, byte for byte."""
        folder = self.gallery_folder
        return [one.read_bytes() for one in sorted(folder.glob("*.png"))] if folder.exists() else []

    async def close(self) -> None:
        """Lets go of connections and engine."""
        await self.client.close()
        await asyncio.to_thread(self.tools.engine.close)
        await asyncio.to_thread(self.reader.close)


async def until(changes: Event[[Job]], holds: Callable[[], object]) -> None:
    """Returns as soon as something holds, looked at whenever a run tells of a change."""
    came = asyncio.Event()

    def look(_: Job) -> None:
        if holds():
            came.set()

    changes.connect(look)
    if not holds():
        async with asyncio.timeout(30):
            await came.wait()
    changes.disconnect(look)
