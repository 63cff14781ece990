"""How kustomizations change the objects that they include."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import deployment

from k8snetlint.scope.kustomization import Kustomization
from k8snetlint.scope.transform import UNCHANGED, Transforms
from k8snetlint.source.marked_parser import parse

COMMON = "commonLabels: {team: a}\n"
SELECTORS = "labels: [{pairs: {team: a}, includeSelectors: true}]\n"
TEMPLATES = "labels: [{pairs: {team: a}, includeTemplates: true}]\n"
PAIRS = "labels: [{pairs: {team: a}}]\n"
DEPLOYMENT = deployment(namespace="")
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: client}}
    - podSelector: {}
    - namespaceSelector: {matchLabels: {name: x}}
"""


def value_of(text: str) -> dict[str, Any]:
    value = parse(text)[0]
    assert isinstance(value, dict)
    return value


def through(text: str, *kustomized: str) -> dict[str, Any]:
    """Return an object after kustomizations, the innermost first."""
    transforms, transform = Transforms(), UNCHANGED
    for each in reversed(kustomized):
        transform = transforms.compose(transform, Kustomization(value_of("kind: Kustomization\n" + each), "app"))
    return transform.apply(value_of(text))


def at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[int(step) if step.isdecimal() else step]
    return value


def test_nothing_to_change_gives_the_same_object() -> None:
    transforms, web = Transforms(), value_of(DEPLOYMENT)
    for text in ("resources: [a.yaml]\n", "commonLabels: {app: web}\n", "commonLabels: {}\n"):
        changed = transforms.compose(UNCHANGED, Kustomization(value_of(text), "app")).apply(web)
        assert changed["spec"] is web["spec"]
    assert transforms.compose(UNCHANGED, Kustomization(value_of("resources: [a.yaml]\n"), "app")) is UNCHANGED
    assert UNCHANGED.apply(web) is web


@pytest.mark.parametrize("labels", [COMMON, SELECTORS])
@pytest.mark.parametrize(
    ("text", "path", "wanted"),
    [
        pytest.param(DEPLOYMENT, "metadata.labels", {"team": "a"}, id="its own labels"),
        pytest.param(DEPLOYMENT, "spec.selector.matchLabels", {"app": "web", "team": "a"}, id="a selector"),
        pytest.param(DEPLOYMENT, "spec.template.metadata.labels", {"app": "web", "team": "a"}, id="a template"),
        pytest.param(
            "{apiVersion: apps/v1, kind: Deployment, spec: {template: {}}}",
            "spec.selector.matchLabels",
            {"team": "a"},
            id="a selector that is not written",
        ),
        pytest.param(
            "{apiVersion: v1, kind: Service, spec: {}}", "spec.selector", {"team": "a"}, id="that of a Service"
        ),
        pytest.param(
            "{apiVersion: v1, kind: ReplicationController, spec: {template: {}}}",
            "spec.selector",
            {"team": "a"},
            id="that of a ReplicationController",
        ),
        pytest.param(
            "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {}}}",
            "spec.jobTemplate.spec.template.metadata.labels",
            {"team": "a"},
            id="the pods of a CronJob",
        ),
        pytest.param(
            "{apiVersion: batch/v1, kind: Job, spec: {selector: {}}}", "spec.selector", {}, id="no selector of a Job"
        ),
        pytest.param(
            "{apiVersion: v1, kind: Pod, metadata: {labels: {app: a}}}",
            "metadata.labels",
            {"app": "a", "team": "a"},
            id="a pod carries its labels itself",
        ),
        pytest.param(POLICY, "spec.podSelector.matchLabels", {"app": "web", "team": "a"}, id="a policy"),
        pytest.param(
            POLICY,
            "spec.ingress.0.from",
            [
                {"podSelector": {"matchLabels": {"app": "client", "team": "a"}}},
                {"podSelector": {}},
                {"namespaceSelector": {"matchLabels": {"name": "x"}}},
            ],
            id="peers, but no empty selector and none of namespaces",
        ),
    ],
)
def test_labels_reach_selectors_and_templates(labels: str, text: str, path: str, wanted: object) -> None:
    assert at(through(text, labels), path) == wanted


