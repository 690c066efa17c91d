"""What every part of the window may know of it: its ports, the status bar and the file manager."""
