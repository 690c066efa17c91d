"""Finds where a result lies on the picture that it was made of, by what both show outside of the mask."""
