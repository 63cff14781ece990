"""Symbolic links of a state of a repository, followed in that state and not in the working tree."""
# ruff: noqa: PTH118, PTH120 - as all of the reading: strings, not pathlib

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.git.command import GitError
from k8snetlint.source.repository import OUTSIDE, is_within

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snetlint.git.repository import Entry, Repository

_STEPS_LIMIT = 40
"""Links that one path may lead through, as in Linux."""
_LENGTH_LIMIT = 4096
"""Bytes of a path, as in Linux."""
_LOOP = "the symbolic link points to itself"
_NOTHING = "no such file or directory"
_TOO_LONG = "the symbolic link is too long"


class Target(NamedTuple):
    """What a path leads to.

    Attributes:
        path: relative to the root of the repository, without links; if it is outside, absolute.
        reason: why it cannot be read, empty if it is a file or a folder.
        is_folder: whether it is a folder.
    """

    path: str
    reason: str = ""
    is_folder: bool = False


class Links:
    """The links of a state."""

    __slots__ = ("_entries", "_folders", "_repository")

    def __init__(self, repository: Repository, entries: Mapping[str, Entry]) -> None:
        self._entries = entries
        self._repository = repository
        self._folders: set[str] = set()

    def follow(self, path: str) -> Target:
        """Return what a path leads to, which is relative to the root; all links in it are followed.

        Raises:
            GitError: a link's blob cannot be read.
        """
        at: list[str] = []
        pending = path.split("/")[::-1]
        steps = 0
        while pending:
            part = pending.pop()
            if part in ("", os.curdir):
                continue
            if part != os.pardir:
                at.append(part)
                entry = self._entries.get("/".join(at))
                if entry is None or not entry.is_link:
                    continue
                steps += 1
                target = self._target(entry)
                if steps > _STEPS_LIMIT or len(target) > _LENGTH_LIMIT:
                    return Target(path, _LOOP if steps > _STEPS_LIMIT else _TOO_LONG)
                pending += os.fsdecode(target).split("/")[::-1]
                if not target.startswith(b"/"):
                    at.pop()
                    continue
                outside = os.sep
            elif at:
                at.pop()
                continue
            else:
                outside = os.path.dirname(self._repository.root)
            # Outside of the root; the rest of the path may lead back.
            real = os.path.normpath(os.path.join(outside, *(each for each in reversed(pending) if each)))
            if not is_within(real, self._repository.root):
                return Target(real, OUTSIDE)
            at = []
            pending = os.path.relpath(real, self._repository.root).split("/")[::-1]
        real = "/".join(at)
        if real in self._entries:
            return Target(real)
        return Target(real, is_folder=True) if self._is_folder(real) else Target(real, _NOTHING)

    def _target(self, entry: Entry) -> bytes:
        """Return the path in a symbolic link."""
        try:
            return self._repository.blob(entry.oid)
        except GitError:
            raise
        except OSError:  # the blob is too large
            return bytes(_LENGTH_LIMIT + 1)

    def _is_folder(self, path: str) -> bool:
        if not self._folders:
            self._folders.add("")
            for each in self._entries:
                folder = os.path.dirname(each)
                while folder not in self._folders:
                    self._folders.add(folder)
                    folder = os.path.dirname(folder)
        return path in self._folders
