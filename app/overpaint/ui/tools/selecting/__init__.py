"""The tools that select, one file each: what they do from the press to a finished selection."""
