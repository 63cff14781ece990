"""The index answers as comparing each selector with each workload does, on thousands of random scopes."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from naive import cluster as naive_cluster
from naive import evidence as naive
from naive.beside import AllResources as NaiveBeside
from scopes import parts

from k8snetlint.evidence.answers import NAMESPACE_NAME, CannotKnow, Match, NoMatch, Suggestion
from k8snetlint.evidence.namespaces import namespaces
from k8snetlint.evidence.pods import peer_pods, pods
from k8snetlint.model.all_resources import AllResources
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.index import NamespaceSet
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

SCOPES = 500
"""In each of the tests below, which run one after the other."""


SHORT = {
    "the manifests contain no workload in namespace .*": "no workload",
    "the manifests contain no workload in this namespace, whose name is not known": "no workload",
    ".*, which is not applied together with this object": "no workload",
    ".* may define the pods, but is not applied together with this object": "a variant",
    "only .* has (matching pods|a matching Namespace), and it is not applied .*": "only in a variant",
}
"""What reasons have in common, whatever they name."""


def said(answer: Any) -> Any:
    """Return an answer as a value that does not tell by whom it was given."""
    match answer:
        case Match() | naive.Match():
            found = answer.found
            names = found.names if isinstance(found, NamespaceSet) else found
            return "match", frozenset(each if isinstance(each, str) else id(each) for each in names)
        case NoMatch() | naive.NoMatch():
            near = answer.near
            kind = near and {"unused-key": "missing-label"}.get(near.kind, near.kind)
            replacement = near and (near.replacement if isinstance(near, Suggestion) else near.meant)
            return "no match", near and (kind, near.key, near.value, replacement), answer.of
        case CannotKnow() | naive.CannotKnow():
            # Of several workloads any is named, and the naive evidence does not look for them in other scopes.
            why = re.split(": | changes (?!Namespace)", answer.why)[0]
            return "cannot know", next((short for text, short in SHORT.items() if re.fullmatch(text, why)), why)
    raise AssertionError(answer)


def differs_on_purpose(expected: Any, actual: Any, question: str) -> bool:
    """Tell whether something is judged by principles that the naive evidence does not have.

    The pods of a file outrank what a variant elsewhere holds, for its own Services and policies.

    A Namespace that is called by the wanted value counts whatever the key, values under one key are counted, an odd
    Namespace is no reason to say nothing about the others, and those who ask for a namespace's label are counted over
    the run, without those who ask for pods.
    """
    if expected[0] == "match" or actual[0] == "match":
        return False
    if expected == ("cannot know", "only in a variant"):
        return True
    if expected == ("cannot know", "a variant") and question.startswith(("Service", "NetworkPolicy")):
        return True
    if question.startswith("Service") and actual[0] == "no match" and actual[1]:
        # A Service may be called by the label of its pods, or by a part of it.
        silent = expected[0] == "cannot know" or not expected[1]
        if silent and actual[1][0] in ("misspelt", "object-name"):
            return True
    if actual[0] == "no match" and actual[1] and actual[1][0] == "different-pods":
        return expected[0] == "cannot know" or not expected[1]
    near, before = (each[1] if each[0] == "no match" else None for each in (actual, expected))
    if near and before and before[0] == "object-name" and near[0] in ("object-name", "missing-label"):
        # What is asked for already is not suggested.
        return bool(near[1:3] == before[1:3])
    if actual[0] == "no match" and actual[1]:
        near_by_name = actual[1][0] == NAMESPACE_NAME
        return near_by_name or (expected[0] == "cannot know" and "amespace" in expected[1])
    if expected[0] == "no match" and expected[1]:
        return bool(expected[1][0] == "misspelt" and actual[0] == "cannot know" and "amespace" in actual[1])
    odd = "a patch changes Namespace|a placeholder stands in Namespace"
    return expected[0] == "cannot know" and re.match(odd, expected[1]) is not None


def answers(seed: int) -> Iterator[tuple[Any, Any, str]]:
    """Yield what both say of every question of a random scope, and what was asked."""
    made = parts(Random(seed))  # noqa: S311 - repeatable on purpose
    more: dict[str, Any] = made._asdict()
    resources, environment, others = (more.pop(name) for name in ("resources", "environment", "others"))
    cluster = Cluster(resources, environment, all_resources=AllResources(others) if others else None, **more)
    every = NaiveBeside(others) if others else None
    old = naive_cluster.Cluster(resources, environment, all_=every, **more)
    for service in cluster.of(Service):
        if service.selector:
            selector = service.label_selector
            yield (
                said(naive.pods(old, selector, service, service.at("spec"))),
                said(pods(cluster, service)),
                f"{service} {service.selector}",
            )
    for policy in cluster.of(NetworkPolicy):
        if policy.pod_selector is not None:
            at = policy.at("spec")
            expected = said(naive.pods(old, policy.pod_selector, policy, at))
            yield expected, said(pods(cluster, policy)), f"{policy} {policy.pod_selector}"
        for peer in (peer for rule in policy.rules() for peer in rule.peers or ()):
            if peer.namespace_selector is not None:
                expected = said(naive.namespaces(old, peer.namespace_selector, policy, peer.place))
                yield expected, said(namespaces(cluster, peer.namespace_selector, policy)), f"{policy} {peer.place}"
            yield said(naive.peer_pods(old, policy, peer)), said(peer_pods(cluster, policy, peer)), str(peer.place)


@pytest.mark.parametrize("first", range(0, 4000, SCOPES))
def test_same_answers(first: int) -> None:
    for seed in range(first, first + SCOPES):
        for expected, actual, question in answers(seed):
            if not differs_on_purpose(expected, actual, question):
                assert actual == expected, f"seed {seed}: {question}"


def test_the_scopes_hold_every_kind_of_answer() -> None:
    kinds = Counter(
        (expected[0], expected[1][0] if expected[0] == "no match" and expected[1] else None)
        for seed in range(300)
        for expected, _, _ in answers(seed)
    )

    assert min(kinds["match", None], kinds["cannot know", None], kinds["no match", None]) > 50
    for near in ("misspelt", "other-key", "object-name", "object-labels", "missing-label", "other-namespace"):
        assert kinds["no match", near] > 3, near
