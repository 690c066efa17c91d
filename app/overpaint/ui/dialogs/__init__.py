"""Questions to the user, each opened and awaited."""
