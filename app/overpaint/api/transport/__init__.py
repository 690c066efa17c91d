"""Requests on their way: connections, bodies, exchanges and fetched pictures."""
