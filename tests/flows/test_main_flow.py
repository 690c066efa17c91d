"""The main job from dropped photographs to a saved result, driven by mouse and keys alone."""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton
from tests.flows.desk import CONTROL, Desk, desk
from tests.flows.wait import settled, until
from tests.pixels import load_bgra

from overpaint.core.masks.mask import SENT_FROM
from overpaint.core.results.job_state import JobState
from overpaint.library.gallery import sidecar
from overpaint.library.journal.spool import Spool
from overpaint.ui.canvas.canvas import Canvas
from overpaint.ui.viewport.pyramids import PicturePyramid, decode_levels

SPOON = [(470.0, 150.0), (500.0, 210.0), (520.0, 280.0), (500.0, 330.0)]
"""A way over the coffee photograph, in its pixels."""


class Watched(QObject):
    """What a canvas painted of its results, as digests of their pixels, each new one once."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.results: list[str] = []
        self._canvas = canvas
        self._last: PicturePyramid | None = None
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        result = self._canvas._scene.result
        if event.type() == QEvent.Type.Paint and result is not None and result is not self._last:
            self._last = result
            self.results.append(digest(result))
        return False


def digest(levels: PicturePyramid) -> str:
    return hashlib.sha256(levels._arrays[0].tobytes()).hexdigest()


def sent_by_the_engine(came: list[bytes]) -> list[tuple[str, bytes]]:
    """Every picture in the newest run's reply as it came over the wire: the event's type and the file."""
    lines = [line for line in b"".join(came).splitlines() if line.startswith(b"data: {")]
    events = [json.loads(line.removeprefix(b"data: ")) for line in lines]
    return [(one["type"], base64.b64decode(one["b64_json"])) for one in events if "b64_json" in one]


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The reply as it is kept while it comes; it goes once the gallery has its picture."""
    found: list[bytes] = []
    keep = Spool.write

    def write(spool: Spool, chunk: bytes) -> None:
        found.append(chunk)
        keep(spool, chunk)

    monkeypatch.setattr(Spool, "write", write)
    return found


async def test_main_flow_from_dropped_photographs_to_a_saved_result(photo, came) -> None:
    async with desk() as app:
        watched = Watched(app.canvas)
        await drop_two(app, photo("coffee.png"), photo("chelsea.jpg"))
        painted = paint_the_first(app)
        app.say("remove the spoon")
        await type_the_size(app)
        ask_for_three_partials(app)

        app.key(Qt.Key.Key_Return, CONTROL)
        job = await app.ended()

        assert (job.error, job.state) == (None, JobState.SAVED)
        await until(lambda: app.canvas._scene.result is not None)
        await partials_came_in_order(came, watched)
        the_result_is_kept(app, came, painted)
        undo_restores_the_mask(app, painted)


async def drop_two(app: Desk, first: Path, second: Path) -> None:
    """Two files take the place of the untouched sample, and the first of them is on the canvas."""
    await app.take(first, second)

    assert app.names == ["coffee.png", "chelsea.jpg"]
    assert app.studio.session.current == app.studio.session.first_picture


def paint_the_first(app: Desk) -> np.ndarray:
    """A stroke by the mouse; returns the mask."""
    app.paint(*SPOON)

    mask = app.studio.session.tray[0].mask
    assert mask.coverage[150, 470] > 200
    assert mask.coverage[20, 20] == 0
    assert app.words("statusMask").startswith("mask ")
    return mask.coverage.copy()


async def type_the_size(app: Desk) -> None:
    """1537 is refused while it is typed, legal sizes near it are offered, and one click takes one."""
    width, height = app.find(QLineEdit, "widthEdit"), app.find(QLineEdit, "heightEdit")
    app.type_over(width, "1537")
    app.type_over(height, "1024")
    await settled()

    button = app.find(QPushButton, "generateButton")
    assert not button.isEnabled()
    assert "16" in app.words("generateNote")
    offers = [chip for chip in app.shown(QPushButton) if chip.objectName().startswith("sizeChip_")]
    assert offers
    assert all(chip.property("tone") == "offer" for chip in offers)

    (near,) = [chip for chip in offers if chip.objectName() == "sizeChip_1536x1024"]
    app.click(near)
    assert (width.text(), height.text()) == ("1536", "1024")

    app.type_over(width, "2048")
    app.type_over(width, "1536")
    assert app.studio.parameters.params.size == "1536x1024"


def ask_for_three_partials(app: Desk) -> None:
    """By the plus button of the stepper, which stops there."""
    more = app.find(QToolButton, "partial_imagesStepperMore")
    while more.isEnabled():
        app.click(more)
    assert app.studio.parameters.params.partial_images == 3


async def partials_came_in_order(came: list[bytes], watched: Watched) -> None:
    """Every partial that was sent was painted on the canvas, one after the other, the result at the end."""
    sent = sent_by_the_engine(came)
    assert [kind for kind, _ in sent] == ["image_edit.partial_image"] * 3 + ["image_edit.completed"]
    wanted = [digest(decode_levels(data)) for _, data in sent]
    assert len(set(wanted)) == 4

    await until(lambda: watched.results[-1:] == wanted[-1:])

    assert watched.results == wanted


def the_result_is_kept(app: Desk, came: list[bytes], painted: np.ndarray) -> None:
    """The very bytes that came, a sidecar that tells how, and the mask that was painted."""
    (saved,) = app.job.results
    assert saved.path.parent == app.gallery
    assert saved.path.read_bytes() == sent_by_the_engine(came)[-1][1]
    assert decode_levels(saved.path.read_bytes()).size == (1536, 1024)

    assert saved.sidecar is not None
    told = sidecar.read(saved.sidecar)
    assert (told.params.prompt, told.params.size, told.params.partial_images) == (
        "remove the spoon",
        "1536x1024",
        3,
    )
    assert [source.name for source in told.sources] == ["coffee.png", "chelsea.jpg"]
    assert told.result.sha256 == hashlib.sha256(saved.path.read_bytes()).hexdigest()

    assert saved.mask is not None
    edited = load_bgra(saved.mask)[..., 3] == 0
    assert np.array_equal(edited, painted >= SENT_FROM)


def undo_restores_the_mask(app: Desk, painted: np.ndarray) -> None:
    """The mask stayed through the run; on the canvas undo takes the stroke back and redo brings it again."""
    mask = app.studio.session.tray[0].mask
    assert np.array_equal(mask.coverage, painted)
    app.canvas.setFocus()

    app.key(Qt.Key.Key_Z, CONTROL)
    assert mask.is_empty()
    assert app.words("statusMask") == "1536 × 1024"  # of the result, which is still shown
    app.key(Qt.Key.Key_Escape)
    assert app.words("statusMask") == "no mask"

    app.key(Qt.Key.Key_Y, CONTROL)
    assert np.array_equal(mask.coverage, painted)
