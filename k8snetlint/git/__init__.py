"""What git knows about a folder. Git only reads: it changes nothing in a repository."""

from __future__ import annotations

import os

from k8snetlint.source.repository import repository_root


def tracked_files(folder: str) -> list[str]:
    """Return the files of the index below a folder, which is a real path; relative to it, with `/`.

    A folder in no repository has none. The environment is clean; neither a git inside the repository nor a file system
    monitor is run.

    Raises:
        GitError: git is not installed, or it fails.
    """
    from k8snetlint.git.command import Git  # noqa: PLC0415 - `git.lines` needs no program

    root = repository_root(folder)
    if root is None:
        return []
    names = Git(root).run(["ls-files", "-z", "--cached"], folder=folder).output.split(b"\0")
    return [os.fsdecode(name) for name in names if name]
