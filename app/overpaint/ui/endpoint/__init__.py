"""Where edits are sent: choosing an endpoint, its settings and key, and what was spent there."""
