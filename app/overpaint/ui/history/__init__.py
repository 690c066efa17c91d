"""The list of what can be undone."""
