"""What the window says about the offline engine; apart from its grammar, which a start doesn't need."""

HINT = (
    "Without a model the offline engine fills what you painted from its surroundings, and knows words such "
    "as brighter, warmer, more contrast, black and white, sepia, sharpen, blur the background, rotate or "
    "make it red."
)
