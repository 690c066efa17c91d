"""Pictures beside each other on one canvas: split by a line, or in panes that show the same part of each."""
