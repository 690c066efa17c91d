"""What the window runs on: event loop, garbage collection, and the sink for errors nobody expected."""
