"""The prompt: its text with names and fields, its history, and presets."""
