"""What an edit asks for and the rules it obeys: parameters, sizes, models, prompts and endpoints."""
