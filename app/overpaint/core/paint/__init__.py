"""Strokes of brush and eraser: stamps, dabs, pen pressure and the string that steadies a hand."""
