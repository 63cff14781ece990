"""Which pods and namespaces match, when nothing does, and when the manifests do not tell."""

from __future__ import annotations

import pytest
from manifests import cluster_of, deployment, manifest, namespace, policy, resources, service, together

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.pods import PodAnswer, peer_pods, pods
from k8snetlint.model.all_resources import AllResources
from k8snetlint.model.aspects import ALL
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.resource import resource_of
from k8snetlint.model.workload import Workload
from k8snetlint.source.document import Source
from k8snetlint.source.load import load


def ask(*documents: str, environment: Environment | None = None, doubts: tuple[str, ...] = ()) -> PodAnswer:
    """Ask for the pods of the first policy."""
    return answer_in(cluster_of(*documents, environment=environment, doubts=doubts))


def answer_in(cluster: Cluster) -> PodAnswer:
    asker = cluster.of(NetworkPolicy)[0]
    assert asker.pod_selector is not None
    return pods(cluster, asker)


WHOLE = Environment(whole_cluster=True)
DB = "app: db"
DATABASE = manifest("acme.io/v1", "Database")


@pytest.mark.parametrize(
    ("selector", "labels"),
    [
        pytest.param("{}", "app: web", id="the empty selector matches every pod"),
        pytest.param("{matchLabels: {app: web}}", "app: web, tier: a", id="further labels do not count"),
        pytest.param("{matchLabels: {app: web, pod-template-hash: x}}", "app: web", id="controllers add labels"),
        pytest.param(
            "{matchExpressions: [{key: statefulset.kubernetes.io/pod-name, operator: Exists}]}",
            "app: web",
            id="controllers add keys",
        ),
    ],
)
def test_match(selector: str, labels: str) -> None:
    answer = ask(policy(selector=selector), deployment(labels=labels))

    assert isinstance(answer, Match)
    assert [each.name for each in answer.found] == ["web"]


def test_no_match_counts_what_was_looked_at() -> None:
    assert ask(policy(DB), deployment(), deployment("api")) == NoMatch(None, 2)


@pytest.mark.parametrize(
    ("selector", "others", "why"),
    [
        pytest.param(DB, [], "no workload", id="no workload at all"),
        pytest.param(DB, [deployment(namespace="other")], "no workload", id="none in the namespace"),
        pytest.param("app: '${APP}'", [deployment()], "placeholder", id="a placeholder is asked for"),
        pytest.param(
            DB, [deployment(labels="app: '{{ app }}'")], "placeholder", id="a placeholder is among the labels"
        ),
        pytest.param("app: rook-ceph-mon", [deployment()], "operator", id="an operator's label"),
        pytest.param("cnpg.io/cluster: a", [deployment()], "operator", id="an operator's key"),
        pytest.param("role: master", [deployment()], "at runtime", id="a role"),
        pytest.param("vault-active: 'true'", [deployment()], "at runtime", id="set by the pod"),
        pytest.param(DB, [deployment(), DATABASE], "may create pods", id="a custom resource"),
        pytest.param(
            DB,
            [deployment(), manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease")],
            "deploys objects",
            id="a chart is applied",
        ),
        pytest.param(
            DB,
            [deployment(), manifest("apps/v1", "Deployment", spec="${S}")],
            "placeholder",
            id="a placeholder is all of a workload",
        ),
    ],
)
def test_cannot_know(selector: str, others: list[str], why: str) -> None:
    answer = ask(policy(selector), *others)

    assert isinstance(answer, CannotKnow)
    assert why in answer.why


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            manifest("acme.io/v1", "Database", namespace="other"), id="a custom resource of another namespace"
        ),
        pytest.param(manifest("cert-manager.io/v1", "Certificate"), id="a custom resource that makes no pods"),
        pytest.param(
            manifest("helm.toolkit.fluxcd.io/v2", "HelmRelease", namespace="other"), id="a chart of another namespace"
        ),
    ],
)
def test_what_gives_no_reason_to_doubt(other: str) -> None:
    assert isinstance(ask(policy(DB), deployment(), other), NoMatch)


