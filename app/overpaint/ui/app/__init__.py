"""The window as a whole: how it starts, what stands where, and how the parts are connected."""
