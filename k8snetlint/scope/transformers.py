"""Reads the `transformers` of a kustomization: files, folders, or inline configurations.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/transformers/
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.model.values import items, mapping, text
from k8snetlint.scope.builtin_transformers import changes_of_transformer
from k8snetlint.scope.changes import is_remote, join_path
from k8snetlint.source.document import Source
from k8snetlint.source.load import objects_in
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.objects import is_object

if TYPE_CHECKING:
    from k8snetlint.scope.changes import Change, ReadFile

_MAX_TRANSFORMERS = 100
"""How many transformers of one kustomization are read, since each one changes all its objects."""
_NEUTRAL_FIELDS = frozenset({"apiVersion", "kind", "metadata", "resources", "bases"})
"""The fields of a kustomization that do not change the transformers it includes."""


class Transformers(NamedTuple):
    """The transformers of a kustomization.

    Attributes:
        changes: the known changes, in the order in which they are made.
        paths: the files and folders of their configurations.
        has_unknown: whether there are transformers whose changes are not known.
    """

    changes: tuple[Change, ...]
    paths: tuple[str, ...]
    has_unknown: bool


def read_transformers(entries: object, folder: str, read: ReadFile) -> Transformers:
    """Return the transformers of a kustomization in a folder; see `changes_of_transformer` for the arguments."""
    configurations: list[object] = []
    paths: list[str | None] = []
    for entry in items(entries) or [None]:
        entry_text = text(entry)
        inline = _read_inline(entry_text) if entry_text else None
        if inline is None:
            paths.append(None if not entry_text or is_remote(entry_text) else join_path(folder, entry_text))
        else:
            configurations += inline
    found = _TransformerFiles(read)
    configurations += found.read_all(paths)
    changes: list[Change] = []
    has_unknown = len(configurations) > _MAX_TRANSFORMERS
    for value in configurations[:_MAX_TRANSFORMERS]:
        known = None if value is None else changes_of_transformer(value, folder, read)
        changes += known or ()
        has_unknown = has_unknown or known is None
    return Transformers(tuple(changes), tuple(found.paths), has_unknown)


def _read_inline(entry_text: str) -> list[object] | None:
    """Return the inline configurations of an entry, None if it is a path; kustomize runs them before those of files."""
    if ":" not in entry_text:
        return None
    values = objects_in(Source.of("", entry_text))
    return values if values and all(map(is_object, values)) else None


class _TransformerFiles:
    """Reads the files and folders of transformers.

    Attributes:
        paths: those that were read, without repetition.
    """

    def __init__(self, read: ReadFile) -> None:
        self._read = read
        self.paths: dict[str, None] = {}

    def read_all(self, paths: list[str | None]) -> list[object]:
        """Return the configurations in files and folders, in order; None stands for one that is not known."""
        found: list[object] = []
        pending = paths[::-1]
        while pending:
            path = pending.pop()
            if path is None:
                found.append(None)
            elif path not in self.paths:
                self.paths[path] = None
                values = self._read(path)
                if values is None:
                    pending += self._included_paths(path)[::-1]
                else:
                    found += values
        return found

    def _included_paths(self, folder: str) -> list[str | None]:
        """Return the paths that a folder's kustomization includes, and None if it does anything else."""
        read = (self._read(posixpath.join(folder, name)) for name in KUSTOMIZATIONS)
        values = next((values for values in read if values is not None), ())
        fields = mapping(values[0]) if len(values) == 1 else {}
        entries = [text(each) for field in ("resources", "bases", "components") for each in items(fields.get(field))]
        paths = [join_path(folder, each) if each and not is_remote(each) else None for each in entries]
        return paths if fields and fields.keys() <= _NEUTRAL_FIELDS else [*paths, None]
