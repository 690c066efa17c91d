"""Pixels in and out: decoding, encoding, filling, selecting and compositing pictures."""
