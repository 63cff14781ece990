"""Who is to allow more: the directions that deny agree with what explains single connections."""

from __future__ import annotations

import os

from random_clusters import PORTS, Generator

from k8snetlint import Source
from k8snetlint.connectivity.blame import Blame
from k8snetlint.connectivity.deciding import decide
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.services import Target
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import Protocol
from k8snetlint.model.resource import resource_of
from k8snetlint.model.service import Service, ServicePort

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
_SOURCE = Source.of("random.yaml", "")
_ENTRY = ServicePort({}, Service({}, _SOURCE, 0).at("spec"))


def test_the_directions_that_deny_are_those_of_single_decisions() -> None:
    found = 0
    for seed in range(CLUSTERS):
        resources = tuple(resource_of(each, _SOURCE, n) for n, each in enumerate(Generator(seed).manifests()))
        connectivity = Connectivity(Cluster(resources, Environment(whole_cluster=seed % 2 == 0)))
        found += sum(compared(connectivity, source, end) for source in range(3) for end in range(3))
    assert found > CLUSTERS


def compared(connectivity: Connectivity, source: int, end: int) -> int:
    """Compare all ports between two workloads; return how many connections are denied."""
    workloads, blame = list(connectivity.classes.class_of), Blame(connectivity)
    if max(source, end) >= len(workloads):
        return 0
    client, server = workloads[source], workloads[end]
    class_of = connectivity.classes.class_of
    decision = decide(connectivity, class_of[client], class_of[server])
    count = 0
    for protocol, number in PORTS:
        target = Target(_ENTRY, server, Protocol(protocol), number)
        expected = tuple(
            each.direction
            for each in (decision.egress, decision.ingress)
            if not each.possible.has(target.protocol, number)
        )
        assert blame.denying(client, target) == expected
        count += len(expected)
        for direction in expected:
            policy = blame.policy(client if direction is Direction.EGRESS else server, direction)
            assert policy is not None
            assert policy.isolates(direction)
            assert policy.pod_selector is None or policy.pod_selector.matches(
                (client if direction is Direction.EGRESS else server).pod_labels
            )
    return count
