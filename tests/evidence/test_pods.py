"""Which pods and namespaces match, when nothing does, and when the manifests do not tell."""

from __future__ import annotations

from typing import Any

import pytest

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.pods import PodAnswer, peer_pods, pods
from k8snetlint.model.all_resources import AllResources
from k8snetlint.model.aspects import ALL
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.model.workload import Workload
from k8snetlint.source.document import Source
from k8snetlint.source.load import load


def resources(text: str, name: str = "test.yaml") -> list[Resource]:
    source = Source.of(name, text)
    return [resource_of(each.value, source, each.index) for each in load(source).documents]


def plain(text: str) -> dict[str, Any]:
    value = load(Source.of("test.yaml", text)).documents[0].value
    assert isinstance(value, dict)
    return value


def deployment(labels: str = "app: web", *, namespace: str = ", namespace: prod", kind: str = "Deployment") -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web{namespace}}}\n"
        f"spec: {{template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: a, image: b}}]}}}}}}\n"
    )


def policy(selector: str, *, namespace: str = ", namespace: prod", peer: str = "{}") -> str:
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{namespace}}}\n"
        f"spec: {{podSelector: {selector}, ingress: [{{from: [{peer}]}}]}}\n"
    )


def ask(*documents: str, environment: Environment | None = None, doubts: tuple[str, ...] = ()) -> PodAnswer:
    """Ask for the pods of the first policy."""
    found = resources("---\n".join(documents))
    cluster = Cluster(tuple(found), environment or Environment(), doubts=doubts)
    return answer_in(cluster)


def answer_in(cluster: Cluster) -> PodAnswer:
    asker = cluster.of(NetworkPolicy)[0]
    assert asker.pod_selector is not None
    return pods(cluster, asker)


WHOLE = Environment(whole_cluster=True)
DB = "{matchLabels: {app: db}}"


def custom(group: str, kind: str, namespace: str = "prod") -> str:
    return f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: x, namespace: {namespace}}}\n"


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
    answer = ask(policy(selector), deployment(labels))

    assert isinstance(answer, Match)
    assert [each.name for each in answer.found] == ["web"]


def test_no_match_counts_what_was_looked_at() -> None:
    assert ask(policy(DB), deployment(), deployment("app: api")) == NoMatch(None, 2)


