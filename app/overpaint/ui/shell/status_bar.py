"""The line at the foot: zoom, place, mask, picture, runs, and what was saved or can be undone."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStatusBar, QWidget

from overpaint.core.foreign_words import visible
from overpaint.core.masks.mask import share_words
from overpaint.studio.document.tray import TrayItem
from overpaint.studio.runs.job_queue import Jobs
from overpaint.studio.runs.run_words import clock_words
from overpaint.ui.widgets.labels import ElidedLabel, set_tone

_NOTICE_MS = 12_000
_ROOM_FOR_ALL = 1200


class StatusBar(QStatusBar):
    """Facts at the left in their fixed places, so that nothing jumps; notices at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusLine")
        self.setSizeGripEnabled(False)
        row = QWidget()
        self._row = QHBoxLayout(row)
        self._row.setContentsMargins(14, 0, 8, 0)
        self._row.setSpacing(12)
        self.addWidget(row, 1)
        self._zoom = self._fact("statusZoom", "100 %", 96)
        self._percent, self._angle = "100 %", 0.0
        self._place = self._fact("statusPlace", "", 112)
        self._mask = self._fact("statusMask", "", 88)
        self._picture = self._fact("statusPicture", "", 150)
        self._item: TrayItem | None = None
        self._result: tuple[int, int] | None = None
        self._runs = self._fact("statusRuns", "", 190)
        self._notice = ElidedLabel()
        self._notice.setObjectName("statusNotice")
        self._act = QPushButton()
        self._act.setObjectName("statusAct")
        self._act.setProperty("role", "link")
        _keep_place(self._act)
        self._act.hide()
        self._todo: Callable[[], object] | None = None
        self._act.clicked.connect(self._acted)
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._row.addWidget(self._notice, 1)
        self._row.addWidget(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.notify(""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the notice needs the room of what the tray says as well."""
        super().resizeEvent(event)
        self._picture.setVisible(event.size().width() >= _ROOM_FOR_ALL)

    def show_zoom(self, zoom: float) -> None:
        """1.0 is 100 %."""
        percent = 100 * zoom
        self._percent = f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"
        self._show_view()

    def show_angle(self, angle: float) -> None:
        """How far the view is turned, in degrees clockwise; nothing is said of 0."""
        self._angle = angle
        self._show_view()

    def show_place(self, place: tuple[int, int] | None) -> None:
        """The picture pixel under the pointer."""
        self._place.setText(f"x {place[0]}  y {place[1]}" if place else "")

    def show_item(self, item: TrayItem | None) -> None:
        """The picture on the canvas and how much of it is painted."""
        self._item = item
        self._show_facts()

    def show_result(self, size: tuple[int, int] | None) -> None:
        """The result that is shown in the picture's place; None when there is none any more."""
        if size != self._result:
            self._result = size
            self._show_facts()

    def _show_facts(self) -> None:
        item = self._item
        if self._result is not None:
            self._mask.setText(f"{self._result[0]} × {self._result[1]}")
            self._picture.setText("result")
            return
        if item is None:
            self._mask.setText("")
            self._picture.setText("")
            return
        share = item.mask.fraction()
        self._mask.setText(f"mask {share_words(share)}" if share else "no mask")
        size = item.picture.size
        self._picture.setText(f"sRGB {size.width} × {size.height}")

    def show_runs(self, jobs: Jobs) -> None:
        """How many runs go on and wait."""
        words = [f"{jobs.running} running"] if jobs.running else []
        going = [job for job in jobs.all if job.running and not job.queued]
        if len(going) == 1 and not jobs.waiting:
            words += filter(None, [clock_words(going[0], jobs.usual_seconds(going[0]))])
        words += [f"{jobs.waiting} queued"] if jobs.waiting else []
        self._runs.setText(", ".join(words))

    def notify(
        self, words: str, *, bad: bool = False, act: str = "", todo: Callable[[], object] | None = None
    ) -> None:
        """A notice with perhaps one act; good news goes by itself, bad news stays until the next."""
        words = visible(words)
        self._notice.setText(words)
        self._notice.setAccessibleName(words)
        set_tone(self._notice, "bad" if bad else "")
        self._todo = todo
        self._act.setText(act)
        self._act.setAccessibleName(act)
        self._act.setVisible(bool(act and todo))
        if bad or not words:
            self._timer.stop()
        else:
            self._timer.start(_NOTICE_MS)

    @property
    def notice(self) -> str:
        """The words of the notice that is shown."""
        return self._notice.text()

    @property
    def tells_bad_news(self) -> bool:
        """Whether the notice that is shown is of something that went wrong."""
        return bool(self.notice) and self._notice.property("tone") == "bad"

    def _show_view(self) -> None:
        turned = f" · {self._angle:.0f}°".replace("-", "−") if self._angle else ""
        self._zoom.setText(self._percent + turned)

    def _fact(self, name: str, text: str, width: int) -> ElidedLabel:
        fact = ElidedLabel(text)
        fact.setObjectName(name)
        fact.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        fact.setFixedWidth(width)
        self._row.addWidget(fact)
        return fact

    def _acted(self) -> None:
        todo, self._todo = self._todo, None
        self.notify("")
        if todo is not None:
            todo()


def _keep_place(part: QWidget) -> None:
    """Leaves its room to it while it is hidden: one that is higher than the rest would move the canvas."""
    policy = part.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    part.setSizePolicy(policy)
