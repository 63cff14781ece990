"""Rules about Services."""
