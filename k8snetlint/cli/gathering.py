"""What a run reads: the working tree, or a state that git knows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.files import Found, find
from k8snetlint.source.git import repository_root
from k8snetlint.source.names import KUSTOMIZATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from k8snetlint.cli.settings import Resolved
    from k8snetlint.cli.wishes import Wishes
    from k8snetlint.source.document import Source
    from k8snetlint.source.git.repository import Entry, Repository
    from k8snetlint.source.rendered import Rendered


class Inputs(NamedTuple):
    """What is read.

    Attributes:
        found: what is checked.
        context: what is there as well.
        rendered: what of it a tool made.
        whole: the paths hold the whole project.
    """

    found: Found
    context: list[Source]
    rendered: list[Rendered]
    whole: bool


def working_tree(resolved: Resolved, wishes: Wishes) -> Inputs:
    """Return the files that are there.

    Raises:
        MissingPathError: a path does not exist.
        ConfigError: something cannot be rendered.
    """
    paths = resolved.given.paths or (() if wishes.rendering else (".",))
    found = find(paths, resolved.search, stdin_name=wishes.stdin_name)
    whole = _is_whole(found.searched)
    rendered: list[Rendered] = []
    if wishes.rendering:
        from k8snetlint.cli.rendering import with_rendered  # noqa: PLC0415 - only with --render

        found, rendered = with_rendered(found, wishes.rendering)
    return Inputs(found, _context(found.sources, resolved), rendered, whole)


def _context(sources: Sequence[Source], resolved: Resolved) -> list[Source]:
    if not resolved.context and not any(source.name.endswith(KUSTOMIZATIONS) for source in sources):
        return []
    from k8snetlint.cli.context import context_of  # noqa: PLC0415 - only where there is one

    return context_of(sources, resolved.context, resolved.search)


def state(repository: Repository, entries: Mapping[str, Entry], resolved: Resolved) -> Inputs:
    """Return the files of a state; what is there as well is as it is now.

    Raises:
        GitError: git cannot tell.
    """
    from k8snetlint.source.git.snapshot import snapshot  # noqa: PLC0415 - only with git's states

    paths = resolved.given.paths or (".",)
    sources = tuple(snapshot(repository, entries, paths, resolved.search))
    found = Found(sources, tuple(path for path in paths if os.path.isdir(path)), ())  # noqa: PTH112 - as above
    return Inputs(found, _context(sources, resolved), [], _is_whole(found.searched))


def _is_whole(searched: Sequence[str]) -> bool:
    """Tell whether folders that were searched hold all of a repository."""
    here = os.path.realpath(os.curdir)
    root = repository_root(here)
    for path in searched:
        real = os.path.realpath(path) if path != "-" else ""
        if root and real and (root == real or root.startswith(real.rstrip(os.sep) + os.sep)):
            return True
    return False
