"""Results laid into the picture that they were made of, so that not a pixel outside of the mask changes."""
