"""Which pods of its namespace a policy selects, and how certain that is."""

from __future__ import annotations

import pytest
from manifests import cluster_of, deployment, pod, policy, resources

from k8snetlint.evidence.subjects import subjects
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.networkpolicy import NetworkPolicy

WORKLOADS = (
    deployment("web"),
    deployment("changed", "app: web, tier: '${TIER}'"),
    deployment("node", "app: web", pod="hostNetwork: true"),
    deployment("db"),
    deployment("away", "app: web", namespace="test"),
)
ALL_HERE = {"web", "changed", "node", "db"}


def names(selector: str) -> list[set[str | None]]:
    """Return the names of the workloads that match, that are certain, and that are possible."""
    cluster = cluster_of(*WORKLOADS, policy(selector=selector))
    (subject,) = cluster.of(NetworkPolicy)
    return [{each.name for each in cluster.index.workloads.of(bits)} for bits in subjects(cluster, subject)]


@pytest.mark.parametrize(
    ("selector", "matching", "certain", "possible"),
    [
        pytest.param("{}", ALL_HERE, ALL_HERE - {"node"}, ALL_HERE - {"node"}, id="every pod, whatever its labels"),
        pytest.param("null", ALL_HERE, ALL_HERE - {"node"}, ALL_HERE - {"node"}, id="null selects every pod"),
        pytest.param(
            "{matchLabels: {app: web}}",
            {"web", "changed", "node"},
            {"web"},
            {"web", "changed"},
            id="pods whose labels are not known are possible only",
        ),
        pytest.param("{matchLabels: {app: db}}", {"db"}, {"db"}, {"db", "changed"}, id="they may have other labels"),
        pytest.param(
            "{matchLabels: {app: db, pod-template-hash: 5d9c7}}",
            {"db"},
            set(),
            {"db", "changed"},
            id="a label that a controller adds is one pod of several",
        ),
        pytest.param(
            "{matchLabels: {app: '${APP}'}}", set(), set(), ALL_HERE - {"node"}, id="a placeholder may be any label"
        ),
    ],
)
def test_subjects(selector: str, matching: set[str], certain: set[str], possible: set[str]) -> None:
    assert names(selector) == [matching, certain, possible]


@pytest.mark.parametrize(("folder", "is_certain"), [("shop", True), ("cache", False)])
def test_files_of_another_folder_may_be_of_another_namespace(folder: str, *, is_certain: bool) -> None:
    policies = resources(policy(namespace=""), name="shop/policy.yaml")
    pods = resources(pod("web", namespace=""), name=f"{folder}/pod.yaml")
    cluster = Cluster((*policies, *pods), Environment())
    (subject,) = cluster.of(NetworkPolicy)
    assert bool(subjects(cluster, subject).certain) is is_certain
    assert subjects(cluster, subject).possible
