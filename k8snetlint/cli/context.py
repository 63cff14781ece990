"""What is read beside the files that are checked: `--context`, and the bases of kustomizations elsewhere."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from k8snetlint.inventory import documents_of
from k8snetlint.source.files import find
from k8snetlint.source.git import repository_root
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.read import file_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from k8snetlint.source.document import Source
    from k8snetlint.source.search import Search


def context_of(sources: Sequence[Source], paths: Iterable[str], search: Search) -> list[Source]:
    """Return the sources that are there as well, but neither checked nor reported.

    Args:
        sources: what is checked.
        paths: the values of `--context`.
        search: what folders are searched for; what counts as a manifest is left open.

    Raises:
        MissingPathError: a path does not exist.
    """
    named = list(paths)
    found = list(find(named, search._replace(include=())).sources) if named else []
    return [*found, *_bases([*sources, *found])]


def _bases(sources: Sequence[Source]) -> list[Source]:
    """Return what kustomizations take in that is not among the sources, as far as it lies in the repository."""
    pending = [each for each in sources if posixpath.basename(each.name) in KUSTOMIZATIONS]
    if not pending:
        return []
    from k8snetlint.model.kustomization import Kustomization  # noqa: PLC0415 - only where there is one

    known = {posixpath.normpath(each.name) for each in sources}
    here = os.path.realpath(".")
    root = repository_root(here) or here
    found: list[Source] = []
    while pending:
        source = pending.pop()
        folder = posixpath.normpath(posixpath.dirname(source.name))
        for document in documents_of(source):
            listed = Kustomization(document.value, folder)
            patches = [patch.path for patch in listed.patches if patch.path]
            for path in (*listed.parts, *patches):
                name = _file(path)
                if name is None or name in known or not _inside(name, root):
                    continue
                known.add(name)
                base = file_source(name)
                found.append(base)
                if posixpath.basename(name) in KUSTOMIZATIONS:
                    pending.append(base)
    return found


def _file(path: str) -> str | None:
    """Return the file that a part of a kustomization is; of a folder its kustomization."""
    candidates = [path, *(posixpath.join(path, name) for name in KUSTOMIZATIONS)]
    return next((posixpath.normpath(each) for each in candidates if os.path.isfile(each)), None)  # noqa: PTH113 - strings, as in source/files


def _inside(name: str, root: str) -> bool:
    path = os.path.realpath(name)
    return path == root or path.startswith(root.rstrip("/") + "/")
