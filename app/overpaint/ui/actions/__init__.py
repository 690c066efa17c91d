"""Every action of the user, declared once, with its words and keys."""
