"""Durable files, locks between processes, and what a disk says when it refuses."""
