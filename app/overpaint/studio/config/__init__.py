"""What is remembered between two starts: settings, keys, presets and prompts, and the folders they lie in."""
