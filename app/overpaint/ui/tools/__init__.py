"""The tools: what each does from press to release, and how a selection gets into the mask."""
