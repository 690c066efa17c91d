"""What is done with results: they are compared with what they were made of, and with each other."""
