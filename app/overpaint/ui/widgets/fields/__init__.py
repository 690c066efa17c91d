"""Controls that hold one value."""
