"""The mask of a picture, how selections join it, and its undo history."""
