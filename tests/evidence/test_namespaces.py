"""Which namespaces a selector matches: each principle with what it finds, and what it stays silent on."""

from __future__ import annotations

import pytest
from manifests import cluster_of, namespace, policy, resources, service

from k8snetlint.evidence.answers import CannotKnow, Match, NoMatch
from k8snetlint.evidence.namespaces import NamespaceAnswer, namespaces
from k8snetlint.model.all_resources import AllResources
from k8snetlint.model.aspects import ALL
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment, External
from k8snetlint.model.networkpolicy import NetworkPolicy

WHOLE = Environment(whole_cluster=True)


def asking(labels: str, name: str = "p") -> str:
    """Return a policy that allows traffic from namespaces with labels."""
    return policy(name=name, namespace="own", peer=f"namespaceSelector: {{matchLabels: {{{labels}}}}}")


def answer_in(cluster: Cluster) -> NamespaceAnswer:
    """Return what the first policy's peer selects."""
    first = cluster.of(NetworkPolicy)[0]
    (peer,) = (peer for rule in first.rules() for peer in rule.peers or ())
    assert peer.namespace_selector is not None
    return namespaces(cluster, peer.namespace_selector, first)


def ask(*documents: str, environment: Environment | None = None) -> NamespaceAnswer:
    return answer_in(cluster_of(*documents, environment=environment))


def said(answer: NamespaceAnswer) -> tuple[str, str, str] | str | None:
    match answer:
        case NoMatch(near=near):
            return near and (near.kind, near.key, near.replacement)
        case CannotKnow(why=why):
            return why
        case Match(found=found):
            return ", ".join(found.names)


OWN = namespace("own", "team: own")
BY_NAME, SYSTEM = "kubernetes.io/metadata.name: data", "kubernetes.io/metadata.name: kube-system"


@pytest.mark.parametrize(
    ("labels", "others", "expected"),
    [
        pytest.param("name: data", [namespace("data")], ("namespace-name", "name", BY_NAME), id="a name"),
        pytest.param("x.io/ns: data", [namespace("data")], ("namespace-name", "x.io/ns", BY_NAME), id="with a prefix"),
        pytest.param("team: data", [namespace("data")], ("namespace-name", "team", ""), id="any other key"),
        pytest.param("env: prod", [namespace("prod")], "labels of namespace own", id="a stage"),
        pytest.param(
            "env: prod",
            [namespace("prod"), namespace("x", "env: test")],
            ("namespace-name", "env", ""),
            id="a stage under a key that others carry",
        ),
        pytest.param("team: data", [namespace("data"), namespace("x", "team: data")], "x", id="another carries it"),
        pytest.param(
            "team: storefornt", [namespace("x", "team: storefront")], ("misspelt", "team", "storefront"), id="misspelt"
        ),
        pytest.param(
            "name: data", [OWN, namespace("data", "name: '{{ n }}'")], "placeholder", id="its label is not known"
        ),
        pytest.param(
            "name: data",
            [namespace("'{{ team }}'"), namespace("data")],
            ("namespace-name", "name", BY_NAME),
            id="a placeholder elsewhere says nothing about it",
        ),
        pytest.param(
            "name: kube-system",
            [],
            ("namespace-name", "name", SYSTEM),
            id="a system's",
        ),
        pytest.param("team: kube-system", [OWN], "labels of namespace kube-system", id="platforms label it"),
    ],
)
def test_near(labels: str, others: list[str], expected: tuple[str, str, str] | str) -> None:
    found = said(ask(asking(labels), *others))

    assert found == expected if isinstance(expected, tuple) else expected in str(found)


@pytest.mark.parametrize(
    ("labels", "environment", "why"),
    [
        pytest.param("name: '${N}'", Environment(), "the selector contains a placeholder", id="a placeholder"),
        pytest.param(
            "name: data", Environment(external=External(labels=("name=data",))), "is declared external", id="external"
        ),
        pytest.param(
            BY_NAME, Environment(external=External(namespaces=("data",))), "is declared external", id="external by name"
        ),
        pytest.param("openshift.io/name: data", Environment(), "by a platform", id="a label that a platform sets"),
    ],
)
def test_what_a_near_miss_does_not_outrank(labels: str, environment: Environment, why: str) -> None:
    there = namespace("datas") if labels == BY_NAME else namespace("data")

    assert why in str(said(ask(asking(labels), there, environment=environment)))


def test_a_patch_of_the_policy() -> None:
    cluster = cluster_of(asking("name: data"), namespace("data"))
    cluster.of(NetworkPolicy)[0].patched = ALL

    assert answer_in(cluster) == CannotKnow("a patch changes the object")


def test_a_namespace_of_another_scope() -> None:
    """It counts by its name, if all of that name lack the key; one that carries the label is a variant's."""
    own = resources(asking("team: data"), OWN)
    lacks, has = resources(namespace("data"), name="a.yaml"), resources(namespace("data", "team: data"), name="b.yaml")

    assert said(answer_in(Cluster(own, Environment(), all_resources=AllResources((*own, *lacks))))) == (
        "namespace-name",
        "team",
        "",
    )
    answer = answer_in(Cluster(own, Environment(), all_resources=AllResources((*own, *lacks, *has))))
    assert answer == CannotKnow("only b.yaml has a matching Namespace, and it is not applied together with this object")


