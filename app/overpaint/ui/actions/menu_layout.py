"""The menus in their order, and the groups of each: actions only name the group that they belong to."""

MENUS: dict[str, tuple[str, ...]] = {
    "File": ("add", "export", "gallery", "settings", "quit"),
    "Edit": ("undo", "clipboard"),
    "Tools": ("tools", "keyboard"),
    "Picture": ("change", "open", "move", "remove"),
    "Mask": ("whole", "outline", "saved", "clipboard", "derive", "export", "view"),
    "View": ("zoom", "within", "navigator", "panels", "workspaces"),
    "Run": ("send", "prompt", "use", "step", "endpoint"),
    "Help": ("keys", "about"),
}


def place(menu: str, group: str) -> int:
    """How far down a group stands in its menu; one that isn't named here stands at the end."""
    groups = MENUS[menu]
    return groups.index(group) if group in groups else len(groups)
