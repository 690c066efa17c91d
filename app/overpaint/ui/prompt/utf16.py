"""Places in a text as Qt counts them: in UTF-16 units, where Python counts characters."""


def units(text: str) -> int:
    """The length of a text in UTF-16 units; characters beyond the first 65,536 take two."""
    return len(text) + sum(character > "\uffff" for character in text)


def difference(old: str, new: str) -> tuple[int, int, str]:
    """What makes ``old`` into ``new``: from where to where it is replaced, in characters, and by what."""
    least = min(len(old), len(new))
    start = next((at for at in range(least) if old[at] != new[at]), least)
    most = least - start
    kept = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    return start, len(old) - kept, new[start : len(new) - kept]
