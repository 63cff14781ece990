"""Whether policies isolate pods at all, and how rules name the objects that are concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource


def names_of(objects: Sequence[Resource]) -> str:
    """Return `Deployment web`, `Deployment web and Job init`, or `Deployment web and 3 others`."""
    first, *others = (f"{each.kind} {each.name}" for each in objects[:2])
    if len(objects) <= 2:
        return " and ".join((first, *others))
    return f"{first} and {len(objects) - 1} others"


def are_enforced(cluster: Cluster) -> bool:
    """Tell whether the CNI plugin enforces policies; one that is not known does."""
    if not cluster.environment.cni:
        return True
    from k8snetlint.connectivity.profiles import profile_of  # noqa: PLC0415 - only if a plugin is given

    return profile_of(cluster.environment.cni).enforces
