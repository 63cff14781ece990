"""The names of peers: of workloads, of ranges of addresses, and of pods that no manifest shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.pods import kind_and_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.ip_space import AddressRange
    from k8snetlint.model.workload import Workload


class WorkloadPeer(NamedTuple):
    """The pods of a workload, under the name of what controls them.

    Attributes:
        namespace: empty where it is chosen when the manifests are applied.
        workload: the kind, `Deployment`, `Pod`.
        name: that of the object.
    """

    namespace: str
    workload: str
    name: str

    def __str__(self) -> str:
        """Return `prod/web`."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class HiddenPeer(NamedTuple):
    """Pods that no manifest shows.

    Attributes:
        namespace: their namespace, `*` for all that no manifest names; empty where it is chosen on applying.
        role: what they do, `ingress-controller`; empty for any pod.
    """

    namespace: str
    role: str = ""

    def __str__(self) -> str:
        """Return `other pods in prod`."""
        if self.role:
            return self.role
        if self.namespace == OTHER_NAMESPACES:
            return "pods in other namespaces"
        return f"other pods in {self.namespace or 'the namespace that is chosen on applying'}"


Peer = WorkloadPeer | HiddenPeer


def workload_peer(connectivity: Connectivity, workload: Workload) -> WorkloadPeer:
    """Return the name of a workload's pods: that of the controller of a pod, else its own."""
    kind, name = kind_and_name(workload)
    return WorkloadPeer(connectivity.cluster.known_namespace_of(workload) or "", kind, name)


def peers_of(connectivity: Connectivity, number: int) -> Iterator[Peer]:
    """Yield the names of the pods of a class; several variants of one workload have the same one."""
    pods = connectivity.classes.every[number]
    if not pods.is_shown:
        yield HiddenPeer(pods.namespace or "", pods.role)
        return
    yield from dict.fromkeys(workload_peer(connectivity, each) for each in pods.workloads)


def addresses(connectivity: Connectivity, bits: int) -> Iterator[AddressRange]:
    """Yield the ranges of addresses in a set of peers, merged."""
    return connectivity.space.merged(bits >> connectivity.offset)
