"""Masks as pictures and pictures as masks: read, written, selected from what a picture shows, grown and mended."""
