"""The document the user works on: pictures, masks and parameters."""
