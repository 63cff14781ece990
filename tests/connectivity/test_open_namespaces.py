"""Objects whose namespace is chosen when they are applied: what holds wherever they go, against a naive evaluator."""

from __future__ import annotations

import copy
import itertools
import os
from typing import Any

import pytest
from manifests import cluster_of
from naive_policies import NO, YES, Pod, allowed
from random_clusters import ADDRESSES, PORTS, OpenCluster

from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.query import numbers, parse_peer
from k8snetlint.connectivity.reasons import OPEN_NAMESPACE
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.bitsets import first
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.ports import Protocol
from k8snetlint.rules.usual_objects import namespace, workload

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
_EXACT = 0.8
"""At least so much is decided exactly. The rest depends twice on where an object goes: a policy that may select a pod
isolates it and lets a peer in, or does neither."""

Value = dict[str, Any]


def worlds_of(cluster: OpenCluster) -> list[tuple[dict[str, Pod], list[Value]]]:
    """Return the pods and the policies for each choice of namespaces."""
    labels = {
        each["metadata"]["name"]: each["metadata"]["labels"]
        for each in cluster.manifests
        if each["kind"] == "Namespace"
    }
    labels["default"] = {"kubernetes.io/metadata.name": "default"}
    found = []
    for choice in itertools.product(labels, repeat=2):
        placed = copy.deepcopy(cluster.manifests)
        for each, folder in zip(placed, cluster.folders, strict=True):
            if folder:
                each["metadata"]["namespace"] = dict(zip("ab", choice, strict=True))[folder]
        pods = [Pod(each, labels) for each in placed if each["kind"] in ("Pod", "Deployment")]
        policies = [each for each in placed if each["kind"] == "NetworkPolicy"]
        found.append(({each.name: each for each in pods}, policies))
    return found


@pytest.mark.parametrize("block", range(5))
def test_what_is_certain_holds_wherever_objects_go(block: int) -> None:
    asked = exact = 0
    for seed in range(block * CLUSTERS // 20, (block + 1) * CLUSTERS // 20):
        cluster = OpenCluster(seed)
        if not cluster.is_open:
            continue
        connectivity = Connectivity(Cluster(cluster.resources(), Environment(whole_cluster=True)))
        worlds = worlds_of(cluster)
        number_of = {each.name or "": number for each, number in connectivity.classes.class_of.items()}
        ends = [*number_of, *ADDRESSES[::4]]
        number_of |= {text: first(numbers(connectivity, parse_peer(text))) for text in ADDRESSES}
        for source, destination in itertools.product(ends, repeat=2):
            if source in ADDRESSES and destination in ADDRESSES:
                continue
            always, possible = connectivity.ports_between(number_of[source], number_of[destination])
            for protocol, port in PORTS[::3]:
                values = {
                    allowed(pods.get(source, source), pods.get(destination, destination), protocol, port, policies)
                    for pods, policies in worlds
                }
                key = Protocol(protocol), port
                if always.has(*key):
                    assert values == {YES}, (seed, source, destination, *key)
                if not possible.has(*key):
                    assert values == {NO}, (seed, source, destination, *key)
                asked += 1
                exact += always.has(*key) == (values == {YES}) and possible.has(*key) == (values != {NO})
    assert exact >= _EXACT * asked > 0


def policy(where: str, ingress: str) -> str:
    """Return a policy for the pods `app: db`, in flow style."""
    metadata = f"name: db{f', namespace: {where}' if where else ''}"
    spec = f"podSelector: {{matchLabels: {{app: db}}}}, policyTypes: [Ingress], ingress: [{ingress}]"
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{{metadata}}}\nspec: {{{spec}}}\n"


NAMES = (namespace("prod", "team: a"), namespace("test", "team: a"))
FROM_WEB = "{from: [{podSelector: {matchLabels: {app: web}}}]}"
FROM_TEAM = "{from: [{namespaceSelector: {matchLabels: {team: a}}}]}"
ELSEWHERE = workload("Deployment", "other", namespace="test")


@pytest.mark.parametrize(
    ("policy_text", "web", "db", "verdict"),
    [
        pytest.param(policy("", FROM_WEB), "", "", "allowed", id="all of one folder goes to the same namespace"),
        pytest.param(policy("", ""), "", "", "denied", id="a policy of the same folder isolates"),
        pytest.param(policy("prod", ""), "", "prod", "denied", id="a policy whose namespace is written"),
        pytest.param(policy("prod", FROM_WEB), "", "prod", "unknown", id="a peer that may be elsewhere"),
        pytest.param(policy("", FROM_WEB), "prod", "", "unknown", id="a peer of a policy that may be elsewhere"),
        pytest.param(policy("", ""), "prod", "prod", "unknown", id="a policy that may be elsewhere"),
        pytest.param(policy("prod", ""), "", "", "unknown", id="a pod that may be elsewhere"),
        pytest.param(policy("prod", FROM_TEAM), "", "prod", "unknown", id="labels of a namespace that is chosen"),
        pytest.param(
            policy("prod", "{from: [{namespaceSelector: {}}]}"), "", "prod", "allowed", id="all namespaces, any of them"
        ),
    ],
)
def test_an_object_without_a_namespace(policy_text: str, web: str, db: str, verdict: str) -> None:
    pods = (workload("Deployment", "web", namespace=web), workload("Deployment", "db", namespace=db))
    connectivity = Connectivity(cluster_of(*NAMES, ELSEWHERE, *pods, policy_text))
    source, destination = (first(numbers(connectivity, parse_peer(each))) for each in ("web", "db"))

    always, possible = connectivity.ports_between(source, destination)
    because = reasons(connectivity, source, destination)

    found = "allowed" if always.has(Protocol.TCP, 80) else "unknown" if possible.has(Protocol.TCP, 80) else "denied"
    assert found == verdict
    assert because == ((OPEN_NAMESPACE,) if verdict == "unknown" else ())
