"""Brings the document onto the disk as it changes, and back at the next start."""
