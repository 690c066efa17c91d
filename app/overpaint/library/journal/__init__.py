"""The journal of runs: intent, state and every byte of a reply, and what was spent."""
