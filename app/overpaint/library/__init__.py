"""What is kept: galleries, sidecars, the job journal and their index on disk."""