def test_an_object_is_not_changed_in_place() -> None:
    before = value_of(POLICY)
    kustomization = Kustomization(value_of(COMMON + "namePrefix: a-\nnamespace: b\n"), "app")

    Transforms().compose(UNCHANGED, kustomization).apply(before)

    assert before == value_of(POLICY)


def test_labels_may_reach_templates_only_or_nothing() -> None:
    web, plain = through(DEPLOYMENT, TEMPLATES), through(DEPLOYMENT, PAIRS)
    assert at(web, "spec.template.metadata.labels") == {"app": "web", "team": "a"}
    assert at(web, "spec.selector.matchLabels") == {"app": "web"}
    assert at(plain, "spec.template.metadata.labels") == {"app": "web"}
    assert at(plain, "metadata.labels") == {"team": "a"}


def test_labels_reach_the_fields_that_are_named() -> None:
    fields = "{path: spec/template/metadata/labels, create: true, kind: Rollout}"
    labels = f"labels: [{{pairs: {{team: a}}, fields: [{fields}]}}]\n"
    rollout = through("{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {}}", labels)

    assert at(rollout, "spec.template.metadata.labels") == {"team": "a"}
    assert "template" not in through("{apiVersion: a.io/v1, kind: Other, spec: {}}", labels)["spec"]


def test_what_is_set_outside_wins() -> None:
    inner = "namespace: one\ncommonLabels: {team: a, only: inner}\n"
    outer = "namespace: two\ncommonLabels: {team: b}\n"
    web = through(DEPLOYMENT, inner, outer)

    assert web["metadata"] == {"name": "web", "namespace": "two", "labels": {"team": "b", "only": "inner"}}


def test_common_labels_come_after_labels() -> None:
    both = "commonLabels: {team: common}\n" + PAIRS

    assert through(DEPLOYMENT, both)["metadata"]["labels"] == {"team": "common"}


def test_labels_that_were_added_together_change_together() -> None:
    outer = "labels: [{pairs: {team: b}}]\n"

    added, written = (
        through(DEPLOYMENT, COMMON, outer),
        through(DEPLOYMENT.replace("app: web", "team: x"), COMMON, outer),
    )

    # Not by intention: kustomize keeps one node for them.
    assert at(added, "spec.selector.matchLabels.team") == "b"
    assert at(added, "spec.template.metadata.labels.team") == "b"
    assert at(written, "spec.selector.matchLabels.team") == "a"
    assert at(written, "metadata.labels.team") == "b"


def test_names_and_namespaces() -> None:
    web = through(DEPLOYMENT, "namePrefix: in-\n", "namespace: prod\nnamePrefix: a-\nnameSuffix: -z\n")
    assert web["metadata"] == {"namespace": "prod", "name": "a-in-web-z"}

    namespace = through("{apiVersion: v1, kind: Namespace, metadata: {name: a}}", "namespace: prod\nnamePrefix: a-\n")
    assert namespace["metadata"] == {"name": "prod"}

    role = through("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {}}", "namespace: prod\n")
    assert role["metadata"] == {}


@pytest.mark.parametrize("metadata", ["[]", "web", "8"])
def test_what_has_no_metadata_stays(metadata: str) -> None:
    text = f"{{apiVersion: v1, kind: Service, metadata: {metadata}}}"

    assert through(text, "namespace: a\nnamePrefix: b-\n" + PAIRS) == value_of(text)


def test_equal_transforms_are_one() -> None:
    transforms = Transforms()
    one, other = (
        transforms.compose(UNCHANGED, Kustomization(value_of(COMMON + "namespace: a\nnamePrefix: b-\n"), folder))
        for folder in ("one", "two")
    )
    outer = Kustomization(value_of("commonLabels: {team: z}\nnamespace: z\n"), "outer")

    assert one is other
    # What an outer kustomization sets anyway makes no difference.
    inside = transforms.compose(UNCHANGED, outer)
    assert transforms.compose(inside, Kustomization(value_of(COMMON + "namespace: a\n"), "one")) is inside
