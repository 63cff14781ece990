"""Which files of a tree are variants of each other, and so never applied to the same cluster.

Files that define one object differently are variants: a folder for each environment, or `all-in-one.yaml` next to the
files that it was made of. In the deepest folder that contains both definitions, the subfolders (or files) with the
definitions are checked separately. Files next to such a subfolder stay together; files outside of all variants are
present in each of them.

The cost is linear: only neighbours in the order of paths are compared, and alternatives are not combined.
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
    """Return the resources by the path of their variant; those outside of all variants have the empty path.

    Args:
        resources: the resources of one tree.
        is_same: tells whether two definitions of one object are equal.
        namespace: the namespace of resources without one; None if it is not known.
    """
    all_resources = list(resources)
    namespaces = {each.namespace for each in all_resources if each.namespace}
    # If only one namespace is written, it is that of all resources; if several are, it is not known.
    namespace = namespace or (None if len(namespaces) > 1 else (*namespaces, "default")[0])
    variants: set[str] = set()
    for first, second in _neighbours(all_resources, namespace):
        paths = _path_steps(first), _path_steps(second)
        shared = 0
        while shared < min(map(len, paths)) and paths[0][shared] == paths[1][shared]:
            shared += 1
        # A subfolder is a variant of the files next to it; these files stay together.
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
    """Return the groups that enclose a variant, the outermost first; none for the rest of the tree."""
    folders = [variant[: slash.start()] for slash in re.finditer("/", variant)]
    return [each for each in dict.fromkeys(("", *folders)) if variant and each in groups]


def _neighbours(resources: list[Resource], default: str | None) -> Iterator[tuple[Resource, Resource]]:
    """Yield pairs of definitions of one object in different files, neighbours in the order of paths."""
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
        # An unknown namespace may be any of the others.
        if None in by_namespace:
            groups_to_compare += [
                [by_namespace[None][0], group[0]] for known, group in by_namespace.items() if known is not None
            ]
        for group in groups_to_compare:
            yield from (pair for pair in itertools.pairwise(group) if pair[0].source is not pair[1].source)


def variant_of(name: str, variants: Container[str]) -> str:
    """Return the innermost variant that a file belongs to, empty for the rest of the tree."""
    path = posixpath.normpath(name)
    while path:
        if path in variants:
            return path
        path = path.rpartition("/")[0]
    return ""


def _path_steps(resource: Resource) -> list[str]:
    return resource.source.path.split("/")
