"""Policies that are said to change nothing: without them, nothing is allowed or denied that was not."""

from __future__ import annotations

import random

import pytest
from manifests import cluster_of, deployment, policy, together

from k8snetlint.connectivity.compare import compare
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.redundant import redundant_policies
from k8snetlint.model.networkpolicy import NetworkPolicy

_CLUSTERS = 300
_PEERS = (
    *("podSelector: {}", "podSelector: {matchLabels: {app: web}}", "ipBlock: {cidr: 10.0.0.0/8}"),
    *("namespaceSelector: {}", "{namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}", ""),
    "namespaceSelector: {matchLabels: {team: a}}",
)
_PORTS = ("", "port: 80", "{port: 80, endPort: 90}", "port: http", "protocol: UDP", "{port: 53, protocol: UDP}")


def _random_policy(chance: random.Random, number: int) -> str:
    types = chance.choice(["[Ingress]", "[Egress]", "[Ingress, Egress]"])
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{number}, namespace: prod}}\n"
    text += f"spec:\n  podSelector: {chance.choice(['{}', '{matchLabels: {app: web}}'])}\n  policyTypes: {types}\n"
    for field, peers in (("ingress", "from"), ("egress", "to")):
        rules = []
        for _ in range(chance.choice([0, 1, 1, 2])):
            some, ports = chance.choice([*_PEERS, None]), chance.choice(_PORTS)
            parts = [f"{peers}: [{some}]"] if some else []
            parts += [f"ports: [{ports}]"] if ports else []
            rules.append(f"{{{', '.join(parts)}}}")
        text += f"  {field}: [{', '.join(rules)}]\n"
    return text.replace("[podSelector: {}]", "[{podSelector: {}}]")


def test_without_them_every_connection_is_as_before() -> None:
    number = 0
    for seed in range(_CLUSTERS):
        chance = random.Random(seed)  # noqa: S311 - the same clusters for the same seed
        workloads = [
            deployment("web", "app: web", ports="{name: http, containerPort: 80}"),
            deployment("db", "app: db"),
            deployment("client", "app: web", namespace="team"),
        ]
        policies = [_random_policy(chance, number) for number in range(5)]
        redundant = [each.name for each in redundant_policies(cluster_of(*workloads, *policies))]
        rest = [text for number, text in enumerate(policies) if f"p{number}" not in redundant]
        number += len(redundant)
        old, new = (Connectivity(cluster_of(*workloads, *each)) for each in (policies, rest))
        assert compare(old, new).is_empty, (seed, redundant, together(*policies))
    assert number > _CLUSTERS // 4


_WEB = "app: web"
_OWN, _DB = policy(name="own"), "podSelector: {matchLabels: {app: db}}"


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        pytest.param((_OWN, policy(_WEB, name="web")), [], id="the same rule for every pod"),
        pytest.param((_OWN, policy(_WEB, name="web", peer=_DB)), ["web"], id="a peer of a policy for every pod"),
        pytest.param((_OWN, policy(_WEB, name="web", ports="port: 80")), ["web"], id="fewer ports"),
        pytest.param((policy(ports="port: 80"), policy(_WEB, name="web")), [], id="more ports"),
        pytest.param((policy(ports="port: 80"), policy(_WEB, name="web", ports="port: http")), [], id="a named port"),
        pytest.param((_OWN, policy(_WEB, name="web", ports="port: http")), ["web"], id="a named port of all ports"),
        pytest.param(
            (_OWN, policy(_WEB, name="web", peer=f"namespaceSelector: {{}}, {_DB}")), [], id="more namespaces"
        ),
        pytest.param((_OWN, policy(_WEB, name="web", peer="namespaceSelector: {}")), [], id="other namespaces"),
        pytest.param(
            (policy(peer="namespaceSelector: {}"), policy(_WEB, name="web")),
            ["web"],
            id="the own one of all namespaces",
        ),
        pytest.param((_OWN, policy(_WEB, name="web", peer="ipBlock: {cidr: 10.0.0.0/8}")), [], id="addresses"),
        pytest.param((_OWN, policy(_WEB, name="web", direction="Egress")), [], id="another direction"),
        pytest.param((_OWN, policy(_WEB, name="web", namespace="other")), [], id="another namespace"),
        pytest.param((policy(_WEB, name="web"), policy(_WEB, name="copy")), ["copy"], id="a copy under another name"),
        pytest.param((policy(_WEB, name="web"), policy(_WEB, name="web")), [], id="a copy of the same object"),
        pytest.param((policy(_WEB, name="web"), policy("app: db", name="db")), [], id="other pods"),
        pytest.param((policy(peer=""), policy(_WEB, name="web", peer="")), [], id="default deny"),
    ],
)
def test_which_policies_change_nothing(policies: tuple[str, ...], found: list[str]) -> None:
    assert [each.name for each in redundant_policies(cluster_of(*policies))] == found


def test_the_answer_does_not_depend_on_the_pods() -> None:
    web = policy(_WEB, name="web", peer="podSelector: {matchLabels: {app: db}}")
    db = policy("app: db", name="db", peer="podSelector: {matchLabels: {app: web}}")
    cluster = cluster_of(deployment("web", _WEB), web, db, policy("app: absent", name="absent"))

    assert not redundant_policies(cluster)
    assert len(list(cluster.known(NetworkPolicy))) == 3
