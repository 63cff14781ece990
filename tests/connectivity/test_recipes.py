"""The classic recipes of NetworkPolicies, explained as their pages say.

Source: https://github.com/ahmetb/kubernetes-network-policy-recipes (Apache-2.0). Each test builds the pods that the
page of its recipe describes, and reads the policies of the page from K8SNETLINT_CORPUS.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from manifests import cluster_of, namespace, pod

from k8snetlint.connectivity.answers import answers, ends_of, ends_of_destination
from k8snetlint.connectivity.destinations import find_destination, parse_destination
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.query import parse_peer
from k8snetlint.model.environment import Environment

CORPUS = os.environ.get("K8SNETLINT_CORPUS", "")
pytestmark = pytest.mark.skipif(not CORPUS, reason="K8SNETLINT_CORPUS names no folder of manifests")
_NAMESPACES = {
    "default": "",
    "prod": "purpose: production",
    "dev": "purpose: testing",
    "other": "team: operations",
    "kube-system": "",
}
_PODS = {
    "default/web": "app: web",
    "default/client": "run: client",
    "default/api": "app: bookstore, role: api",
    "default/frontend": "app: bookstore, role: frontend",
    "default/search": "app: bookstore, role: search",
    "default/db": "app: bookstore, role: db",
    "default/inventory": "app: inventory, role: web",
    "default/foo": "app: foo",
    "default/apiserver": "app: apiserver",
    "default/monitoring": "role: monitoring, type: monitoring",
    "prod/client": "run: client",
    "dev/client": "run: client",
    "other/client": "run: client",
    "other/monitoring": "type: monitoring",
    "kube-system/coredns": "k8s-app: kube-dns",
}


@pytest.mark.parametrize(
    ("recipe", "questions"),
    [
        pytest.param(
            "01-*",
            {"default/client default/web:80": "denied", "internet default/web:80": "denied"},
            id="deny all traffic to an application",
        ),
        pytest.param(
            "02-*",
            {"default/frontend default/api:80": "allowed", "default/client default/api:80": "denied"},
            id="limit traffic to an application",
        ),
        pytest.param(
            "02a-*",
            {"default/client default/web:80": "allowed", "dev/client default/web": "allowed"},
            id="allow all traffic to an application",
        ),
        pytest.param(
            "03-*",
            {"default/client default/web:80": "denied", "dev/client default/api": "denied"},
            id="deny all traffic that is not listed in the namespace",
        ),
        pytest.param(
            "04-*",
            {"dev/client default/web:80": "denied", "default/client default/web:80": "allowed"},
            id="deny traffic from other namespaces",
        ),
        pytest.param(
            "05-*",
            {"dev/client default/web:80": "allowed", "internet default/web:80": "denied"},
            id="allow traffic from all namespaces",
        ),
        pytest.param(
            "06-*",
            {"dev/client default/web:80": "denied", "prod/client default/web:80": "allowed"},
            id="allow traffic from a namespace",
        ),
        pytest.param(
            "07-*",
            {
                "default/monitoring default/web:80": "denied",
                "other/client default/web:80": "denied",
                "other/monitoring default/web:80": "allowed",
            },
            id="allow traffic from some pods in another namespace",
        ),
        pytest.param(
            "08-*",
            {"internet default/web:80": "allowed", "dev/client default/web:80": "allowed"},
            id="allow external traffic",
        ),
        pytest.param(
            "09-*",
            {
                "default/monitoring default/apiserver:5000": "allowed",
                "default/monitoring default/apiserver:8000": "denied",
                "default/client default/apiserver:5000": "denied",
            },
            id="allow traffic only to a port",
        ),
        pytest.param(
            "10-*",
            {
                "default/inventory default/db:6379": "allowed",
                "default/search default/db:6379": "allowed",
                "default/api default/db:6379": "allowed",
                "default/client default/db:6379": "denied",
            },
            id="allow traffic from several selectors",
        ),
        pytest.param(
            "11-*00.L24*",
            {"default/foo default/web:80": "denied", "default/foo kube-system/coredns:53/UDP": "denied"},
            id="deny egress from an application",
        ),
        pytest.param(
            "11-*01.L74*",
            {"default/foo default/web:80": "denied", "default/foo kube-system/coredns:53/UDP": "allowed"},
            id="deny egress from an application but DNS",
        ),
        pytest.param(
            "12-*",
            {"default/client default/web:80": "denied", "default/client internet:443": "denied"},
            id="deny all egress that is not listed in the namespace",
        ),
        pytest.param(
            "14-*",
            {
                "default/foo internet:80": "denied",
                "default/foo kube-system/coredns:53": "allowed",
                "default/client internet:80": "allowed",
            },
            id="deny external egress",
        ),
    ],
)
def test_recipes(recipe: str, questions: dict[str, str]) -> None:
    folder = Path(CORPUS) / "ahmetb+kubernetes-network-policy-recipes"
    (policies,) = sorted(folder.glob(f"{recipe}.yaml"))
    namespaces = [namespace(name, labels) for name, labels in _NAMESPACES.items()]
    pods = [pod(name.rpartition("/")[2], labels, namespace=name.partition("/")[0]) for name, labels in _PODS.items()]
    # Where a recipe names no namespace, it is applied to the default one.
    environment = Environment(whole_cluster=True, namespace="default")
    connectivity = Connectivity(
        cluster_of(*namespaces, *pods, policies.read_text(encoding="utf-8"), environment=environment)
    )

    for question, verdict in questions.items():
        source, _, to = question.partition(" ")
        destination = find_destination(connectivity, parse_destination(to))
        (answer,) = answers(
            connectivity,
            ends_of(connectivity, parse_peer(source)),
            ends_of_destination(connectivity, destination),
            destination,
        )
        explanation = answer.explanation
        assert [str(each) for each, _ in answer.verdicts()] == [verdict], question
        directions = (explanation.egress, explanation.ingress)
        rules = [rule for each in directions for one in each.policies for rule in one.rules]
        if verdict == "denied":
            # Some policy isolates an end, and each of its rules says what it lacks.
            assert any(each.policies and not any(each.possible) for each in directions), question
        else:
            isolated = any(each.policies for each in directions)
            assert not isolated or any(rule.allowed == explanation.ports for rule in rules), question
