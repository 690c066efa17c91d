"""Masks as pixels: read and written, selected from what a picture shows, grown and mended."""
