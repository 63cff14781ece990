"""What git knows about a folder. Git is read, never told to do anything."""
# ruff: noqa: PTH118, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os

OUTSIDE = "a symbolic link that leads out of the repository"


def repository_root(folder: str) -> str | None:
    """Return the nearest folder with a `.git`, from a real path upwards; None if there is none."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def leads_out(path: str) -> bool:
    """Tell whether a path that lies in the repository of the working directory leads out of it by symbolic links."""
    here = os.path.realpath(os.curdir)
    root = repository_root(here)
    if root is None:
        return False
    inside = root.rstrip(os.sep) + os.sep
    written = os.path.normpath(os.path.join(here, path)) + os.sep
    return written.startswith(inside) and not (os.path.realpath(path) + os.sep).startswith(inside)


def tracked(folder: str, root: str) -> list[str]:
    """Return the files of the index below `folder`, relative to it, with `/`.

    The environment is cleaned, a git inside the repository is never run, nor is a file system monitor.

    Raises:
        OSError: there is no git, or it fails; the message says why.
    """
    from k8snetlint.git.command import Git  # noqa: PLC0415 - only if a walked folder has ignored manifests

    names = Git(root).run(["ls-files", "-z", "--cached"], folder=folder).output.split(b"\0")
    return [os.fsdecode(name) for name in names if name]
