from __future__ import annotations

import pytest
from manifests import cluster_of, deployment, pod, policy

from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.query import numbers, parse_peer, workloads
from k8snetlint.finding import ConfigError

CLUSTER = cluster_of(
    deployment("web", "app: web, tier: front"),
    deployment("web", "app: web, tier: back", namespace="dev"),
    pod("db", "app: db"),
    policy("app: db", peer="ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("prod/web", ["prod/web"], id="namespace and name"),
        pytest.param("web", ["prod/web", "dev/web"], id="a name in any namespace"),
        pytest.param("dev/deployment/web", ["dev/web"], id="kinds in any case"),
        pytest.param("prod/Pod/db", ["prod/db"], id="a Pod"),
        pytest.param("prod?tier=front", ["prod/web"], id="a label"),
        pytest.param("dev?app=web,tier=back", ["dev/web"], id="labels"),
    ],
)
def test_workloads(text: str, found: list[str]) -> None:
    connectivity = Connectivity(CLUSTER)

    assert [f"{each.namespace}/{each.name}" for each in workloads(connectivity, parse_peer(text))] == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a/b/c/d", "`a/b/c/d` is not a peer; write namespace/name, "),
        ("prod?", "`prod?` is not a peer; "),
        ("10.0.0.0/99", "`10.0.0.0/99` is not a peer"),
        ("prod/wbe", "no workload `prod/wbe`; did you mean `prod/web`?"),
        ("staging/db", "no workload `staging/db`; did you mean `prod/db`?"),
        ("prod?app=x", "no workload `prod?app=x`; the manifests define 3, for example `prod/web`"),
    ],
)
def test_what_is_no_peer(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        numbers(Connectivity(CLUSTER), parse_peer(text))

    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        pytest.param("10.0.0.1", ["10.0.0.0/16"], id="an address"),
        pytest.param("10.1.0.0/24", ["10.1.0.0/16"], id="a network inside of a range"),
        pytest.param("10.0.0.0/8", ["10.0.0.0/8"], id="a network"),
        pytest.param("internet", ["0.0.0.0/0", "::/0"], id="all addresses"),
    ],
)
def test_addresses(text: str, ranges: list[str]) -> None:
    connectivity = Connectivity(CLUSTER)
    found = numbers(connectivity, parse_peer(text)) >> connectivity.offset

    assert [str(each) for each in connectivity.space.merged(found)] == ranges


def test_pods_that_no_manifest_shows() -> None:
    connectivity = Connectivity(CLUSTER)
    elsewhere = numbers(connectivity, parse_peer("any-namespace"))

    assert elsewhere.bit_count() == 1
    assert not elsewhere & connectivity.classes.shown
    assert numbers(connectivity, parse_peer("ingress-controller")) == 0
