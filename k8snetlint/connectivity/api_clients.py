"""Pods that use the Kubernetes API, although policies allow them no connection to the API server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.api_access import access_of, has_bindings
from k8snetlint.evidence.openings import openings
from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import Protocol

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule
    from k8snetlint.model.resource import Resource
    from k8snetlint.model.workload import Workload

PORTS = (443, 6443, 8443, 16443)
"""The port of Service `kubernetes`, and those on which API servers usually listen.

Some plugins see the port of the Service, others that of the server.
"""
_NETWORK_OF_NODES = ("apiserver", "api-server", "host-network", "konnectivity", "control-plane", "master")
"""Parts of labels by which selectors are to match API servers, which some distributions run as pods."""


class ApiClient(NamedTuple):
    """A workload whose pods use the API, and the binding that grants them access."""

    workload: Workload
    binding: Resource


def closed_api_clients(cluster: Cluster) -> dict[NetworkPolicy, list[ApiClient]]:
    """Return the clients of the API that may not connect to it, by the policy that is to allow it."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, list[ApiClient]] | None = answers.get(closed_api_clients)
    if known is None:
        known = answers[closed_api_clients] = {}
        for namespace in isolating_policies(cluster, Direction.EGRESS) if has_bindings(cluster) else ():
            _add_clients(cluster, namespace, known)
    return known


def _add_clients(cluster: Cluster, namespace: str | None, known: dict[NetworkPolicy, list[ApiClient]]) -> None:
    found = openings(cluster, namespace, may_be_api_server, Direction.EGRESS)
    for workload in cluster.index.workloads.of(found.isolated):
        if not workload.service_account or not all(found.is_closed(workload, Protocol.TCP, each) for each in PORTS):
            continue
        binding, policy = access_of(cluster, workload), found.responsible(workload)
        if binding is not None and policy is not None:
            known.setdefault(policy, []).append(ApiClient(workload, binding))


def may_be_api_server(_: Cluster, __: NetworkPolicy, policy_rule: PolicyRule) -> bool:
    """Tell whether a rule may allow the API server: it is on the network of a node, or outside of the cluster."""
    return not policy_rule.peers or any(map(_may_be_api_server, policy_rule.peers))


def _may_be_api_server(peer: Peer) -> bool:
    if peer.ip_block is not None:
        return True
    selectors = (each for each in (peer.namespace_selector, peer.pod_selector) if each is not None)
    texts = " ".join(text for each in selectors for text in each.texts())
    return any(map(texts.__contains__, _NETWORK_OF_NODES))
