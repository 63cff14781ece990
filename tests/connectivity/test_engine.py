"""The engine against an evaluator that shares nothing with it, on random clusters."""

from __future__ import annotations

import os
from typing import Any

import pytest
from naive_policies import MAYBE, NO, YES, Pod, allowed
from random_clusters import ADDRESSES, PORTS, Generator

from k8snetlint import Source
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.model.addresses import parse_ip
from k8snetlint.model.bitsets import first
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.ports import Protocol
from k8snetlint.model.resource import resource_of

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
_SOURCE = Source.of("random.yaml", "")


def connectivity_of(manifests: list[dict[str, Any]]) -> Connectivity:
    resources = tuple(resource_of(each, _SOURCE, number) for number, each in enumerate(manifests))
    return Connectivity(Cluster(resources, Environment(whole_cluster=True)))


def peers_of(connectivity: Connectivity) -> dict[str, int]:
    """Return the numbers of all peers, by the names of workloads and by addresses."""
    found = {workload.name or "": number for workload, number in connectivity.classes.class_of.items()}
    for text in ADDRESSES:
        address = parse_ip(text)
        assert address is not None
        found[text] = connectivity.offset + first(connectivity.space.of_address(address))
    return found


@pytest.mark.parametrize("block", range(10))
def test_the_engine_agrees_with_a_naive_evaluator(block: int) -> None:
    for seed in range(block * CLUSTERS // 10, (block + 1) * CLUSTERS // 10):
        manifests = Generator(seed).manifests()
        connectivity = connectivity_of(manifests)
        namespaces = {
            each["metadata"]["name"]: each["metadata"]["labels"] for each in manifests if each["kind"] == "Namespace"
        }
        pods = [Pod(each, namespaces) for each in manifests if each["kind"] in ("Pod", "Deployment")]
        policies = [each for each in manifests if each["kind"] == "NetworkPolicy"]
        numbers = peers_of(connectivity)
        every: list[Pod | str] = [*pods, *ADDRESSES]
        for source in every:
            for destination in every:
                if isinstance(source, str) and isinstance(destination, str):
                    continue
                names = [each if isinstance(each, str) else each.name for each in (source, destination)]
                always, possible = connectivity.ports_between(numbers[names[0]], numbers[names[1]])
                for protocol, port in PORTS:
                    wanted = allowed(source, destination, protocol, port, policies)
                    key = Protocol(protocol), port
                    got = YES if always.has(*key) else MAYBE if possible.has(*key) else NO
                    assert got == wanted, (seed, *names, protocol, port)
