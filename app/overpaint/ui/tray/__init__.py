"""The tray of pictures that are edited or referred to."""