@pytest.mark.parametrize(
    ("selector", "others", "why"),
    [
        pytest.param(DB, [], "no workload", id="no workload at all"),
        pytest.param(DB, [deployment(namespace=", namespace: other")], "no workload", id="none in the namespace"),
        pytest.param("{matchLabels: {app: '${APP}'}}", [deployment()], "placeholder", id="a placeholder is asked for"),
        pytest.param(DB, [deployment("app: '{{ app }}'")], "placeholder", id="a placeholder is among the labels"),
        pytest.param("{matchLabels: {app: rook-ceph-mon}}", [deployment()], "operator", id="an operator's label"),
        pytest.param("{matchLabels: {cnpg.io/cluster: a}}", [deployment()], "operator", id="an operator's key"),
        pytest.param("{matchLabels: {role: master}}", [deployment()], "while they run", id="a role"),
        pytest.param("{matchLabels: {vault-active: 'true'}}", [deployment()], "while they run", id="set by the pod"),
        pytest.param(DB, [deployment(), custom("acme.io", "Database")], "may make pods", id="a custom resource"),
        pytest.param(
            DB, [deployment(), custom("helm.toolkit.fluxcd.io", "HelmRelease")], "brings", id="a chart is applied"
        ),
        pytest.param(
            DB,
            [deployment(), "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, namespace: prod}\nspec: ${S}\n"],
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
        pytest.param(custom("acme.io", "Database", "other"), id="a custom resource of another namespace"),
        pytest.param(custom("cert-manager.io", "Certificate"), id="a custom resource that makes no pods"),
        pytest.param(custom("helm.toolkit.fluxcd.io", "HelmRelease", "other"), id="a chart of another namespace"),
    ],
)
def test_what_gives_no_reason_to_doubt(other: str) -> None:
    assert isinstance(ask(policy(DB), deployment(), other), NoMatch)


def test_a_near_miss_says_enough_in_spite_of_doubts() -> None:
    answer = ask(
        policy("{matchLabels: {app: wbe}}"),
        deployment(),
        custom("acme.io", "Database"),
        doubts=("a template",),
    )

    assert isinstance(answer, NoMatch)
    assert answer.near


def test_doubts_of_the_scope() -> None:
    documents = (policy(DB), deployment())

    assert ask(*documents, doubts=("a template",)) == CannotKnow("a template")
    assert ask(*documents, doubts=("a template",), environment=WHOLE) == NoMatch(None, 1)


def test_a_patch() -> None:
    cluster = Cluster(tuple(resources(policy(DB) + "---\n" + deployment())), Environment())
    cluster.of(Workload)[0].patched = ALL
    answer = answer_in(cluster)
    assert isinstance(answer, CannotKnow)
    assert "patch" in answer.why

    cluster = Cluster(tuple(resources(policy("{matchLabels: {app: wbe}}") + "---\n" + deployment())), Environment())
    cluster.of(NetworkPolicy)[0].patched = ALL
    assert isinstance(answer_in(cluster), CannotKnow)


def test_a_workload_that_cannot_be_read() -> None:
    text = policy("{matchLabels: {app: wbe}}") + "---\n" + deployment()
    broken = load(Source.of("broken.yaml", deployment())).documents[0]
    unread = resource_of(broken.value, Source.of("broken.yaml", deployment()), 0, typed=False)
    answer = answer_in(Cluster((*resources(text), unread), Environment()))

    assert answer == CannotKnow("Deployment web cannot be read")


VARIANT = CannotKnow("it matches only in a variant: other.yaml")


def test_a_variant_has_it() -> None:
    own = resources(policy(DB) + "---\n" + deployment())
    other = resources(deployment("app: db"), "other.yaml")

    assert answer_in(Cluster(tuple(own), Environment(), all_resources=AllResources(other))) == VARIANT


@pytest.mark.parametrize(
    ("asked", "pods_in", "expected"),
    [
        pytest.param("podSelector", "p.yaml", NoMatch, id="a file that brings pods is complete"),
        pytest.param("podSelector", "d.yaml", CannotKnow, id="pods of another file"),
        pytest.param("peer", "p.yaml", CannotKnow, id="peers stand in other files"),
    ],
)
def test_a_near_miss_in_its_file_outranks_a_variant(asked: str, pods_in: str, expected: type) -> None:
    wanted = "{matchLabels: {app: wbe}}"
    asker = resources(policy(wanted, peer=f"{{podSelector: {wanted}}}"), "p.yaml")
    there = [resource_of({**plain(deployment())}, asker[0].source if pods_in == "p.yaml" else Source.of("d", ""), 1)]
    other = resources(deployment("app: wbe"), "other.yaml")
    cluster = Cluster((*asker, *there), Environment(), all_resources=AllResources(other))
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
    asker = resources(policy(f"{{matchLabels: {{{label}}}}}", namespace=""), "a/p.yaml")
    other = resources(deployment(namespace=""), "b/d.yaml")

    assert isinstance(answer_in(Cluster((*asker, *other), Environment())), elsewhere)
    in_one_folder = Cluster((*asker, *resources(deployment(namespace=""), "a/d.yaml")), Environment())
    together = Cluster((*asker, *other), Environment(), applied_together=True)
    context = Cluster(tuple(asker), Environment(), present=tuple(other), context=tuple(other))
    for cluster in (in_one_folder, together, context):
        answer = answer_in(cluster)
        if near is not None:
            assert isinstance(answer, NoMatch)
            assert answer.near is not None
            assert answer.near.replacement == near
        else:
            assert not isinstance(answer, Match)


def test_of_other_files_only_those_show_the_pods_where_others_find_theirs() -> None:
    asker = resources(policy(DB), "p.yaml")
    there = resources(deployment() + "---\n" + deployment("app: api"), "d.yaml")
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {0}, namespace: prod}}\nspec: {{selector: {{app: {0}}}}}\n"
    )
    services = resources("---\n".join(service.format(each) for each in ("web", "api")), "s.yaml")

    assert isinstance(answer_in(Cluster((*asker, *there), Environment())), CannotKnow)
    assert answer_in(Cluster((*asker, *there, *services), Environment())) == NoMatch(None, 2)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        pytest.param("{podSelector: {matchLabels: {app: web}}}", Match, id="pods of the own namespace"),
        pytest.param("{podSelector: {matchLabels: {app: db}}}", NoMatch, id="none of the own namespace"),
        pytest.param("{namespaceSelector: {matchLabels: {a: b}}}", Match, id="any pods of a namespace"),
        pytest.param(
            "{namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: {app: db}}}",
            CannotKnow,
            id="other namespaces may have the label",
        ),
        pytest.param(
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}},"
            " podSelector: {matchLabels: {app: chaced}}}",
            NoMatch,
            id="one namespace by its name",
        ),
        pytest.param("{ipBlock: {cidr: 10.0.0.0/8}}", CannotKnow, id="a peer without selectors"),
    ],
)
def test_peers(peer: str, expected: type) -> None:
    text = "---\n".join(
        [
            policy("{}", peer=peer),
            deployment(),
            deployment("app: cached", namespace=", namespace: data"),
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: data, labels: {a: b}}\n",
        ]
    )
    cluster = Cluster(tuple(resources(text)), Environment())
    asker = cluster.of(NetworkPolicy)[0]
    (first,) = (peer for rule in asker.rules() for peer in rule.peers or ())

    assert isinstance(peer_pods(cluster, asker, first), expected)


