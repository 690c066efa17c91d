"""Galleries: results with their masks and sidecars."""
