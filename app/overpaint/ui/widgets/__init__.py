"""Small controls that the panels are made of; none of them knows what an edit is."""
