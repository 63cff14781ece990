"""Which folders of a tree Argo CD and Flux apply."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.delivery import Delivery


class Folders:
    """The folders that files are in."""

    def __init__(self, files: Iterable[str]) -> None:
        self._known: set[str] = set()
        for name in files:
            for folder in folders_above(name):
                if folder in self._known:
                    break
                self._known.add(folder)

    def applied_by(self, delivery: Delivery, path: str) -> str | None:
        """Return the folder of the tree that a path in a repository is, None if it is not here."""
        wanted = posixpath.normpath(path.lstrip("/"))
        if wanted == "." or wanted.startswith(".."):
            return None
        above = posixpath.dirname(posixpath.normpath(delivery.source.name))
        roots = ["", *reversed([above, *folders_above(above)])] if above else [""]
        folders = (posixpath.normpath(posixpath.join(root, wanted)) for root in roots)
        return next((each for each in folders if each in self._known), None)


class FilesLeft:
    """Files by their folders; each is taken once."""

    def __init__(self, files: Iterable[str]) -> None:
        in_order = list(files)
        self._order = {name: index for index, name in enumerate(in_order)}
        self._names = sorted(in_order)
        # The first one from each index on that is left.
        self._next = list(range(len(self._names) + 1))

    def __contains__(self, name: str) -> bool:
        at = bisect_left(self._names, name)
        return self._names[at : at + 1] == [name] and self._left_from(at) == at

    def take(self, folder: str) -> list[str]:
        """Return the files in a folder that are left, in their order."""
        taken: list[str] = []
        at = self._left_from(bisect_left(self._names, folder + "/"))
        while at < len(self._names) and self._names[at].startswith(folder + "/"):
            taken.append(self._names[at])
            self._next[at] = at + 1
            at = self._left_from(at)
        return sorted(taken, key=self._order.__getitem__)

    def _left_from(self, at: int) -> int:
        while self._next[at] != at:
            self._next[at] = self._next[self._next[at]]
            at = self._next[at]
        return at


def folders_above(name: str) -> Iterator[str]:
    """Yield the folders that a file is in, the innermost first."""
    while (above := posixpath.dirname(name)) not in ("", name):
        yield above
        name = above
