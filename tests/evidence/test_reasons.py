"""Each reason why nobody knows which pods are selected, and what is said without it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from manifests import cluster_of, deployment, manifest, namespace, policy, resources

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.pods import PodAnswer, peer_pods, pods
from k8snetlint.model.all_resources import AllResources
from k8snetlint.model.aspects import POD_LABELS, PORTS, SELECTORS
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment, External
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.workload import Workload

HELM = manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease", "r")
DATABASE = manifest("acme.io/v1", "Database", "d")
DB = policy("app: db")


class Case(NamedTuple):
    """A scope in which nobody knows, and the same without the cause: both as arguments of a cluster."""

    documents: tuple[str, ...]
    more: dict[str, Any]
    without: tuple[str, ...]
    without_more: dict[str, Any]
    why: str


def case(
    documents: list[str], why: str, *, without: list[str] | None = None, more: dict[str, Any] | None = None
) -> Case:
    return Case(tuple(documents), more or {}, tuple(without if without is not None else documents), {}, why)


def answer_in(documents: tuple[str, ...], more: dict[str, Any]) -> PodAnswer:
    cluster = cluster_of(*documents, **more)
    return pods(cluster, cluster.of(NetworkPolicy)[0])


WEB = deployment()


@pytest.mark.parametrize(
    "each",
    [
        pytest.param(
            case(
                [policy("app: '${A}'"), WEB],
                "the selector or the namespace contains a placeholder",
                without=[DB, WEB],
            ),
            id="a placeholder in the selector",
        ),
        pytest.param(
            case(
                [policy("app: db", namespace="'{{ ns }}'"), deployment(namespace="'{{ ns }}'")],
                "the selector or the namespace contains a placeholder",
                without=[DB, WEB],
            ),
            id="a placeholder for the namespace",
        ),
        pytest.param(
            case(
                [DB, WEB],
                "pods labelled app=db are declared external",
                more={"environment": Environment(external=External(labels=("app=db",)))},
            ),
            id="an external label",
        ),
        pytest.param(
            case(
                [DB, WEB],
                "namespace prod is declared external",
                more={"environment": Environment(external=External(namespaces=("prod",)))},
            ),
            id="an external namespace",
        ),
        pytest.param(
            case(
                [policy("cnpg.io/cluster: a"), WEB],
                "pods labelled cnpg.io/cluster=a are created by an operator",
                without=[DB, WEB],
            ),
            id="an operator's label",
        ),
        pytest.param(
            case(
                [policy("app: rook-ceph-mon"), WEB],
                "pods labelled app=rook-ceph-mon are created by an operator",
                without=[DB, WEB],
            ),
            id="a label that an operator's begin with",
        ),
        pytest.param(
            case(
                [policy("vault-active: 'true'"), WEB],
                "the label vault-active is added to pods at runtime",
                without=[DB, WEB],
            ),
            id="a label that is put on pods",
        ),
        pytest.param(
            case(
                [DB, WEB],
                "only v.yaml has matching pods, and it is not applied together with this object",
                more={"all_resources": AllResources(resources(deployment("web", "app: db"), name="v.yaml"))},
            ),
            id="a variant elsewhere",
        ),
        pytest.param(
            case(
                [DB],
                "v.yaml may define the pods, but is not applied together with this object",
                more={"inner": resources(deployment("web", "app: x"), name="v.yaml")},
                without=[DB, WEB],
            ),
            id="a variant within the scope",
        ),
        pytest.param(
            case(
                [DB, deployment("web", "app: '{{ a }}'")],
                "a patch or a placeholder changes Deployment web",
                without=[DB, WEB],
            ),
            id="a placeholder among the labels of pods",
        ),
        pytest.param(
            case([DB, WEB], "a base is not here", more={"doubts": ("a base is not here",)}),
            id="a doubt of the scope",
        ),
        pytest.param(
            case(
                [policy("app: db", namespace="kube-system"), deployment(namespace="kube-system")],
                "the cluster itself runs pods in namespace kube-system",
                without=[policy("app: db", namespace="default"), deployment(namespace="default")],
            ),
            id="a namespace of the system",
        ),
        pytest.param(
            case(
                [DB, WEB, deployment("db", namespace="'{{ ns }}'")],
                "namespace {{ ns }} of a matching workload may be any namespace",
                without=[DB, WEB, deployment("db", "app: db2x", namespace="'{{ ns }}'")],
            ),
            id="pods in a namespace that may be any",
        ),
        pytest.param(
            case([DB, WEB, DATABASE], "Database d (acme.io) may create pods", without=[DB, WEB]),
            id="an operator's object",
        ),
        pytest.param(
            case([DB, WEB, HELM], "HelmRelease r deploys objects that are not in the manifests", without=[DB, WEB]),
            id="a chart",
        ),
        pytest.param(
            case(
                [DB, deployment(namespace="other")],
                "the manifests contain no workload in namespace prod",
                without=[DB, WEB],
            ),
            id="no workload at all",
        ),
    ],
)
def test_pods(each: Case) -> None:
    assert answer_in(each.documents, each.more) == CannotKnow(each.why)
    assert isinstance(answer_in(each.without, each.without_more), NoMatch)


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [pytest.param(SELECTORS, CannotKnow, id="its selectors"), pytest.param(PORTS, NoMatch, id="its ports")],
)
def test_a_patch_of_the_policy(aspect: str, expected: type) -> None:
    cluster = cluster_of(DB, WEB)
    asker = cluster.of(NetworkPolicy)[0]
    asker.patched = frozenset({aspect})

    assert isinstance(pods(cluster, asker), expected)


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [
        pytest.param(
            POD_LABELS, CannotKnow("a patch or a placeholder changes Deployment web"), id="the labels of the pods"
        ),
        pytest.param(PORTS, NoMatch(None, 1), id="their ports"),
    ],
)
def test_a_patch_of_the_pods(aspect: str, expected: PodAnswer) -> None:
    cluster = cluster_of(DB, WEB)
    cluster.of(Workload)[0].patched = frozenset({aspect})

    assert pods(cluster, cluster.of(NetworkPolicy)[0]) == expected


def test_a_variant_brings_no_pods_for_a_file_that_brings_its_own() -> None:
    variant: dict[str, Any] = {"inner": resources(deployment("web", "app: x"), name="v.yaml")}

    assert answer_in((DB, WEB), variant) == NoMatch(None, 1)
    asker, there = resources(DB, name="p.yaml"), resources(WEB, name="d.yaml")
    apart = Cluster((*asker, *there), Environment(), **variant)
    assert pods(apart, apart.of(NetworkPolicy)[0]) == CannotKnow(
        "v.yaml may define the pods, but is not applied together with this object"
    )


def test_a_maker_that_is_written_on_pods() -> None:
    maker = "app.kubernetes.io/managed-by: kustomize"
    put_on = CannotKnow("the label app.kubernetes.io/managed-by is added to pods at runtime")

    assert answer_in((policy(f"app: db, {maker}"), WEB), {}) == put_on
    assert answer_in((policy(f"app: db, {maker}"), deployment("web", f"app: web, {maker}")), {}) == NoMatch(None, 1)
    other = deployment("web", f"app: web, {maker.replace('kustomize', 'Helm')}")
    assert answer_in((policy(f"app: db, {maker}"), other), {}) == put_on
    active = deployment("web", "app: web, vault-active: 'true'")
    assert answer_in((policy("app: db, vault-active: 'true'"), active), {}) == CannotKnow(
        "the label vault-active is added to pods at runtime"
    )


def test_workloads_that_are_not_applied_together() -> None:
    run = AllResources(resources(deployment("api", "app: web"), name="api.yaml"))

    assert answer_in((DB, deployment(namespace="other")), {"all_resources": run}) == CannotKnow(
        "Deployment api in namespace prod is in api.yaml, which is not applied together with this object"
    )


def test_others_that_find_nothing() -> None:
    asker, there = resources(DB, name="p.yaml"), resources(WEB, name="d.yaml")

    answer = Cluster((*asker, *there), Environment())
    assert pods(answer, answer.of(NetworkPolicy)[0]) == CannotKnow(
        "no other selector of the namespace matches pods, so its workloads may be defined elsewhere"
    )


NAMESPACE = namespace("data", "team: data")
ELSEWHERE = "kubernetes.io/metadata.name: data"


@pytest.mark.parametrize(
    ("peer", "others", "expected"),
    [
        pytest.param("ipBlock: {cidr: 10.0.0.0/8}", [], CannotKnow("the peer has no podSelector"), id="no selector"),
        pytest.param(
            "namespaceSelector: {matchLabels: {team: data}}",
            [NAMESPACE],
            CannotKnow("the manifests contain no workload in these namespaces"),
            id="a namespace without workloads",
        ),
        pytest.param(
            "namespaceSelector: {matchLabels: {team: data}}, podSelector: {matchLabels: {app: x}}",
            [NAMESPACE, deployment(namespace="data")],
            CannotKnow("other namespaces may also have these labels"),
            id="a namespace by its labels",
        ),
        pytest.param(
            f"namespaceSelector: {{matchLabels: {{{ELSEWHERE}}}}}, podSelector: {{matchLabels: {{app: x}}}}",
            [NAMESPACE, deployment(namespace="data")],
            NoMatch(None, 1),
            id="a namespace by its name",
        ),
        pytest.param(
            "namespaceSelector: {matchLabels: {openshift.io/x: z}}, podSelector: {matchLabels: {app: x}}",
            [NAMESPACE],
            CannotKnow("the label openshift.io/x is added to namespaces by a platform"),
            id="a namespace that nobody knows",
        ),
    ],
)
def test_peers(peer: str, others: list[str], expected: PodAnswer) -> None:
    cluster = cluster_of(policy("app: web", peer=peer), WEB, *others)
    asker = cluster.of(NetworkPolicy)[0]
    (first,) = (each for rule in asker.rules() for each in rule.peers or ())

    assert isinstance(pods(cluster, asker), Match)
    assert peer_pods(cluster, asker, first) == expected
