"""Whether policies allow DNS to addresses of nodes, where a cache on each node answers (NodeLocal DNSCache)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns import protocols_of_rule
from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.evidence.resolving import Resolving
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy

_LABEL = ("k8s-app", "node-local-dns")
"""https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/#configuration."""


def lacks_addresses(cluster: Cluster, policy: NetworkPolicy) -> bool:
    """Tell whether a cache on each node answers, and no policy allows the pods of a policy DNS to an address."""
    index = cluster.index
    if not index.pod_labels.pairs[_LABEL] & index.seen & index.on_host_network:
        return False
    namespace = cluster.known_namespace_of(policy)
    key = lacks_addresses, namespace
    found: dict[NetworkPolicy, bool] | None = index.answers.get(key)
    if found is None:
        found = index.answers[key] = _lacking(cluster, namespace)
    return found.get(policy, False)


def _lacking(cluster: Cluster, namespace: str | None) -> dict[NetworkPolicy, bool]:
    """Return which policies of a namespace certainly select pods to which no policy allows DNS to an address."""
    policies = isolating_policies(cluster, Direction.EGRESS)
    here = policies.get(namespace, [])
    others = policies.get(None, []) if namespace is not None else []
    subjects = Resolving(cluster, namespace, here, others)
    reaching = 0
    for each in (*here, *others):
        if _allows_addresses(each):
            reaching |= subjects.possible(each)
    return {each: bool(subjects.certain(each) & ~reaching) for each in here}


def _allows_addresses(policy: NetworkPolicy) -> bool:
    """Tell whether a policy may allow DNS to an address."""
    if not policy.knows(PORTS, SELECTORS):
        return True
    rules = (each for each in policy.egress or () if protocols_of_rule(each, policy.namespace))
    return any(not each.peers or any(peer.ip_block for peer in each.peers) for each in rules)
