"""Which files of a tree are variants of each other, and so never one cluster.

Where two files define one object differently, nobody applies both: a folder for each environment, `all-in-one.yaml`
beside its parts. The children of the deepest folder that holds both are judged by themselves (but for files beside a
folder, which stay together); what stands outside of them is there for all.

It is linear: neighbours in the order of paths are compared, and no alternatives are multiplied.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from typing import TYPE_CHECKING

from k8snetlint.model.tables.kinds import is_cluster_scoped

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from k8snetlint.model.resource import Resource


def split(
    resources: Iterable[Resource], same: Callable[[Resource, Resource], bool], namespace: str | None = None
) -> dict[str, list[Resource]]:
    """Return the resources by the variant that they belong to, the rest under the empty path.

    Args:
        resources: those of one tree.
        same: tells whether two definitions of one object are equal.
        namespace: where that goes which names no namespace; None if nobody says it.
    """
    every = list(resources)
    written = {each.namespace for each in every if each.namespace}
    # The only namespace that is written is that of all; where several are, it is not known.
    namespace = namespace or (None if len(written) > 1 else (*written, "default")[0])
    parts: set[str] = set()
    for one, other in _neighbours(every, namespace):
        paths = _steps(one), _steps(other)
        above = 0
        while above < min(map(len, paths)) and paths[0][above] == paths[1][above]:
            above += 1
        # A folder beside the files of its parent is a variant of them: they stay together.
        folders = [path for path in paths if len(path) > above + 1] or paths
        children = {"/".join(path[: above + 1]) for path in folders}
        if not children <= parts and not same(one, other):
            parts |= children
    if not parts:
        return {"": every}
    groups: dict[str, list[Resource]] = {"": []}
    for resource in every:
        groups.setdefault(home(resource.source.name, parts), []).append(resource)
    return groups


def outer(part: str, groups: Container[str]) -> list[str]:
    """Return the groups around a part, the outermost first: the rest of the tree, if it is not that itself."""
    above = [part[: slash.start()] for slash in re.finditer("/", part)]
    return [each for each in dict.fromkeys(("", *above)) if part and each in groups]


def _neighbours(resources: list[Resource], default: str | None) -> Iterator[tuple[Resource, Resource]]:
    """Yield definitions of one object in different files, each with the next one in the order of paths."""
    by_name: dict[tuple[str, str, str], list[Resource]] = {}
    for each in resources:
        if each.name:
            by_name.setdefault((each.group, each.kind, each.name), []).append(each)
    for found in by_name.values():
        if len(found) == 1:
            continue
        found.sort(key=_steps)
        by_namespace: dict[str | None, list[Resource]] = {}
        for each in found:
            by_namespace.setdefault("" if is_cluster_scoped(each.kind) else each.namespace or default, []).append(each)
        chains = list(by_namespace.values())
        # A namespace that is not known makes no difference by itself.
        if None in by_namespace:
            chains += [
                [by_namespace[None][0], chain[0]]
                for namespace_set, chain in by_namespace.items()
                if namespace_set is not None
            ]
        for chain in chains:
            yield from ((one, other) for one, other in itertools.pairwise(chain) if one.source is not other.source)


def home(name: str, parts: Container[str]) -> str:
    """Return the innermost of the parts that a file belongs to, empty for the rest of the tree."""
    path = posixpath.normpath(name)
    while path not in ("", "/"):
        if path in parts:
            return path
        path = posixpath.dirname(path)
    return ""


def _steps(resource: Resource) -> list[str]:
    return posixpath.normpath(resource.source.name).split("/")
