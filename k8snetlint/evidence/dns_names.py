"""What becomes of the host names in the manifests of a cluster: each is looked up once, for all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_fates import Fate, UsedName
from k8snetlint.evidence.dns_lookup import Lookup
from k8snetlint.model.aspects import overlap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.resource import Resource

__all__ = ["Fate", "UsedName", "names_of", "names_with", "used_names", "uses_of"]


def used_names(cluster: Cluster) -> tuple[UsedName, ...]:
    """Return the names of a cluster that are judged, in the order of the text."""
    if not cluster.with_host_names:
        return ()
    answers = cluster.index.answers
    found: tuple[UsedName, ...] | None = answers.get("used names")
    if found is None:
        found = answers["used names"] = _look_up(cluster)
    return found


def _look_up(cluster: Cluster) -> tuple[UsedName, ...]:
    lookup = Lookup(cluster)
    names = (lookup.name_of(each, use) for each in cluster.with_host_names for use in uses_of(each))
    return lookup.settled([each for each in names if each is not None])


def names_with(cluster: Cluster, fate: Fate) -> Iterator[UsedName]:
    """Yield the names of which the same becomes."""
    return (each for each in used_names(cluster) if each.fate is fate)


def names_of(cluster: Cluster, resource: Resource) -> list[UsedName]:
    """Return the names in one object."""
    answers = cluster.index.answers
    by_resource: dict[Resource, list[UsedName]] | None = answers.get("used names by resource")
    if by_resource is None:
        by_resource = answers["used names by resource"] = {}
        for each in used_names(cluster):
            by_resource.setdefault(each.resource, []).append(each)
    return by_resource.get(resource, [])


def uses_of(resource: Resource) -> Iterator[DnsUse]:
    """Yield the names of an object in fields that no patch touches."""
    if resource.dns is None:
        return
    if not resource.patches:
        yield from resource.dns.uses
        return
    touched = [each for patch in resource.patches for each in patch.touched]
    for use in resource.dns.uses:
        path = tuple("*" if isinstance(step, int) else str(step) for step in use.path)
        if not any(overlap(each, path) for each in touched):
            yield use
