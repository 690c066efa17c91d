"""Pictures as Qt wants them, and thumbnails."""
