"""Versions of CNI plugins."""

from __future__ import annotations

import re

Release = tuple[int, ...]
"""A version of a plugin, as far as it is known: `(1, 15)`, `(3, 14, 0)`."""


def parse_release(text: str) -> Release:
    """Return the numbers that a version or an image tag begins with: `v1.15.6-amd64`; empty without any."""
    match = re.match(r"v?(\d{1,5}(?:\.\d{1,5}){1,2})(?![\d.])", text)
    return tuple(map(int, match[1].split("."))) if match else ()
