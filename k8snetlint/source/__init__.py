"""From bytes to documents: reading, splitting, parsing with exact places."""
