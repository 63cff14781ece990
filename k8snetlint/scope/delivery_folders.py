"""Which folders of the tree Argo CD and Flux apply."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.model.delivery import Delivery


class TreeFolders:
    """The folders of a tree of files."""

    def __init__(self, files: Iterable[str]) -> None:
        self._folders: set[str] = set()
        for name in files:
            for folder in folders_above(name):
                if folder in self._folders:
                    break
                self._folders.add(folder)

    def find_folder(self, delivery: Delivery, path: str) -> str | None:
        """Return the folder that a delivery means by a path in its repository, None if the tree has no such folder."""
        relative = posixpath.normpath(path.lstrip("/"))
        if relative == "." or relative.startswith(".."):
            return None
        parent = posixpath.dirname(delivery.source.path)
        roots = ["", *reversed([parent, *folders_above(parent)])] if parent else [""]
        folders = (posixpath.normpath(posixpath.join(root, relative)) for root in roots)
        return next((each for each in folders if each in self._folders), None)

    def target_namespaces(self, deliveries: Iterable[Delivery]) -> dict[str, str]:
        """Return the namespaces that deliveries set, by the folders that they apply; empty for the whole tree."""
        found: dict[str, str] = {}
        for delivery in deliveries:
            for path in delivery.folders if delivery.target_namespace else ():
                found.setdefault(self.find_folder(delivery, path) or "", delivery.target_namespace or "")
        return found

    def applied_folders(
        self, deliveries: Iterable[Delivery], files: Iterable[str]
    ) -> Iterator[tuple[Delivery, str, list[str]]]:
        """Yield the folders that deliveries apply, with their files among these; each file once."""
        remaining = RemainingFiles(files)
        for delivery in deliveries:
            own_file = delivery.source.path
            for path in delivery.folders:
                folder = self.find_folder(delivery, path)
                # A delivery does not apply itself.
                if folder is None or (own_file.startswith(folder + "/") and own_file in remaining):
                    continue
                found = remaining.take(folder)
                if found:
                    yield delivery, folder, found


class RemainingFiles:
    """Files that no scope has taken yet."""

    def __init__(self, files: Iterable[str]) -> None:
        in_order = list(files)
        self._order = {name: index for index, name in enumerate(in_order)}
        self._names = sorted(in_order)
        # By index: the first file from there on that remains; paths are compressed as in union-find.
        self._next = list(range(len(self._names) + 1))

    def __contains__(self, name: str) -> bool:
        index = bisect_left(self._names, name)
        return self._names[index : index + 1] == [name] and self._next_remaining(index) == index

    def take(self, folder: str) -> list[str]:
        """Remove the files of a folder, and return them in their order."""
        files_taken: list[str] = []
        index = self._next_remaining(bisect_left(self._names, folder + "/"))
        while index < len(self._names) and self._names[index].startswith(folder + "/"):
            files_taken.append(self._names[index])
            self._next[index] = index + 1
            index = self._next_remaining(index)
        return sorted(files_taken, key=self._order.__getitem__)

    def _next_remaining(self, index: int) -> int:
        while self._next[index] != index:
            self._next[index] = self._next[self._next[index]]
            index = self._next[index]
        return index


def folders_above(name: str) -> Iterator[str]:
    """Yield the folders that a file is in, the innermost first."""
    while (parent := posixpath.dirname(name)) not in ("", name):
        yield parent
        name = parent
