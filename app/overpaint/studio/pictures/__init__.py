"""Pictures on their way into the tray: found, read in another process, and read again when they change."""
