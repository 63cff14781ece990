"""What a selector that matches nothing was probably meant to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manifests import cluster_of, deployment, manifest, namespace, policy, service, together

from k8snetlint.evidence.answers import (
    DIFFERENT_PODS,
    MISSING_LABEL,
    MISSPELT,
    NAMESPACE_NAME,
    OBJECT_LABELS,
    OBJECT_NAME,
    OTHER_KEY,
    OTHER_NAMESPACE,
    UNUSED_KEY,
    NoMatch,
    Suggestion,
)
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.pods import pods
from k8snetlint.model.namespace import Namespace
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.service import Service
from k8snetlint.model.spelling import typo_distance

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster


def near_of(cluster: Cluster) -> Suggestion | None:
    """Return what is near the first policy's podSelector."""
    asker = cluster.of(NetworkPolicy)[0]
    assert asker.pod_selector
    answer = pods(cluster, asker)
    return answer.near if isinstance(answer, NoMatch) else None


def said(near: Suggestion | None) -> tuple[str, str, str] | None:
    return near and (near.kind, near.key, near.replacement)


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param("app: wbe", ["app: web"], (MISSPELT, "app", "web"), id="two letters swapped"),
        pytest.param("app: cart", ["app: carts"], (MISSPELT, "app", "carts"), id="a letter lost"),
        pytest.param("app: Frontend", ["app: frontend"], (MISSPELT, "app", "frontend"), id="upper case"),
        pytest.param("app: front-end", ["app: frontend"], (MISSPELT, "app", "frontend"), id="a hyphen"),
        pytest.param("apP: shop", ["app: shop"], (OTHER_KEY, "apP", "app: shop"), id="a misspelt key"),
        pytest.param("app: shop", ["name: shop"], (OTHER_KEY, "app", "name: shop"), id="another naming key"),
        pytest.param("zone: shop", ["name: shop"], None, id="a key that names no application"),
        pytest.param("app: carts", ["app: cards", "app: parts"], None, id="short words that differ in one letter"),
        pytest.param("app: server", ["app: servers", "app: serve"], None, id="two are equally near"),
        pytest.param("app: web-1", ["app: web-2"], None, id="numbers tell apart"),
        pytest.param("app: web-v2", ["app: web"], None, id="a version is another thing"),
        pytest.param("app: web-canary", ["app: web"], None, id="a canary is another thing"),
        pytest.param("app: web-blue", ["app: web-green"], None, id="blue is not green"),
        pytest.param("app: db-rw", ["app: db-ro"], None, id="short parts are words of their own"),
        pytest.param("app: ab", ["app: ba"], None, id="two letters are no word"),
        pytest.param("app: wbe, tier: x", ["app: web, tier: y"], None, id="two labels are wrong"),
        pytest.param("app: wbe, tier: x", ["app: web, tier: x"], (MISSPELT, "app", "web"), id="one of two is wrong"),
    ],
)
def test_labels(wanted: str, there: list[str], expected: tuple[str, str, str] | None) -> None:
    workloads = [deployment(f"d{number}", labels) for number, labels in enumerate(there)]

    assert said(near_of(cluster_of(policy(wanted), *workloads))) == expected


def test_the_name_of_a_workload() -> None:
    lacks = cluster_of(policy("app: web"), deployment("web", "role: frontend"))
    other = cluster_of(policy("app: web-all"), deployment("web-all", "app: web"))

    assert said(near_of(lacks)) == (OBJECT_NAME, "app", "")
    assert said(near_of(other)) == (OBJECT_NAME, "app", "web")


def test_the_name_of_a_service() -> None:
    cluster = cluster_of(policy("app: front"), deployment("d", "app: web"), service("front", "app: web"))

    near = near_of(cluster)
    assert said(near) == (OBJECT_NAME, "app", "web")
    assert near
    assert near.near is cluster.of(Service)[0]


