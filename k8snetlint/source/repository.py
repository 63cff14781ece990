"""The repository around a folder, as paths tell: git is not run."""
# ruff: noqa: PTH118, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os

OUTSIDE = "a symbolic link that points outside the repository"
"""Why a file is not read."""


def is_within(real: str, folder: str) -> bool:
    """Tell whether a real path is that of a folder or of something in it."""
    return (real + os.sep).startswith(folder.rstrip(os.sep) + os.sep)


def repository_root(folder: str) -> str | None:
    """Return the nearest folder with a `.git`, from a real path upwards; None without one."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def project_root() -> str:
    """Return the real path of the repository around the working directory, without one of that directory itself."""
    here = os.path.realpath(os.curdir)
    return repository_root(here) or here


def leads_out(path: str) -> bool:
    """Tell whether a path in the repository of the working directory leads out of it by symbolic links."""
    here = os.path.realpath(os.curdir)
    root = repository_root(here)
    if root is None:
        return False
    written = os.path.normpath(os.path.join(here, path))
    return is_within(written, root) and not is_within(os.path.realpath(path), root)
