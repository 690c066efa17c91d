"""Overpaint: a desktop studio for editing pictures with gpt-image models."""

__version__ = "0.1.0"
