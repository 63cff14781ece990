"""What is read beside the files that are checked: `--context`, and the bases of kustomizations elsewhere."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING

from k8snetlint.linting.inventory import ObjectsRead
from k8snetlint.source.names import KUSTOMIZATIONS
from k8snetlint.source.read import file_source
from k8snetlint.source.repository import is_within, project_root

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from k8snetlint.linting.inventory import KustomizationFiles
    from k8snetlint.source.document import Source

Open = Callable[[str], "Source | None"]
"""Returns a file by its path, None without one."""


def on_disk(path: str) -> Source | None:
    """Return a file of the working tree."""
    return file_source(path) if os.path.isfile(path) else None  # noqa: PTH113 - strings, as in source/files


def context_of(
    sources: Sequence[Source],
    kustomizations: KustomizationFiles,
    named: Iterable[Source] = (),
    open_: Open = on_disk,
) -> list[Source]:
    """Return the sources that are there as well, but neither checked nor reported.

    Args:
        sources: what is checked.
        kustomizations: parses the kustomization files.
        named: what `--context` names.
        open_: where the bases of kustomizations come from.
    """
    found = list(named)
    return [*found, *_bases([*sources, *found], kustomizations, open_)]


def _bases(sources: Sequence[Source], kustomizations: KustomizationFiles, open_: Open) -> list[Source]:
    """Return what kustomizations take in that is not among the sources, as far as it lies in the repository."""
    pending = [each for each in sources if each.file in KUSTOMIZATIONS]
    if not pending:
        return []
    by_name = {each.path: each for each in sources}
    known = {*by_name}
    root = project_root()
    read = ObjectsRead(lambda path: by_name.get(path) or _opened(path, root, open_))
    found: list[Source] = []
    while pending:
        source = pending.pop()
        for _, listed in kustomizations.kustomizations(source, read):
            for path in (*listed.included_paths, *listed.transformers, *listed.patch_files):
                base = _file(path, known, open_)
                if base is None or not is_within(os.path.realpath(base.name), root):
                    continue
                known.add(base.name)
                found.append(base)
                if base.file in KUSTOMIZATIONS:
                    pending.append(base)
    return found


def _file(path: str, known: Container[str], open_: Open) -> Source | None:
    """Return the file that a part of a kustomization is, of a folder its kustomization; None if it is known already."""
    for candidate in chain((path,), (posixpath.join(path, name) for name in KUSTOMIZATIONS)):
        name = posixpath.normpath(candidate)
        if name in known:
            return None
        source = open_(name)
        if source is not None:
            return source
    return None


def _opened(path: str, root: str, open_: Open) -> Source | None:
    """Return a file of the repository, None without one."""
    source = open_(path)
    return source if source and is_within(os.path.realpath(source.name), root) else None
