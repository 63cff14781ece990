"""Paths in volumes, as the API server takes them. Each function returns what is wrong, in its words.

Source: `validateLocalDescendingPath` and its like in
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations


def backsteps(text: str) -> list[str]:
    """Check that no part of a path is `..`."""
    return ["must not contain '..'"] if ".." in text and ".." in text.split("/") else []


def descending(text: str) -> list[str]:
    """Check that a path is relative, and that no part of it is `..`."""
    return [*(["must be a relative path"] if text.startswith("/") else ()), *backsteps(text)]


def descending_and_free(text: str) -> list[str]:
    """Check that a path is relative, and that it does not begin with `..`."""
    wrong = descending(text)
    if text.startswith("..") and not text.startswith("../"):
        wrong.append("must not start with '..'")
    return wrong
