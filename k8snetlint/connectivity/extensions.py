"""What policies close to the API server: the pods behind the Services of webhooks and aggregated APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.closed import closing_policy
from k8snetlint.connectivity.services import targets
from k8snetlint.model.extension import Extension
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.services import Target
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import NetworkPolicy, Peer, PolicyRule

_NETWORK_OF_NODES = ("host-network", "konnectivity")
"""Parts of labels by which selectors match what the API server connects from, in some clusters.

Sources: https://docs.redhat.com/en/documentation/openshift_container_platform/ (`policy-group.network.openshift.io`),
https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/
"""


class ExtensionTarget(NamedTuple):
    """A target to which the API server sends requests through a Service."""

    extension: Extension
    service: Service
    target: Target


def extension_targets(cluster: Cluster) -> Iterator[ExtensionTarget]:
    """Yield where the API server sends the requests of webhooks and aggregated APIs, as far as manifests show it."""
    written: dict[tuple[str | None, str | None], Service] = {}
    final: dict[tuple[str | None, str | None], Service] = {}
    for each in cluster.known(Service):
        # A kustomization changes references as it changes what they name; here they are read as they are written.
        origin = each.origin or each
        written[cluster.known_namespace_of(origin), origin.name] = each
        final[cluster.known_namespace_of(each), each.name] = each
    services = written | final
    for extension in cluster.known(Extension):
        for reference in extension.services:
            service = services.get((reference.namespace, reference.name))
            if service is None:
                continue
            for target in targets(cluster, service):
                if target.service_port.port == reference.port:
                    yield ExtensionTarget(extension, service, target)


def may_admit_api_server(_: Cluster, __: NetworkPolicy, policy_rule: PolicyRule) -> bool:
    """Tell whether a rule may let the API server in: it is on the network of nodes, or outside of the cluster."""
    return not policy_rule.peers or any(map(_may_be_api_server, policy_rule.peers))


def _may_be_api_server(peer: Peer) -> bool:
    if peer.ip_block is not None:
        return True
    selectors = (each for each in (peer.namespace_selector, peer.pod_selector) if each is not None)
    texts = " ".join(text for each in selectors for text in each.texts())
    return any(part in texts for part in _NETWORK_OF_NODES)


def closed_extensions(cluster: Cluster) -> dict[NetworkPolicy, list[ExtensionTarget]]:
    """Return what policies close to the API server, by the policy that is to let it in."""
    answers = cluster.index.answers
    known: dict[NetworkPolicy, list[ExtensionTarget]] | None = answers.get(closed_extensions)
    if known is None:
        known = answers[closed_extensions] = {}
        for each in extension_targets(cluster):
            policy = closing_policy(cluster, each.target, may_admit_api_server)
            if policy is not None:
                known.setdefault(policy, []).append(each)
    return known
