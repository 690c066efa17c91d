"""Takes in what other programs have made of the tray's pictures, and says so."""

from overpaint.studio.studio import Studio
from overpaint.ui.app.window_parts import Parts


async def reload_changed(studio: Studio, parts: Parts) -> bool:
    """Reads pictures again that were changed on the disk; whether there was one."""
    changed = await studio.changed_files.look()
    if changed.refused:
        parts.tray.show_rejected(changed.refused)
    if changed.words:
        parts.status.notify(changed.words)
    return bool(changed.refused or changed.renewed)
