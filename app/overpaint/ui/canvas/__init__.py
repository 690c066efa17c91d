"""The canvas: one picture with its mask, shown at any zoom and painted on with mouse, pen, touch and keys."""