def test_the_labels_of_an_object_instead_of_its_pods() -> None:
    workload = cluster_of(policy("tier: front"), deployment("web", "app: web", own="tier: front"))
    front = cluster_of(
        policy("tier: front"), deployment("web", "app: web"), service("web", "app: web", own="tier: front")
    )
    nowhere = cluster_of(
        policy("tier: front"), deployment("web", "app: web"), service("x", "app: x", own="tier: front")
    )

    assert said(near_of(workload)) == said(near_of(front)) == (OBJECT_LABELS, "", "")
    assert near_of(nowhere) is None


@pytest.mark.parametrize(
    ("called", "wanted", "pods", "expected"),
    [
        pytest.param("web", "app: wet", "app: web", (OBJECT_NAME, "app", "web"), id="a Service is called by the label"),
        pytest.param("web", "app: queue", "app: web", (OBJECT_NAME, "app", "web"), id="whatever it asks for"),
        pytest.param("web-queue", "app: queue", "app: web", None, id="it is called by what it asks for"),
        pytest.param(
            "shop", "app: queue, tier: x", "app: shop, tier: x", (OBJECT_NAME, "app", "shop"), id="of two labels"
        ),
        pytest.param("svc-http1", "app: http2", "app: http1", (MISSPELT, "app", "http1"), id="a part of the name"),
        pytest.param("svc", "app: http2", "app: http1", None, id="numbers tell apart"),
        pytest.param("svc", "app: worlp", "app: world", None, id="so do last letters"),
        pytest.param(
            "svc", "app: orders", "app: horders", (MISSPELT, "app", "horders"), id="only it stands by these pods"
        ),
    ],
)
def test_a_service_beside_its_pods(called: str, wanted: str, pods: str, expected: tuple[str, str, str] | None) -> None:
    cluster = cluster_of(service(called, wanted), deployment("d", pods))

    assert said(near_of_service(cluster)) == expected


def test_pods_that_have_their_service_are_meant_by_no_other() -> None:
    cluster = cluster_of(service("web", "app: queue"), deployment("d", "app: web"), service("other", "app: web"))

    assert near_of_service(cluster) is None


def near_of_service(cluster: Cluster) -> Suggestion | None:
    """Return what is near the first Service's selector."""
    asker = cluster.of(Service)[0]
    answer = pods(cluster, asker)
    return answer.near if isinstance(answer, NoMatch) else None


def test_a_service_is_not_near_itself() -> None:
    cluster = cluster_of(service("db", "app: db", own="app: db"), deployment("web", "app: web"))
    asker = cluster.of(Service)[0]
    answer = pods(cluster, asker)
    assert isinstance(answer, NoMatch)
    assert answer.near is None


def test_a_label_that_many_carry_and_one_lacks() -> None:
    many = [deployment(f"d{number}", f"app: a{number}, mesh: blue") for number in range(3)]
    cluster = cluster_of(policy("app: web, mesh: blue"), *many, deployment("web", "app: web"))

    assert said(near_of(cluster)) == (MISSING_LABEL, "mesh", "")


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        pytest.param("app: web, tier: web", [], (UNUSED_KEY, "tier", ""), id="its name under a key that nobody has"),
        pytest.param("app: web, zone: x", [], (UNUSED_KEY, "zone", ""), id="a key that nobody has"),
        pytest.param("app: web, zone: x", ["app: b, zone: x"], (MISSING_LABEL, "zone", ""), id="a key of others"),
        pytest.param("zone: x", [], None, id="nothing else is asked for"),
    ],
)
def test_a_label_too_many(wanted: str, others: list[str], expected: tuple[str, str, str] | None) -> None:
    workloads = [deployment(f"d{number}", labels) for number, labels in enumerate(others)]

    assert said(near_of(cluster_of(policy(wanted), deployment("web", "app: web"), *workloads))) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param("app: api, tier: backend", (DIFFERENT_PODS, "", ""), id="each label is on other pods"),
        pytest.param("app: api, tier: data", None, id="one of them is on none"),
    ],
)
def test_labels_of_different_pods(wanted: str, expected: tuple[str, str, str] | None) -> None:
    api, web = deployment("a", "app: api, tier: front"), deployment("w", "app: web, tier: backend")
    near = near_of(cluster_of(policy(wanted), api, web))

    assert said(near) == expected
    assert near is None or near.label == "Deployment a has app=api, Deployment w has tier=backend"


