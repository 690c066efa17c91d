"""What mouse, pen, touch and keys do on the canvas."""
