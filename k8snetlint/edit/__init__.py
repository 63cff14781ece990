"""Symbolic changes of documents, and the edits of texts that they become."""