def test_a_near_miss_says_enough_in_spite_of_doubts() -> None:
    answer = ask(
        policy("app: wbe"),
        deployment(),
        DATABASE,
        doubts=("a template",),
    )

    assert isinstance(answer, NoMatch)
    assert answer.near


def test_doubts_of_the_scope() -> None:
    documents = (policy(DB), deployment())

    assert ask(*documents, doubts=("a template",)) == CannotKnow("a template")
    assert ask(*documents, doubts=("a template",), environment=WHOLE) == NoMatch(None, 1)


def test_a_patch() -> None:
    cluster = cluster_of(policy(DB), deployment())
    cluster.of(Workload)[0].patched = ALL
    answer = answer_in(cluster)
    assert isinstance(answer, CannotKnow)
    assert "patch" in answer.why

    cluster = cluster_of(policy("app: wbe"), deployment())
    cluster.of(NetworkPolicy)[0].patched = ALL
    assert isinstance(answer_in(cluster), CannotKnow)


def test_a_workload_that_cannot_be_read() -> None:
    broken = load(Source.of("broken.yaml", deployment())).documents[0]
    unread = resource_of(broken.value, Source.of("broken.yaml", deployment()), 0, typed=False)
    answer = answer_in(Cluster((*resources(policy("app: wbe"), deployment()), unread), Environment()))

    assert answer == CannotKnow("Deployment web cannot be read")


VARIANT = CannotKnow("only other.yaml has matching pods, and it is not applied together with this object")


def test_a_variant_has_it() -> None:
    own = resources(policy(DB), deployment())
    other = resources(deployment(labels="app: db"), name="other.yaml")

    assert answer_in(Cluster(own, Environment(), all_resources=AllResources(other))) == VARIANT


@pytest.mark.parametrize(
    ("asked", "pods_in", "expected"),
    [
        pytest.param("podSelector", "p.yaml", NoMatch, id="a file that brings pods is complete"),
        pytest.param("podSelector", "d.yaml", CannotKnow, id="pods of another file"),
        pytest.param("peer", "p.yaml", CannotKnow, id="peers stand in other files"),
    ],
)
def test_a_near_miss_in_its_file_outranks_a_variant(asked: str, pods_in: str, expected: type) -> None:
    asker = policy("app: wbe", peer="podSelector: {matchLabels: {app: wbe}}")
    files = {"p.yaml": together(asker, deployment())}
    if pods_in == "d.yaml":
        files = {"p.yaml": asker, "d.yaml": deployment()}
    own = [each for name, text in files.items() for each in resources(text, name=name)]
    other = resources(deployment(labels="app: wbe"), name="other.yaml")
    cluster = Cluster(tuple(own), Environment(), all_resources=AllResources(other))
    asking = cluster.of(NetworkPolicy)[0]
    (peer,) = (peer for rule in asking.rules() for peer in rule.peers or ())

    answer = answer_in(cluster) if asked == "podSelector" else peer_pods(cluster, asking, peer)
    assert isinstance(answer, expected)


@pytest.mark.parametrize(
    ("label", "near", "elsewhere"),
    [
        pytest.param("app: wbe", "web", NoMatch, id="what is misspelt is in any folder"),
        pytest.param("name: web", "app: web", CannotKnow, id="another key is not"),
        pytest.param("app: queue", None, CannotKnow, id="another application is not"),
    ],
)
def test_files_that_name_no_namespace_are_together_in_one_folder(
    label: str, near: str | None, elsewhere: type[NoMatch | CannotKnow]
) -> None:
    asker = resources(policy(label, namespace=""), name="a/p.yaml")
    other = resources(deployment(namespace=""), name="b/d.yaml")

    assert isinstance(answer_in(Cluster((*asker, *other), Environment())), elsewhere)
    in_one_folder = Cluster((*asker, *resources(deployment(namespace=""), name="a/d.yaml")), Environment())
    applied = Cluster((*asker, *other), Environment(), applied_together=True)
    context = Cluster(asker, Environment(), present=other, context=other)
    for cluster in (in_one_folder, applied, context):
        answer = answer_in(cluster)
        if near is not None:
            assert isinstance(answer, NoMatch)
            assert answer.near is not None
            assert answer.near.replacement == near
        else:
            assert not isinstance(answer, Match)


