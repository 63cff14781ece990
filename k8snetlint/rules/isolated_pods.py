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
    if not cluster.environment.cni and not cluster.about_network:
        return True
    from k8snetlint.evidence.cni import enforces_policies  # noqa: PLC0415 - only if a plugin may be known

    return enforces_policies(cluster)