@pytest.mark.parametrize(
    ("wanted", "others", "expected"),
    [
        pytest.param("{}", [], Match, id="all namespaces"),
        pytest.param("{matchLabels: {team: a}}", ["a: {team: a}"], Match, id="a label that is there"),
        pytest.param("{matchLabels: {kubernetes.io/metadata.name: prod}}", [], Match, id="only named"),
        pytest.param("{matchLabels: {kubernetes.io/metadata.name: nowhere}}", ["prod: {}"], CannotKnow, id="no such"),
        pytest.param("{matchLabels: {team: zoo}}", [], CannotKnow, id="no Namespace at all"),
        pytest.param("{matchLabels: {team: zoo}}", ["prod: {}"], CannotKnow, id="nothing shows that labels count"),
        pytest.param("{matchLabels: {team: zoo}}", ["a: {}"], CannotKnow, id="labels of a named one are not known"),
        pytest.param("{matchLabels: {team: '<team>'}}", ["prod: {team: a}"], CannotKnow, id="a placeholder"),
        pytest.param("{matchLabels: {team: zoo}}", ["prod: {team: '${T}'}"], CannotKnow, id="a placeholder there"),
        pytest.param("{matchLabels: {openshift.io/x: zoo}}", ["prod: {}"], CannotKnow, id="a platform sets it"),
        pytest.param("{matchLabels: {name: kube-system}}", ["prod: {}"], NoMatch, id="one that is always there"),
        pytest.param("{matchLabels: {team: kube-system}}", ["prod: {}"], CannotKnow, id="one that a platform labels"),
    ],
)
def test_namespaces(wanted: str, others: list[str], expected: type) -> None:
    cluster = spaces_of(wanted, others, Environment())
    asker = cluster.of(NetworkPolicy)[0]
    assert asker.pod_selector is not None

    assert isinstance(namespaces(cluster, asker.pod_selector, asker), expected)


def test_namespaces_of_a_whole_cluster() -> None:
    for wanted in ("{matchLabels: {team: zoo}}", "{matchLabels: {kubernetes.io/metadata.name: nowhere}}"):
        cluster = spaces_of(wanted, ["prod: {}"], WHOLE)
        asker = cluster.of(NetworkPolicy)[0]
        assert asker.pod_selector is not None
        assert namespaces(cluster, asker.pod_selector, asker) == NoMatch(None, 1)


def spaces_of(wanted: str, others: list[str], environment: Environment) -> Cluster:
    texts = [policy(wanted)]
    for each in others:
        name, labels = each.split(": ", 1)
        texts.append(f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}}}\n")
    return Cluster(tuple(resources("---\n".join(texts))), environment)
