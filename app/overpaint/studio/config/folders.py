"""Where Overpaint keeps things: the platform's folders, or one folder for everything."""

import os
from pathlib import Path

import msgspec
import platformdirs

HOME_VARIABLE = "OVERPAINT_HOME"
_NAME = "overpaint"


class Folders(msgspec.Struct, frozen=True):
    """The platform's folders for Overpaint; none is made before something is kept in it.

    ``config`` settings and the user's model table; ``data`` drafts of pictures; ``state`` journal, logs;
    ``cache`` what can be made again; ``pictures`` the gallery that is used until the user chooses one.
    """

    config: Path
    data: Path
    state: Path
    cache: Path
    pictures: Path

    @classmethod
    def find(cls) -> "Folders":
        """The folders under ``OVERPAINT_HOME`` when it is set, otherwise the platform's own."""
        home = os.environ.get(HOME_VARIABLE, "").strip()
        if home:
            root = Path(home).expanduser().absolute()
            return cls(*(root / name for name in ("config", "data", "state", "cache", "pictures")))
        return cls(
            platformdirs.user_config_path(_NAME, appauthor=False),
            platformdirs.user_data_path(_NAME, appauthor=False),
            platformdirs.user_state_path(_NAME, appauthor=False),
            platformdirs.user_cache_path(_NAME, appauthor=False),
            platformdirs.user_pictures_path() / "Overpaint",
        )

    def gallery(self, chosen: str) -> Path:
        """The gallery's folder: the one that was ``chosen`` in the settings, otherwise the default."""
        return Path(chosen) if chosen else self.pictures

    @property
    def settings_file(self) -> Path:
        """The settings, as TOML."""
        return self.config / "settings.toml"

    @property
    def model_table(self) -> Path:
        """The user's own rows of the model table."""
        return self.config / "models.toml"

    @property
    def journal(self) -> Path:
        """One folder for each job."""
        return self.state / "journal"

    @property
    def ledger(self) -> Path:
        """Every run with its price, a line each."""
        return self.state / "ledger.jsonl"

    @property
    def drafts(self) -> Path:
        """Pictures that were pasted or converted for upload."""
        return self.data / "drafts"

    @property
    def draft(self) -> Path:
        """The tray and its masks as they were left."""
        return self.data / "draft"

    @property
    def prompts(self) -> Path:
        """The prompts that were sent, one a line."""
        return self.data / "prompts.jsonl"

    @property
    def presets(self) -> Path:
        """Prompts with their parameters under names, one a line."""
        return self.data / "presets.jsonl"

    @property
    def log_file(self) -> Path:
        """The program's log."""
        return self.state / "overpaint.log"
