"""Which configuration file counts for a folder."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OWN_FILES = ("k8snetlint.toml", ".k8snetlint.toml", ".k8snetlint.yaml")
_SHARED_FILE = "pyproject.toml"
_SHARED_TABLE = ("tool", "k8snetlint")


def discover(folder: str, exists: Callable[[str], bool], read: Callable[[str], str]) -> str | None:
    """Return the nearest configuration file, from a folder upwards to the root of its repository.

    Args:
        folder: an absolute path, with slashes.
        exists: tells whether there is a file, or a folder `.git`.
        read: returns the text of a `pyproject.toml` that exists.
    """
    while True:
        for name in OWN_FILES:
            if exists(path := posixpath.join(folder, name)):
                return path
        if exists(path := posixpath.join(folder, _SHARED_FILE)) and _concerns_us(read(path)):
            return path
        above = posixpath.dirname(folder)
        # In a worktree or a submodule, `.git` is a file.
        if above == folder or exists(posixpath.join(folder, ".git")):
            return None
        folder = above


def table_of(path: str) -> tuple[str, ...]:
    """Return the keys of the table that holds our settings, none if the whole file does."""
    return _SHARED_TABLE if posixpath.basename(path) == _SHARED_FILE else ()


def _concerns_us(text: str) -> bool:
    if _SHARED_TABLE[-1] not in text:
        return False
    import tomllib  # noqa: PLC0415 - most repositories have no such file

    try:
        tool = tomllib.loads(text.removeprefix("\ufeff")).get(_SHARED_TABLE[0])
    except (ValueError, RecursionError):
        # What is wrong is told when the file is read, but only if it is meant for us.
        return ".".join(_SHARED_TABLE) in text
    return isinstance(tool, dict) and _SHARED_TABLE[-1] in tool
