"""Which resources are judged together.

A kustomization that no other one takes in is a scope: what it puts together is applied together. All the rest is one
tree, which may hold alternatives that nobody applies together.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from k8snetlint.model.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from k8snetlint.model.environment import Environment
    from k8snetlint.model.kustomization import Kustomization
    from k8snetlint.model.resource import Resource


def clusters_of(
    resources: Iterable[Resource], kustomizations: Mapping[str, Kustomization], environment: Environment
) -> list[Cluster]:
    """Return the scopes of a run; a resource stands in several if several kustomizations take it in.

    Args:
        resources: all, in the order of their sources.
        kustomizations: by their folders, normalised.
        environment: what the manifests do not tell.
    """
    by_file: dict[str, list[Resource]] = {}
    for resource in resources:
        by_file.setdefault(posixpath.normpath(resource.source.name), []).append(resource)
    taken_in = {part for each in kustomizations.values() for part in each.parts}
    clusters: list[Cluster] = []
    judged: set[str] = set()
    for folder in kustomizations:
        files, inner = _closure(folder, kustomizations)
        members = [resource for name in files for resource in by_file.get(name, ())]
        if members and folder not in taken_in:
            clusters.append(_cluster(members, environment, kustomizations[folder], inner))
            judged.update(files)
    # What only kustomizations hold that take in each other is in none of the above.
    rest = [resource for name, members in by_file.items() if name not in judged for resource in members]
    if rest:
        clusters.append(Cluster(tuple(rest), environment))
    return clusters


def _cluster(
    members: list[Resource], environment: Environment, root: Kustomization, inner: list[Kustomization]
) -> Cluster:
    if root.namespace:
        environment = environment._replace(namespace=root.namespace)
    # What an inner kustomization renames, or moves to a namespace, is not called as it is written.
    as_written = not any(each.makes_names or each.namespace for each in inner)
    return Cluster(tuple(members), environment, applied_together=as_written)


def _closure(folder: str, kustomizations: Mapping[str, Kustomization]) -> tuple[list[str], list[Kustomization]]:
    """Return the files that a kustomization takes in, each once, and the kustomizations that it takes in."""
    files: dict[str, None] = {}
    inner: dict[str, Kustomization] = {}
    pending = [folder]
    while pending:
        current = pending.pop()
        if current not in kustomizations:
            files[current] = None
        elif current not in inner:
            inner[current] = kustomizations[current]
            pending.extend(reversed(kustomizations[current].parts))
    del inner[folder]
    return list(files), list(inner.values())