def platform(defined: int, *more: str, key: str = "team") -> list[str]:
    """Return policies that each ask for one of several namespaces, which carry the label."""
    return [
        *(asking(f"{key}: {letter * 4}", name=letter) for letter in LETTERS[:defined]),
        *(namespace(f"ns-{letter}", f"{key}: {letter * 4}") for letter in LETTERS[:defined]),
        *more,
    ]


LETTERS = "abcdefghijklmnopqrs"
LOST = asking("team: elsewhere", name="lost")


@pytest.mark.parametrize(
    ("documents", "counted"),
    [
        pytest.param(platform(9), (9, 10), id="nine of ten are answered"),
        pytest.param(platform(8), None, id="eight of nine are not enough"),
        pytest.param(platform(19, asking("team: other", name="x")), (19, 21), id="two of many are open"),
        pytest.param(platform(9, asking("team: elsewhere", name="x")), (9, 10), id="two policies ask for it"),
        pytest.param(
            platform(9, asking("team: elsewhere", name="x"), asking("team: elsewhere", name="y")),
            None,
            id="what three ask for exists elsewhere",
        ),
        pytest.param(
            platform(9, *(asking("team: shared", name=name) for name in "xyz")),
            (9, 10),
            id="what many ask for counts on neither side",
        ),
        pytest.param(
            platform(9, service("s", namespace="elsewhere")),
            None,
            id="something lives in a namespace of that name",
        ),
        pytest.param(platform(9, asking("team: '<team>'", name="x")), (9, 10), id="a placeholder does not count"),
    ],
)
def test_counting(documents: list[str], counted: tuple[int, int] | None) -> None:
    answer = ask(LOST, *documents)

    if counted is None:
        assert isinstance(answer, CannotKnow)
    else:
        assert isinstance(answer, NoMatch)
        assert answer.counted
        assert (answer.counted.key, answer.counted.value) == ("team", "elsewhere")
        assert (answer.counted.answered, answer.counted.of) == counted


@pytest.mark.parametrize("right", [11, 12])
def test_a_typo_that_was_copied(right: int) -> None:
    named = "kubernetes.io/metadata.name"
    documents = [
        namespace("storefront"),
        *(asking(f"{named}: storefornt", name=f"wrong{number}") for number in range(2)),
        *(asking(f"{named}: storefront", name=f"right{number}") for number in range(right)),
    ]

    answer = ask(asking(f"{named}: storefornt", name="asker"), *documents)
    # Three ask for what may exist elsewhere, unless four times as many ask for what is one typo away.
    assert isinstance(answer, NoMatch) == (right == 12)
    assert not isinstance(answer, NoMatch) or (answer.near and answer.near.replacement == "storefront")


def test_counting_names() -> None:
    """The label that all namespaces have is counted like any other."""
    named = "kubernetes.io/metadata.name"
    documents = [
        *(asking(f"{named}: ns-{letter}", name=letter) for letter in LETTERS),
        *(namespace(f"ns-{letter}") for letter in LETTERS),
    ]

    answer = ask(asking(f"{named}: elsewhere", name="lost"), *documents)
    assert isinstance(answer, NoMatch)
    assert answer.counted == (named, "elsewhere", 19, 20)


def test_counting_all_values_of_a_list() -> None:
    listed = "{matchExpressions: [{key: team, operator: In, values: [elsewhere, nowhere]}]}"
    open_ = policy(namespace="own", peer=f"namespaceSelector: {listed}")
    used = service("s", namespace="nowhere")

    assert isinstance(ask(open_, *platform(19)), NoMatch)
    assert isinstance(ask(open_, *platform(19, used)), CannotKnow)


def test_a_base_of_many_overlays_asks_once() -> None:
    """Counted is over the run, policies as they are written."""
    own = resources(LOST, *platform(9))
    overlays = [Cluster(own, Environment(), all_resources=AllResources(own)) for _ in range(4)]

    for cluster in overlays:
        answer = answer_in(cluster)
        assert isinstance(answer, NoMatch)
        assert answer.counted


@pytest.mark.parametrize(
    ("documents", "environment", "expected"),
    [
        pytest.param([], Environment(), "the manifests define no Namespace", id="no Namespace at all"),
        pytest.param([namespace("x", "team: x")], Environment(), "labels of namespace own", id="one is only named"),
        pytest.param([OWN], Environment(), "no other namespaceSelector matches", id="labels may not count"),
        pytest.param([OWN], WHOLE, None, id="the whole cluster"),
        pytest.param([OWN, namespace("'${T}'")], WHOLE, "changes Namespace ${T}", id="an odd one"),
    ],
)
def test_why_nobody_knows(documents: list[str], environment: Environment, expected: str | None) -> None:
    found = said(ask(asking("team: zoological"), *documents, environment=environment))

    assert found is None if expected is None else expected in str(found)


def test_doubts_of_the_scope() -> None:
    documents = (asking("team: zoological"), OWN, namespace("x", "team: x"), asking("team: x", name="q"))

    assert answer_in(cluster_of(*documents, doubts=("a template",))) == CannotKnow("a template")
    assert answer_in(cluster_of(*documents)) == NoMatch(None, 2)
