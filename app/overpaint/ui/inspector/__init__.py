"""The panel on the right: the prompt, each parameter beside its rules, and the button that sends the edit."""
