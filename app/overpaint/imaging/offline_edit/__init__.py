"""The classical edits that the offline engine makes in place of a model."""