def test_one_other_namespace() -> None:
    own = deployment("web", "app: web")
    data = deployment("redis", "app: redis", namespace="data")
    more = deployment("redis", "app: redis", namespace="more")
    chart = manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease")

    assert said(near_of(cluster_of(policy("app: redis"), own, data))) == (OTHER_NAMESPACE, "", "data")
    assert near_of(cluster_of(policy("app: redis"), own, data, more)) is None
    assert near_of(cluster_of(policy("app: redis"), own, data, chart)) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(deployment("cart", "app: x"), id="a workload is called so"),
        pytest.param(deployment("x", "app: cart", namespace="other"), id="the label is elsewhere"),
        pytest.param(service("cart", "app: cart"), id="a Service of this name selects by it"),
        pytest.param(together(*(policy("app: cart", name=name) for name in "bc")), id="several select by it"),
    ],
)
def test_what_is_known_elsewhere_is_no_typo(other: str) -> None:
    near = near_of(cluster_of(policy("app: cart"), deployment("d", "app: carts"), other))

    assert near is None or near.kind != MISSPELT


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        pytest.param(11, None, id="eleven ask for the one, three for the other"),
        pytest.param(12, (MISSPELT, "app: carts"), id="four times as many ask for the other"),
    ],
)
def test_a_typo_that_was_copied(right: int, expected: tuple[str, str] | None) -> None:
    wrong = together(*(policy("app: cart", name=name) for name in "bc"))
    others = together(*(policy("app: carts", name=f"d{number}") for number in range(right)))
    near = near_of(cluster_of(policy("app: cart"), deployment("d", "app: carts"), wrong, others))

    assert (near and (near.kind, f"{near.key}: {near.replacement}")) == expected


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param("name: data", namespace("data"), (NAMESPACE_NAME, "kubernetes.io/metadata.name: data"), id="name"),
        pytest.param("ns: data", namespace("data"), (NAMESPACE_NAME, "kubernetes.io/metadata.name: data"), id="ns"),
        pytest.param("team: data", namespace("data"), (NAMESPACE_NAME, ""), id="a key that means no name"),
        pytest.param("team: storefornt", namespace("a", "team: storefront"), (MISSPELT, "storefront"), id="a value"),
        pytest.param(
            "kubernetes.io/metadata.name: monitorng",
            service("a", "b: c", namespace="monitoring"),
            (MISSPELT, "monitoring"),
            id="a namespace that is only named",
        ),
    ],
)
def test_namespaces(wanted: str, there: str, expected: tuple[str, str] | None) -> None:
    cluster = cluster_of(policy(wanted), there)
    asker = cluster.of(NetworkPolicy)[0]
    assert asker.pod_selector

    answer = namespaces(cluster, asker.pod_selector, asker)
    near = answer.near if isinstance(answer, NoMatch) else None
    assert (near and (near.kind, near.replacement)) == expected
    if near and near.near:
        assert isinstance(near.near, Namespace)


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("web", "web", None),
        ("Web", "web", 0),
        ("wbe", "web", 1),
        ("my_app", "my-app", 1),
        ("prometheus", "promethues", 1),
        ("monitoring", "monitroingg", 2),
        ("reader", "leader", None),
        ("ingress", "egress", None),
        ("http", "https", None),
        ("api-http", "api-https", None),
        ("web", "webs", None),
        ("db", "bd", None),
        ("node1", "node2", None),
        ("cache", "cache2", None),
        ("a-b", "a-b-c", None),
        ("shop-wbe", "shpo-web", 2),
        ("groupa-for-watchers", "groupb-for-watchers", None),
        ("tekton-resultt-for-watchers", "tekton-results-for-watchers", 1),
        ("my-resultt", "my-results", None),
    ],
)
def test_typo_distance(word: str, other: str, expected: int | None) -> None:
    assert typo_distance(word, other) == typo_distance(other, word) == expected
