"""What comes back from an edit: its events, states, usage and price."""
