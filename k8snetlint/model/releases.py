"""Versions of CNI plugins."""

from __future__ import annotations

import re

Release = tuple[int, ...]
"""A version of a plugin, as far as it is known: `(1,)`, `(1, 15)`, `(3, 14, 0)`; without its end, the newest such."""


def parse_release(text: str) -> Release:
    """Return the numbers that a version or an image tag begins with: `v1.15.6-amd64`; empty without any."""
    match = re.match(r"v?(\d{1,5}(?:\.\d{1,5}){1,2})(?![\d.])", text)
    return tuple(map(int, match[1].split("."))) if match else ()


def configured_release(text: str) -> Release:
    """Return the numbers of a version as users configure it: `1.17`, `v3.29.1`, `1`; empty if it is not one."""
    return tuple(map(int, text.removeprefix("v").split("."))) if is_release(text) else ()


def is_release(text: str) -> bool:
    """Tell whether a text is a version: one number up to three."""
    return re.fullmatch(r"v?[0-9]{1,5}([.][0-9]{1,5}){0,2}", text) is not None
