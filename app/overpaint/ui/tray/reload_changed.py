"""Takes in what other programs have made of the tray's pictures, and says so."""

from overpaint.studio.studio import Studio
from overpaint.ui.shell.ports import Notices
from overpaint.ui.tray.tray_panel import TrayPanel


async def reload_changed(studio: Studio, tray: TrayPanel, notices: Notices) -> bool:
    """Reads pictures again that were changed on the disk; whether there was one."""
    changed = await studio.changed_files.look()
    if changed.refused:
        tray.show_rejected(changed.refused)
    if changed.words:
        notices.notify(changed.words)
    return bool(changed.refused or changed.renewed)
