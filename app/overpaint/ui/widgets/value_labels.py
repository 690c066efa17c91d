"""The words under which the values of the API are offered."""

WORDS = {
    "auto": "Auto",
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "xhigh": "Extra high",
    "max": "Maximum",
    "opaque": "Opaque",
    "transparent": "Transparent",
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WebP",
    "": "As the model does",
}
"""Value on the wire and what the user reads."""

SPECIAL = {
    ("moderation", "low"): "Less strict",
    ("moderation", "auto"): "Standard",
    ("output_format", "auto"): "Auto (PNG)",
}
"""Where a value means something else in one field."""


def words_for(field: str, value: str) -> str:
    """What the user reads for a value of a field; a value without words stands as it is."""
    return SPECIAL.get((field, value)) or WORDS.get(value, value)
