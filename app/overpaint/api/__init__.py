"""The image edit API as a client, in plain Python without a window."""
