"""The transformers that a kustomization lists under `transformers`: in files, in folders, or written there.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/transformers/
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import items, mapping, text
from k8snetlint.scope.builtin_transformers import changes_of_transformer
from k8snetlint.scope.changes import is_remote, joined
from k8snetlint.source.document import Source
from k8snetlint.source.load import is_object, objects_in
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from k8snetlint.scope.changes import Change, Read

_MOST = 100
"""How many transformers of one kustomization are looked at: each changes every object of it."""
_PLAIN = frozenset({"apiVersion", "kind", "metadata", "resources", "bases"})
"""The fields of a kustomization that changes nothing about the transformers that it takes in."""


class Transformers(NamedTuple):
    """What transformers do.

    Attributes:
        changes: those that are known, in the order in which they are made.
        paths: the files and folders that they are written in.
        unknown: whether there are others.
    """

    changes: tuple[Change, ...]
    paths: tuple[str, ...]
    unknown: bool


def transformers_of(entries: object, folder: str, read: Read) -> Transformers:
    """Return what the transformers do that a kustomization in a folder lists; see `changes_of_transformer`."""
    configurations: list[object] = []
    paths: list[str | None] = []
    for entry in items(entries) or [None]:
        written = text(entry)
        inline = _inline(written) if written else None
        if inline is None:
            paths.append(None if not written or is_remote(written) else joined(folder, written))
        else:
            configurations += inline
    found = _Files(read)
    configurations += found.all(paths)
    changes: list[Change] = []
    unknown = len(configurations) > _MOST
    for value in configurations[:_MOST]:
        known = None if value is None else changes_of_transformer(value, folder, read)
        changes += known or ()
        unknown = unknown or known is None
    return Transformers(tuple(changes), tuple(found.paths), unknown)


def _inline(written: str) -> list[object] | None:
    """Return the transformers that are written in an entry; None if it is a path. They come before those in files."""
    if ":" not in written:
        return None
    values = objects_in(Source.of("", written))
    return values if values and all(map(is_object, values)) else None


class _Files:
    """The files and folders that transformers are written in.

    Attributes:
        paths: all of them, without repetition.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self.paths: dict[str, None] = {}

    def all(self, listed: list[str | None]) -> list[object]:
        """Return what files and folders hold, in order; None stands for what is not known."""
        found: list[object] = []
        pending = listed[::-1]
        while pending:
            path = pending.pop()
            if path is None:
                found.append(None)
            elif path not in self.paths:
                self.paths[path] = None
                values = self._read(path)
                if values is None:
                    pending += self._parts(path)[::-1]
                else:
                    found += values
        return found

    def _parts(self, folder: str) -> list[str | None]:
        """Return what the kustomization of a folder takes in, with None if that is not all of what it does."""
        read = (self._read(posixpath.join(folder, name)) for name in KUSTOMIZATIONS)
        values = next((values for values in read if values is not None), ())
        fields = mapping(values[0]) if len(values) == 1 else {}
        entries = [text(each) for field in ("resources", "bases", "components") for each in items(fields.get(field))]
        parts = [joined(folder, each) if each and not is_remote(each) else None for each in entries]
        return parts if fields and fields.keys() <= _PLAIN else [*parts, None]
