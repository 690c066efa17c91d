"""What canvas and tools stand on: the view, pyramids of pixels, outlines and pointers."""
