"""What the selecting tools are set to, remembered in the settings save for how they combine."""

from overpaint.studio.config.settings import SelectionSettings
from overpaint.studio.config.settings_store import SettingsStore
from overpaint.ui.tools.options.selection_options import SelectionOptions


class SelectionOptionsStore:
    """The same options for all selecting tools; each start begins with new selections."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._how = SelectionOptions().how

    @property
    def current(self) -> SelectionOptions:
        """The options as they stand."""
        kept = self._settings.current.selection
        return SelectionOptions(
            self._how, kept.feather, kept.smooth, kept.tolerance, kept.contiguous, kept.sample
        )

    def store(self, options: SelectionOptions) -> None:
        """Remembers a options."""
        self._how = options.how
        kept = SelectionSettings(
            options.feather, options.smooth, options.tolerance, options.contiguous, options.sample
        )
        self._settings.replace(selection=kept)
