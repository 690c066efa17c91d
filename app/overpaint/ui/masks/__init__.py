"""What the user does with masks: whole-mask actions, saved masks, and how the mask is shown."""
