"""What the user is doing now: the open pictures, running jobs, settings, keys and notices."""
