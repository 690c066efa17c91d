"""Runs of edits from the click to the saved file, and what comes before and after."""
