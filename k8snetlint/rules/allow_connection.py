"""How a policy is changed so that it allows a connection that manifests state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.edit.change import insert
from k8snetlint.finding import Fix
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.namespace import NAME_LABEL
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import Protocol

if TYPE_CHECKING:
    from k8snetlint.connectivity.stated import Stated
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy
    from k8snetlint.model.workload import Workload


def allow_connection(cluster: Cluster, found: list[Stated]) -> Fix | None:
    """Return the fix that adds a rule for what a policy denies; None for several connections, or if both ends deny."""
    first = found[0]
    policy, direction = first.place
    peer, at = _peer(first, direction), policy.at("spec", direction.rules_field, len(list(policy.rules(direction))))
    is_only = len(first.policies) == 1 and not first.others and len({(each.source, each.ends) for each in found}) == 1
    # A kustomization may add labels and a namespace to what is written.
    if peer is None or not is_only or at.path[-1] == 0 or policy.origin is not None:
        return None
    entry = _entry(policy, cluster, peer)
    if entry is None:
        return None
    numbers = dict.fromkeys((each.protocol, each.number) for each in first.ends.targets)
    added = {direction.peer_field: [entry], "ports": [_port(*each) for each in numbers]}
    name = f"{peer.kind} {peer.name}"
    title = f"let {name} in" if direction is Direction.INGRESS else f"allow connections to {name}"
    return Fix(title, (insert(at, added),), safe=False)


def _peer(stated: Stated, direction: Direction) -> Workload | None:
    """Return the workload at the other end, None if there are several."""
    servers = stated.ends.workloads
    if direction is Direction.INGRESS:
        return stated.source
    return next(iter(servers)) if len(servers) == 1 else None


def _port(protocol: Protocol, number: int) -> dict[str, object]:
    return {"port": number} if protocol is Protocol.TCP else {"port": number, "protocol": protocol.value}


def _entry(policy: NetworkPolicy, cluster: Cluster, peer: Workload) -> dict[str, object] | None:
    """Return an entry of `from` or `to` for the pods of a workload, None if its selector does not name them."""
    selector = peer.selector
    if selector is None or not selector.match_labels or selector.match_expressions or not peer.knows(SELECTORS, NAME):
        return None
    pods: dict[str, object] = {"podSelector": {"matchLabels": dict(selector.match_labels)}}
    namespace = cluster.known_namespace_of(peer)
    if namespace == cluster.known_namespace_of(policy):
        return pods
    return {"namespaceSelector": {"matchLabels": {NAME_LABEL: namespace}}, **pods} if namespace else None
