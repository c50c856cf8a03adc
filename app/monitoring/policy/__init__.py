"""Who sees which figures, and what they say. Pure."""
