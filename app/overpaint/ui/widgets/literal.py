"""Words from outside on buttons and in menus, shown letter by letter."""


def literal(words: str) -> str:
    """The words for a button or an act, where a single ``&`` would underline the letter after it."""
    return words.replace("&", "&&")
