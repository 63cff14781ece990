"""The tree of the revision that `--trust` names, beside the one that is checked."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from k8snetlint.linting.inventory import kustomizations_of
from k8snetlint.scope.patch_files import listed_files

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.cli.inputs import Inputs
    from k8snetlint.scope.patch_files import ListedFiles
    from k8snetlint.source.document import Source


class BaseTree:
    """What a run reads at the revision; it is read when somebody asks.

    Args:
        now: what the run reads.
        before: returns what it would read at the revision.
        linked: returns which files of what is read are there by a new symbolic link as well.
    """

    def __init__(self, now: Inputs, before: Callable[[], Inputs], linked: Callable[[Inputs], frozenset[str]]) -> None:
        self._inputs = now
        self._now = _by_path(now)
        self._read = before
        self._find_linked = linked
        self._differing: dict[str, bool] = {}

    @functools.cached_property
    def _inputs_before(self) -> Inputs:
        return self._read()

    @functools.cached_property
    def _before(self) -> dict[str, Source]:
        return _by_path(self._inputs_before)

    @functools.cached_property
    def listed(self) -> ListedFiles:
        """What the kustomizations of the revision list."""
        return listed_files(kustomizations_of(list(self._before.values()), self._inputs_before.kustomizations).values())

    @functools.cached_property
    def linked_files(self) -> frozenset[str]:
        """The files that are there under another name as well, by a symbolic link of the change."""
        return self._find_linked(self._inputs)

    def differs(self, path: str) -> bool:
        """Tell whether a file is not what it is at the revision, under the same path."""
        if path not in self._differing:
            old, new = self._before.get(path), self._now.get(path)
            same = old and new and not new.stream and _content(old) == _content(new)
            self._differing[path] = not same
        return self._differing[path]


def _by_path(inputs: Inputs) -> dict[str, Source]:
    return {source.path: source for source in (*inputs.context, *inputs.found.sources)}


def _content(source: Source) -> bytes:
    """Return what a source holds; git may have changed its line ends in the working tree."""
    return source.read().replace(b"\r\n", b"\n")
