"""Runs that came to no good end: what came of them is found, kept and saved."""
