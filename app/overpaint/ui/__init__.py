"""What the user sees: windows, panels and the canvas, made with Qt."""