def test_of_other_files_only_those_show_the_pods_where_others_find_theirs() -> None:
    asker = resources(policy(DB), name="p.yaml")
    there = resources(deployment("web"), deployment("api"), name="d.yaml")
    services = resources(service("web"), service("api"), name="s.yaml")

    assert isinstance(answer_in(Cluster((*asker, *there), Environment())), CannotKnow)
    assert answer_in(Cluster((*asker, *there, *services), Environment())) == NoMatch(None, 2)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        pytest.param("podSelector: {matchLabels: {app: web}}", Match, id="pods of the own namespace"),
        pytest.param("podSelector: {matchLabels: {app: db}}", NoMatch, id="none of the own namespace"),
        pytest.param("namespaceSelector: {matchLabels: {a: b}}", Match, id="any pods of a namespace"),
        pytest.param(
            "namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: {app: db}}",
            CannotKnow,
            id="other namespaces may have the label",
        ),
        pytest.param(
            "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}},"
            " podSelector: {matchLabels: {app: chaced}}",
            NoMatch,
            id="one namespace by its name",
        ),
        pytest.param("ipBlock: {cidr: 10.0.0.0/8}", CannotKnow, id="a peer without selectors"),
    ],
)
def test_peers(peer: str, expected: type) -> None:
    cached = deployment(labels="app: cached", namespace="data")
    cluster = cluster_of(policy(peer=peer), deployment(), cached, namespace("data", "a: b"))
    asker = cluster.of(NetworkPolicy)[0]
    (first,) = (peer for rule in asker.rules() for peer in rule.peers or ())

    assert isinstance(peer_pods(cluster, asker, first), expected)


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        pytest.param("{}", [], Match, id="all namespaces"),
        pytest.param("{matchLabels: {team: a}}", [namespace("a", "team: a")], Match, id="a label that is there"),
        pytest.param("{matchLabels: {kubernetes.io/metadata.name: prod}}", [], Match, id="only named"),
        pytest.param(
            "{matchLabels: {kubernetes.io/metadata.name: nowhere}}", [namespace("prod")], CannotKnow, id="no such"
        ),
        pytest.param("{matchLabels: {team: zoo}}", [], CannotKnow, id="no Namespace at all"),
        pytest.param(
            "{matchLabels: {team: zoo}}", [namespace("prod")], CannotKnow, id="nothing shows that labels count"
        ),
        pytest.param(
            "{matchLabels: {team: zoo}}", [namespace("a")], CannotKnow, id="labels of a named one are not known"
        ),
        pytest.param("{matchLabels: {team: '<team>'}}", [namespace("prod", "team: a")], CannotKnow, id="a placeholder"),
        pytest.param(
            "{matchLabels: {team: zoo}}", [namespace("prod", "team: '${T}'")], CannotKnow, id="a placeholder there"
        ),
        pytest.param("{matchLabels: {openshift.io/x: zoo}}", [namespace("prod")], CannotKnow, id="a platform sets it"),
        pytest.param("{matchLabels: {name: kube-system}}", [namespace("prod")], NoMatch, id="one that is always there"),
        pytest.param(
            "{matchLabels: {team: kube-system}}", [namespace("prod")], CannotKnow, id="one that a platform labels"
        ),
    ],
)
def test_namespaces(wanted: str, others: list[str], expected: type) -> None:
    cluster = cluster_of(policy(selector=wanted), *others)
    asker = cluster.of(NetworkPolicy)[0]
    assert asker.pod_selector is not None

    assert isinstance(namespaces(cluster, asker.pod_selector, asker), expected)


def test_namespaces_of_a_whole_cluster() -> None:
    for wanted in ("{matchLabels: {team: zoo}}", "{matchLabels: {kubernetes.io/metadata.name: nowhere}}"):
        cluster = cluster_of(policy(selector=wanted), namespace("prod"), environment=WHOLE)
        asker = cluster.of(NetworkPolicy)[0]
        assert asker.pod_selector is not None
        assert namespaces(cluster, asker.pod_selector, asker) == NoMatch(None, 1)
