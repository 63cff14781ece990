"""Configuration files: where one is, what it says, and where it is wrong."""
