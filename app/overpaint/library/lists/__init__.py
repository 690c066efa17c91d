"""Lists that belong to the user: prompts that were sent, and presets."""
