"""The tray as it was left, with its masks and what can be undone."""
