"""What git knows about a folder. Git only reads: nothing in a repository is changed."""

from __future__ import annotations

import os

from k8snetlint.source.repository import repository_root


def tracked_files(folder: str) -> list[str]:
    """Return the files of the index below a folder, which is a real path; relative to it, with `/`.

    Without a repository there are none. The environment is cleaned, a git inside the repository is never run, nor is a
    file system monitor.

    Raises:
        GitError: there is no git, or it fails; the message says why.
    """
    from k8snetlint.git.command import Git  # noqa: PLC0415 - `git.lines` needs no program

    root = repository_root(folder)
    if root is None:
        return []
    names = Git(root).run(["ls-files", "-z", "--cached"], folder=folder).output.split(b"\0")
    return [os.fsdecode(name) for name in names if name]
