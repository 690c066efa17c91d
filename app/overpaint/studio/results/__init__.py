"""Results laid into the pictures that they were made of, and what is told of that."""
