"""Which configuration file counts for a folder."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OWN_FILES = (
    "k8snetlint.toml",
    ".k8snetlint.toml",
    "k8snetlint.yaml",
    "k8snetlint.yml",
    ".k8snetlint.yaml",
    ".k8snetlint.yml",
)
_MAY_BE_MANIFESTS = ("k8snetlint.yaml", "k8snetlint.yml")
_SHARED_FILE = "pyproject.toml"
_SHARED_TABLE = ("tool", "k8snetlint")


def discover(folder: str, exists: Callable[[str], bool], read: Callable[[str], str]) -> str | None:
    """Return the nearest configuration file, from a folder upwards to the root of its repository.

    Args:
        folder: an absolute path, with slashes.
        exists: tells whether there is a file, or a folder `.git`.
        read: returns the text of a file that exists and may be for others.
    """
    while True:
        if own := own_file(folder, exists, read):
            return own
        if exists(path := posixpath.join(folder, _SHARED_FILE)) and _concerns_us(read(path)):
            return path
        above = posixpath.dirname(folder)
        # In a worktree or a submodule, `.git` is a file.
        if above == folder or exists(posixpath.join(folder, ".git")):
            return None
        folder = above


def own_file(folder: str, exists: Callable[[str], bool], read: Callable[[str], str]) -> str | None:
    """Return the configuration file in a folder that is ours alone, see `discover`."""
    for name in OWN_FILES:
        path = posixpath.join(folder, name)
        if exists(path) and not (name in _MAY_BE_MANIFESTS and _is_manifest(read(path))):
            return path
    return None


def table_of(path: str) -> tuple[str, ...]:
    """Return the keys of the table that holds our settings, none if the whole file does."""
    return _SHARED_TABLE if posixpath.basename(path) == _SHARED_FILE else ()


def _is_manifest(text: str) -> bool:
    """Tell whether a file called like our configuration deploys k8snetlint instead."""
    return re.search(r"(?m)^\ufeff?[\"']?apiVersion[\"']?\s*:", text) is not None


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
