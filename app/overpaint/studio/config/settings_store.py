"""The settings in force, and their file, which keeps what this version or this window doesn't know."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from overpaint.core.errors import SettingsError, StorageError
from overpaint.studio.config.settings import Settings
from overpaint.studio.config.settings_document import Document, merge, migrate, shared, with_version
from overpaint.studio.config.settings_file import NotToml, SettingsFile
from overpaint.studio.config.settings_reading import UnreadValue, read
from overpaint.studio.event import Changes

_CAP = "daily_cap"
_NOT_KNOWN: Document = {_CAP: "not known"}
"""Written where the user's cap was lost: no number, so that the next start doesn't know it either."""

_MOST_NAMED = 6
_log = logging.getLogger(__name__)


class SettingsStore:
    """Holds the settings in force and keeps their file.

    ``changed`` carries the names of those that are others than before, as :class:`Settings` has them.
    ``warning`` says in a few sentences what couldn't be read at the start, and is ``""`` as a rule.
    """

    def __init__(self, file: Path) -> None:
        self._file = SettingsFile(file)
        self._writing = threading.Lock()
        self.changed = Changes()
        self.warning = ""
        document = self._load()
        self.current, unread = read(Settings, document)
        self._loaded = _plain(self.current)
        self._before = shared(self._loaded, document)
        self._saved = self.current
        self._unread = frozenset(one.path[0] for one in unread if len(one.path) == 1)
        self._confirmed = self._confirmed_saved = frozenset[str]()
        self._tell(unread)

    def replace(self, **changes: object) -> None:
        """Changes some settings; they hold at once and are on the disk after :meth:`save`.

        What couldn't be read stays in the file until it is changed here, to the same value or another.
        """
        self._confirmed |= self._unread & {
            name for name, value in changes.items() if not isinstance(value, msgspec.Struct | dict | tuple)
        }
        self.replace_all(msgspec.structs.replace(self.current, **changes))

    def replace_all(self, settings: Settings) -> None:
        """Replaces the settings whole, with the same promise as :meth:`replace`."""
        before, self.current = self.current, settings
        names = Settings.__struct_fields__
        self.changed.emit(frozenset(one for one in names if getattr(before, one) != getattr(settings, one)))

    def save(self) -> None:
        """Writes what has changed since the file was read or written; may be called on another thread.

        Everything else in the file stays, what another window has written meanwhile included. Writes come one
        after the other, each with the settings of its own moment, so that an older one never overtakes a
        newer. Raises :class:`SettingsError`; the settings hold for this run all the same.
        """
        with self._writing:
            settings, confirmed = self.current, self._confirmed
            if settings == self._saved and confirmed == self._confirmed_saved:
                return
            now = _plain(settings)
            before, loaded = (
                {name: value for name, value in known.items() if name not in confirmed}
                for known in (self._before, self._loaded)
            )
            try:
                _, kept_as = self._file.update(lambda disk: _merged(disk, before, now, loaded))
            except StorageError as fault:
                raise SettingsError(
                    "Settings couldn't be saved; they hold until Overpaint is closed.",
                    cause=fault.cause,
                    next_step=fault.message,
                ) from fault
            if kept_as:
                _log.warning("settings file broken by others, kept as %s", kept_as)
            self._before, self._saved, self._confirmed_saved = now, settings, confirmed

    def _load(self) -> Document:
        """What the file says, as today's version has it; what stands for it where it can't be read."""
        try:
            return migrate(self._file.read() or {})
        except NotToml as fault:
            _log.warning("settings file unreadable: %s", fault.cause or fault.message)
            return self._start_anew()
        except StorageError as fault:
            _log.warning("settings file can't be opened: %s", fault.cause)
            self.warning = (
                f"{fault.message} Overpaint starts with its own settings, and leaves that file alone."
            )
            return {**_plain(Settings()), **_NOT_KNOWN}

    def _start_anew(self) -> Document:
        """Keeps a broken file under another name, so that nothing the user wrote is lost."""
        fresh = {**_plain(Settings()), **_NOT_KNOWN}
        self.warning = "The settings file couldn't be read, so Overpaint starts with its own settings."
        try:
            document, kept_as = self._file.update(lambda disk: fresh if disk is None else disk)
        except StorageError as fault:
            _log.warning("broken settings file stays where it is: %s", fault.cause)
            return fresh
        if kept_as:
            self.warning += f" The old ones are kept in {kept_as}."
        return migrate(document)

    def _tell(self, unread: Sequence[UnreadValue]) -> None:
        """Names in the warning what couldn't be read, the spending cap with what that leads to."""
        titles = [one.title for one in unread if one.path != (_CAP,)]
        if titles:
            _log.warning("settings not read: %s", ", ".join(".".join(one.path) for one in unread))
            named = "; ".join(titles[:_MOST_NAMED]) + ("; …" if len(titles) > _MOST_NAMED else "")
            self.warning += f" These settings couldn't be read and have their defaults: {named}."
        if self.current.daily_cap is None:
            self.warning += " The spending cap couldn't be read: paid edits ask until you set it in Settings."
        self.warning = self.warning.strip()


def _merged(disk: Document | None, before: Document, now: Document, loaded: Document) -> Document:
    """What is on the disk with our changes since ``before``. A setting that wasn't there at our start and
    is now was written by another window: it stays unless it is another one here than it was ``loaded``
    as."""
    if disk is None:  # all of it is written, with the word that the cap isn't known while that is so
        return {**_NOT_KNOWN, **now}
    theirs = {name: value for name, value in loaded.items() if name in disk}
    return with_version(merge(migrate(disk), {**theirs, **before}, now))


def _plain(settings: Settings) -> Document:
    """The settings as TOML can hold them, which has no word for nothing."""
    plain: Document = _without_none(msgspec.to_builtins(settings))
    return plain


def _without_none(value: Any) -> Any:
    match value:
        case dict():
            return {name: _without_none(one) for name, one in value.items() if one is not None}
        case list() | tuple():
            return [_without_none(one) for one in value]
    return value
