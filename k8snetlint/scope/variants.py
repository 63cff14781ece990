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


def split_variants(
    resources: Iterable[Resource], is_same: Callable[[Resource, Resource], bool], namespace: str | None = None
) -> dict[str, list[Resource]]:
    """Return the resources by the variant that they belong to, the rest under the empty path.

    Args:
        resources: those of one tree.
        is_same: tells whether two definitions of one object are equal.
        namespace: where that goes which names no namespace; None if nobody says it.
    """
    all_resources = list(resources)
    namespaces = {each.namespace for each in all_resources if each.namespace}
    # The only namespace that is written is that of all; where several are, it is not known.
    namespace = namespace or (None if len(namespaces) > 1 else (*namespaces, "default")[0])
    variants: set[str] = set()
    for first, second in _neighbours(all_resources, namespace):
        paths = _path_steps(first), _path_steps(second)
        shared = 0
        while shared < min(map(len, paths)) and paths[0][shared] == paths[1][shared]:
            shared += 1
        # A folder beside the files of its parent is a variant of them: they stay together.
        folders = [path for path in paths if len(path) > shared + 1] or paths
        children = {"/".join(path[: shared + 1]) for path in folders}
        if not children <= variants and not is_same(first, second):
            variants |= children
    if not variants:
        return {"": all_resources}
    groups: dict[str, list[Resource]] = {"": []}
    for resource in all_resources:
        groups.setdefault(variant_of(resource.source.name, variants), []).append(resource)
    return groups


def enclosing_groups(variant: str, groups: Container[str]) -> list[str]:
    """Return the groups around a part, the outermost first: the rest of the tree, if it is not that itself."""
    folders = [variant[: slash.start()] for slash in re.finditer("/", variant)]
    return [each for each in dict.fromkeys(("", *folders)) if variant and each in groups]


def _neighbours(resources: list[Resource], default: str | None) -> Iterator[tuple[Resource, Resource]]:
    """Yield definitions of one object in different files, each with the next one in the order of paths."""
    by_name: dict[tuple[str, str, str], list[Resource]] = {}
    for each in resources:
        if each.name:
            by_name.setdefault((each.group, each.kind, each.name), []).append(each)
    for definitions in by_name.values():
        if len(definitions) == 1:
            continue
        definitions.sort(key=_path_steps)
        by_namespace: dict[str | None, list[Resource]] = {}
        for each in definitions:
            by_namespace.setdefault("" if is_cluster_scoped(each.kind) else each.namespace or default, []).append(each)
        groups_to_compare = list(by_namespace.values())
        # A namespace that is not known makes no difference by itself.
        if None in by_namespace:
            groups_to_compare += [
                [by_namespace[None][0], group[0]] for known, group in by_namespace.items() if known is not None
            ]
        for group in groups_to_compare:
            yield from (pair for pair in itertools.pairwise(group) if pair[0].source is not pair[1].source)


def variant_of(name: str, variants: Container[str]) -> str:
    """Return the innermost of the parts that a file belongs to, empty for the rest of the tree."""
    path = posixpath.normpath(name)
    while path not in ("", "/"):
        if path in variants:
            return path
        path = posixpath.dirname(path)
    return ""


def _path_steps(resource: Resource) -> list[str]:
    return posixpath.normpath(resource.source.name).split("/")
