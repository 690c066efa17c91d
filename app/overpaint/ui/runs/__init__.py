"""Runs and their results, as tiles and as actions."""
