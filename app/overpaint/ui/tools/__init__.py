"""The selecting tools: what each does between press and release, and how what it found gets into the mask."""
