"""Choosing where edits are sent, changing an endpoint's settings, and what was spent there today."""

import asyncio
from datetime import UTC, date, datetime

import msgspec
from PySide6.QtCore import QTimer

from overpaint.core.errors import ConnectionFailed, KeyRefused
from overpaint.core.request.built_in_profiles import BUILT_IN
from overpaint.core.request.endpoint_profile import EndpointProfile
from overpaint.studio.runs.job import Job
from overpaint.studio.studio import Studio
from overpaint.ui.actions.action import Action
from overpaint.ui.endpoint.menu import EndpointMenu
from overpaint.ui.shell.ports import DialogParent, Notices


class EndpointActions:
    """The actions on endpoint profiles."""

    def __init__(self, studio: Studio, menu: EndpointMenu, dialogs: DialogParent, notices: Notices) -> None:
        self._studio = studio
        self._menu = menu
        self._dialogs = dialogs
        self._notices = notices
        menu.chosen.connect(self.choose)
        menu.settings_wanted.connect(self.settings)
        menu.custom_wanted.connect(self.add)
        menu.prices_wanted.connect(self.prices)
        studio.jobs.added.connect(self._job_added)
        studio.jobs.finished.connect(self._job_finished)
        self._started = datetime.now(UTC)
        self._day = date.today()
        self._clock = QTimer(menu)
        self._clock.setObjectName("dayClock")
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._look_at_the_clock)
        self._clock.start()
        self.show_spent()
        studio.tasks.start(self._lacks_key(studio.profile), "endpoint key")

    def actions(self) -> tuple[Action, ...]:
        """The dialogs of the endpoint in force."""
        return (
            Action("endpoints", "Endpoint settings…", self.settings, menu="Run", group="endpoint"),
            Action("prices", "Prices…", self.prices, menu="Run", group="endpoint"),
        )

    def choose(self, name: str) -> None:
        """Sends edits to another endpoint; one without an address or a key asks for it."""
        self._studio.settings.replace(endpoint=name)
        if self._studio.profile.problems():
            self.settings()
        else:
            self._studio.tasks.start(self._ask_for_key(self._studio.profile), "endpoint key")

    def settings(self, name: str = "") -> None:
        """Opens the settings of an endpoint, by default the one in force; the offline engine has none."""
        profile = self._profile(name) if name else self._studio.profile
        if profile.is_offline:
            self._notices.notify(
                "The offline engine needs no settings. Choose another endpoint to set one up."
            )
        else:
            self._studio.tasks.start(self._ask(profile), "endpoint settings")

    def prices(self) -> None:
        """Opens the table of prices."""
        self._studio.tasks.start(self._ask_prices(), "prices")

    def add(self) -> None:
        """Asks for a new endpoint."""
        self._studio.tasks.start(self._ask(EndpointProfile("", note=_CUSTOM_NOTE)), "new endpoint")

    def use_other_path(self, name: str, path: str) -> None:
        """Changes the path of an endpoint to its other common spelling, ``image`` for ``images``."""
        settings = self._studio.settings
        profile = settings.current.profile(name)
        settings.replace_all(settings.current.with_profile(msgspec.structs.replace(profile, path=path)))

    def show_spent(self) -> None:
        """Reads the ledger off the main thread and shows its sums."""
        self._studio.tasks.start(self._show_spent(), "spent today")

    async def _ask_for_key(self, profile: EndpointProfile) -> None:
        if await self._lacks_key(profile) and self._studio.profile.name == profile.name:
            await self._ask(profile, key_first=True)

    async def _lacks_key(self, profile: EndpointProfile) -> bool:
        """Whether there is no key for an endpoint that needs one; the dot beside its name tells of it."""
        if profile.is_offline or profile.auth == "none":
            self._menu.show_fault(profile.name, "")
            return False
        place = await self._studio.keys.where(profile)
        self._menu.show_fault(profile.name, place.words if place.place == "none" else "")
        return place.place == "none"

    def _job_finished(self, job: Job) -> None:
        """What the last edit says of its endpoint: it refused the key, wasn't there, or all is well."""
        if job.results:
            self._menu.show_fault(job.request.endpoint, "")
        elif isinstance(job.error, KeyRefused | ConnectionFailed):
            self._menu.show_fault(job.request.endpoint, job.error.message)

    async def _ask(self, profile: EndpointProfile, *, key_first: bool = False) -> None:
        from overpaint.ui.endpoint.dialog import EndpointDialog  # loads here, when it is opened

        settings = self._studio.settings
        taken = [one.name for one in settings.current.profiles() if one.name != profile.name]
        dialog = EndpointDialog(
            profile,
            self._studio.keys,
            self._studio.tasks,
            self._dialogs.tokens,
            self._dialogs.widget,
            taken=taken,
        )
        if key_first:
            dialog.begin_with_key()
        changed = await dialog.ask()
        if changed is None:
            return
        kept = settings.current.without_profile(changed.name)
        if changed not in BUILT_IN:
            kept = kept.with_profile(changed)
        settings.replace_all(msgspec.structs.replace(kept, endpoint=changed.name))
        await self._lacks_key(changed)
        place = await self._studio.keys.where(changed)
        self._notices.notify(place.words, bad=place.place == "none")

    async def _ask_prices(self) -> None:
        from overpaint.ui.endpoint.prices_dialog import PricesDialog  # loads here, when it is opened

        settings, table = self._studio.settings, self._studio.table
        prices = await PricesDialog(table.shipped, settings.current.prices, self._dialogs.widget).ask()
        if prices is not None:
            settings.replace(prices=prices)

    def _look_at_the_clock(self) -> None:
        """A day, and perhaps a month, begins at midnight and not only with its first paid run."""
        if (today := date.today()) != self._day:
            self._day = today
            self.show_spent()

    def _profile(self, name: str) -> EndpointProfile:
        """An endpoint by its name; the one in force where it has gone."""
        found = (one for one in self._studio.settings.current.profiles() if one.name == name)
        return next(found, self._studio.profile)

    def _job_added(self, job: Job) -> None:
        if job.recovered and not job.free:  # it ended in the ledger before it was shown
            self.show_spent()

    async def _show_spent(self) -> None:
        ledger, started = self._studio.ledger, self._started
        sums = await asyncio.to_thread(lambda: (ledger.since(started), ledger.today(), ledger.this_month()))
        self._menu.show_spent(*sums)


_CLOCK_MS = 20_000
_CUSTOM_NOTE = "Any server of the image edit API: its base URL ends before /images/edits."
