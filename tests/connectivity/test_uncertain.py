"""Why connections are possible, but not certain; and the decisions about pairs against the rows of all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from manifests import cluster_of, deployment, namespace, pod, policy
from one_by_one import reasons_one_by_one
from random_clusters import mixed_resources

from k8snetlint import Source
from k8snetlint.connectivity.deciding import decide
from k8snetlint.connectivity.engine import Connectivity, Verdict
from k8snetlint.connectivity.profiles import profile_of
from k8snetlint.connectivity.query import numbers, parse_peer
from k8snetlint.connectivity.reasons import verdict_of
from k8snetlint.connectivity.uncertain import reasons
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.bitsets import first
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment

if TYPE_CHECKING:
    from k8snetlint.model.addresses import Network

CLUSTERS = int(os.environ.get("K8SNETLINT_CLUSTERS", "200"))
_SOURCE = Source.of("random.yaml", "")
_HOST = "hostNetwork: true"


@pytest.mark.parametrize("whole", [True, False])
def test_decisions_are_the_rows_and_uncertain_ones_have_reasons(*, whole: bool) -> None:
    for seed in range(CLUSTERS):
        connectivity = Connectivity(Cluster(mixed_resources(seed), Environment(whole_cluster=whole)))
        for source in range(connectivity.everything.bit_length()):
            for destination in range(connectivity.everything.bit_length()):
                if source >= connectivity.offset <= destination:
                    continue
                always, possible = connectivity.ports_between(source, destination)
                decision = decide(connectivity, source, destination)
                assert (decision.always, decision.possible) == (always, possible), (seed, source, destination)
                because = reasons(connectivity, source, destination)
                assert bool(because) == (always != possible), (seed, source, destination)
                assert because == reasons_one_by_one(connectivity, decision), (seed, source, destination)


def _because(
    *documents: str, source: str, destination: str, cni: str = "", pod_networks: tuple[Network, ...] = ()
) -> list[str]:
    connectivity = Connectivity(cluster_of(*documents), profile=profile_of(cni), pod_networks=pod_networks)
    start, end = (first(numbers(connectivity, parse_peer(each))) for each in (source, destination))
    return [f"{each.verdict}: {each.text}" for each in reasons(connectivity, start, end)]


_WEB, _DB = deployment("web", "app: web"), deployment("db", "app: db")


@pytest.mark.parametrize(
    ("policy_text", "cni", "found"),
    [
        pytest.param(policy("app: db"), "", [], id="certainly allowed"),
        pytest.param(policy("app: db", peer=""), "", [], id="certainly denied"),
        pytest.param(
            policy("app: db", peer="ipBlock: {cidr: 0.0.0.0/0}"),
            "",
            ["depends: an ipBlock matches the addresses of pods with some CNI plugins only (--cni says which)"],
            id="a block of all addresses",
        ),
        pytest.param(policy("app: db", peer="ipBlock: {cidr: 0.0.0.0/0}"), "calico", [], id="with a plugin"),
        pytest.param(
            policy("app: db", peer="ipBlock: {cidr: 10.0.0.0/8}"),
            "calico",
            ["unknown: no manifest shows whether an ipBlock contains the addresses of the pods (--pod-cidr says it)"],
            id="a block of some addresses",
        ),
        pytest.param(
            policy("app: db", peer="namespaceSelector: {matchLabels: {team: a}}"),
            "",
            ["unknown: no manifest shows the labels of namespace prod"],
            id="a namespace without a manifest",
        ),
        pytest.param(
            policy("app: db", peer="podSelector: {matchLabels: {pod-template-hash: abc}}"),
            "",
            ["unknown: a selector asks for a label whose value a controller chooses"],
            id="a label of a controller",
        ),
        pytest.param(
            policy("app: db", peer='podSelector: {matchLabels: {app: "${APP}"}}'),
            "",
            ["unknown: a placeholder is in the selectors of NetworkPolicy prod/policy"],
            id="a placeholder",
        ),
    ],
)
def test_between_two_workloads(policy_text: str, cni: str, found: list[str]) -> None:
    assert _because(_WEB, _DB, policy_text, source="prod/web", destination="prod/db", cni=cni) == found


def test_only_pod_networks_decide_about_a_block_of_some_addresses() -> None:
    pods = parse_cidr("10.244.0.0/16")
    assert pods is not None
    block = policy("app: db", peer="ipBlock: {cidr: 10.0.0.0/8}")

    assert not _because(_WEB, _DB, block, source="prod/web", destination="prod/db", cni="calico", pod_networks=(pods,))


def test_pods_that_no_manifest_shows() -> None:
    closed = policy("app: db", peer="podSelector: {matchLabels: {app: web}}")
    elsewhere = policy("app: db", peer="namespaceSelector: {}, podSelector: {matchLabels: {app: web}}")
    documents = (namespace("prod"), _WEB, _DB)

    assert not _because(*documents, closed, source="any-namespace", destination="prod/db")
    assert _because(*documents, elsewhere, source="any-namespace", destination="prod/db") == [
        "unknown: no manifest shows the labels of pods in other namespaces"
    ]


def test_the_network_of_a_node() -> None:
    node = pod("node", "app: node", pod=_HOST)
    closed = policy(selector="{}", peer="")
    kept = policy(selector="{}", peer="", direction="Egress", name="egress")

    (of_source,) = _because(node, _DB, closed, source="prod/node", destination="prod/db")
    (of_destination,) = _because(node, _DB, kept, source="prod/db", destination="prod/node")

    assert of_source.startswith("depends: the source is on the network of its node")
    assert of_destination.startswith("depends: the destination is on the network of its node")


def test_what_no_manifest_shows_outranks_what_plugins_do() -> None:
    connectivity = Connectivity(
        cluster_of(
            _WEB, _DB, policy("app: db", peer="ipBlock: {cidr: 10.0.0.0/8}"), environment=Environment(namespace="prod")
        )
    )
    start, end = (first(numbers(connectivity, parse_peer(each))) for each in ("prod/web", "prod/db"))
    because = reasons(connectivity, start, end)

    assert [each.verdict for each in because] == [Verdict.DEPENDS, Verdict.UNKNOWN]
    assert verdict_of(because) is Verdict.UNKNOWN
    assert verdict_of(because[:1]) is Verdict.DEPENDS
