"""Replies while they arrive: event streams, JSON and the pictures inside."""
