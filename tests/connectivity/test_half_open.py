"""Connections that one end allows and the other end denies: what is found, and what may be allowed all the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from manifests import together
from random_clusters import PORTS, Generator

from k8snetlint import Config, Source, lint
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.evidence.answers import Match
from k8snetlint.evidence.half_open import half_open
from k8snetlint.evidence.pods import pods
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.ports import PortRange, Protocol
from k8snetlint.model.resource import resource_of

if TYPE_CHECKING:
    from k8snetlint.model.networkpolicy import PolicyRule

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
ID = "netpol-half-open-allow"
_SOURCE = Source.of("random.yaml", "")


def test_what_is_found_is_denied_in_every_possible_cluster() -> None:
    found = 0
    for seed in range(CLUSTERS):
        resources = tuple(resource_of(each, _SOURCE, n) for n, each in enumerate(Generator(seed).manifests()))
        cluster = Cluster(resources, Environment(whole_cluster=True))
        connectivity = Connectivity(cluster)
        for each in cluster.known(NetworkPolicy):
            found += sum(denied(connectivity, each, policy_rule) for policy_rule in each.rules())
    assert found > CLUSTERS / 20


def denied(connectivity: Connectivity, subject: NetworkPolicy, policy_rule: PolicyRule) -> int:
    """Return how many peers of a rule are half open, after the engine was asked about each of them."""
    cluster, number_of = connectivity.cluster, connectivity.classes.class_of
    here = pods(cluster, subject)
    ends = list(here.found) if isinstance(here, Match) else []
    count = 0
    for peer in policy_rule.peers or ():
        answer = half_open(cluster, subject, policy_rule, peer)
        if answer is None:
            continue
        count += 1
        for client, server in ((one, other) for one in answer.pods for other in ends if one is not other):
            pair = (client, server) if policy_rule.direction.name == "INGRESS" else (server, client)
            _, possible = connectivity.ports_between(number_of[pair[0]], number_of[pair[1]])
            assert not any(
                possible.has(Protocol(protocol), port) for protocol, port in PORTS if names(policy_rule, protocol, port)
            )
    return count


def names(policy_rule: PolicyRule, protocol: str, port: int) -> bool:
    """Tell whether a rule names a port, by its number."""
    written = [each.ports() for each in policy_rule.ports or ()]
    return not written or any(
        isinstance(each, PortRange) and each.protocol.value == protocol and port in each for each in written
    )


def workload(name: str, namespace: str = "shop", more: str = "") -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{{more}containers: [{{name: a, image: 'a/{name}:1', ports: [{{name: main, containerPort: 5432}}]}}]}}
"""


def netpol(name: str, selects: str, types: str, rules: str) -> str:
    return f"""\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec:
  podSelector: {selects}
  policyTypes: [{types}]
  {rules}
"""


WEB, DB = "{matchLabels: {app: web}}", "{matchLabels: {app: db}}"
LETS_IN = netpol("db", DB, "Ingress", f"ingress: [{{from: [{{podSelector: {WEB}}}], ports: [{{port: 5432}}]}}]")
GOES_OUT = netpol("web", WEB, "Egress", f"egress: [{{to: [{{podSelector: {DB}}}], ports: [{{port: 5432}}]}}]")
NO_EGRESS = netpol("deny", "{}", "Egress", "egress: []")
NO_INGRESS = netpol("closed", DB, "Ingress", "ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]")
OTHER_KIND = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
"""
PODS = (workload("web"), workload("db"))


@pytest.mark.parametrize(
    ("documents", "is_reported"),
    [
        pytest.param((*PODS, LETS_IN, NO_EGRESS), True, id="the client is isolated for egress"),
        pytest.param((*PODS, GOES_OUT, NO_INGRESS), True, id="the server is isolated for ingress"),
        pytest.param((*PODS, LETS_IN, NO_EGRESS, GOES_OUT), False, id="another policy allows it"),
        pytest.param((*PODS, LETS_IN), False, id="nothing isolates the client"),
        pytest.param(
            (*PODS, LETS_IN, NO_EGRESS, netpol("all", WEB, "Egress", "egress: [{ports: [{port: 5432}]}]")),
            False,
            id="a rule without peers",
        ),
        pytest.param(
            (*PODS, LETS_IN, NO_EGRESS, netpol("other", WEB, "Egress", "egress: [{ports: [{port: 443}]}]")),
            True,
            id="a rule for other ports",
        ),
        pytest.param(
            (*PODS, LETS_IN, NO_EGRESS, netpol("name", WEB, "Egress", "egress: [{ports: [{port: main}]}]")),
            False,
            id="a rule for a name, which may be that port",
        ),
        pytest.param(
            (*PODS, LETS_IN, NO_EGRESS, GOES_OUT.replace("{app: web}", "{app: web, pod-template-hash: 5d9c7}", 1)),
            False,
            id="a policy for some of the pods allows it",
        ),
        pytest.param(
            (*PODS, LETS_IN, netpol("ip", WEB, "Egress", "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]")),
            False,
            id="a rule for addresses, which are those of pods with some plugins",
        ),
        pytest.param(
            (workload("web", more="hostNetwork: true, "), workload("db"), LETS_IN, NO_EGRESS),
            False,
            id="the client is on the network of its node",
        ),
        pytest.param(
            (*PODS, LETS_IN, NO_EGRESS, OTHER_KIND),
            False,
            id="a policy of another kind may allow it",
        ),
        pytest.param(
            (*PODS, GOES_OUT, netpol("sealed", "{}", "Ingress", "ingress: []"), SERVICE),
            False,
            id="the namespace is sealed, which is said of that policy",
        ),
    ],
)
def test_one_end_alone(documents: tuple[str, ...], *, is_reported: bool) -> None:
    report = lint([Source.of("a.yaml", together(*documents))], Config())
    assert [each.id for each in report.findings if each.id in (ID, "internal-error")] == [ID] * is_reported
