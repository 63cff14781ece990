"""What a kustomization makes of the objects that it takes in."""

from __future__ import annotations

import pytest

from k8snetlint.model.kustomization import Kustomization
from k8snetlint.model.networkpolicy import NetworkPolicy
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.model.service import Service
from k8snetlint.model.transform import targets, transformed
from k8snetlint.model.workload import Workload
from k8snetlint.source.document import Source
from k8snetlint.source.yaml import parse

SOURCE = Source.of("app.yaml", "")
COMMON = "commonLabels: {team: a}\n"
SELECTORS = "labels: [{pairs: {team: a}, includeSelectors: true}]\n"
TEMPLATES = "labels: [{pairs: {team: a}, includeTemplates: true}]\n"
PAIRS = "labels: [{pairs: {team: a}}]\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
"""
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


def value_of(text: str) -> dict[str, object]:
    from k8snetlint.source.document import Document

    value = parse(Document(SOURCE, 0, text))
    assert isinstance(value, dict)
    return value


def resource(text: str) -> Resource:
    return resource_of(value_of(text), SOURCE, 0)


def kustomization(text: str) -> Kustomization:
    return Kustomization(value_of("kind: Kustomization\n" + text), "app")


def through(text: str, kustomized: str) -> Resource:
    return transformed(resource(text), kustomization(kustomized), [])


def test_nothing_to_change_gives_the_same_object() -> None:
    web = resource(DEPLOYMENT)

    assert transformed(web, kustomization("resources: [a.yaml]\n"), [("Service", "web")]) is web


@pytest.mark.parametrize("labels", [COMMON, SELECTORS])
def test_labels_reach_selectors_and_templates(labels: str) -> None:
    web = through(DEPLOYMENT, labels)
    assert isinstance(web, Workload)
    assert web.selector is not None
    assert (web.pod_labels, web.selector.match_labels) == ({"app": "web", "team": "a"}, {"app": "web", "team": "a"})

    service = through("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {app: web}}}", labels)
    assert isinstance(service, Service)
    assert service.selector == {"app": "web", "team": "a"}


@pytest.mark.parametrize("labels", [COMMON, SELECTORS])
def test_labels_reach_the_peers_of_a_policy_but_no_empty_selector(labels: str) -> None:
    before = resource(POLICY)
    policy = transformed(before, kustomization(labels), [])
    assert isinstance(policy, NetworkPolicy)
    assert isinstance(before, NetworkPolicy)
    assert policy.pod_selector is not None
    assert policy.pod_selector.match_labels == {"app": "web", "team": "a"}
    peers = [peer for rule in policy.rules() for peer in rule.peers or ()]
    wanted = [peer.pod_selector and peer.pod_selector.match_labels for peer in peers]
    assert wanted == [{"app": "client", "team": "a"}, None, None]
    untouched = next(peer for rule in before.rules() for peer in rule.peers or ()).pod_selector
    assert untouched is not None
    assert untouched.match_labels == {"app": "client"}


def test_labels_may_reach_templates_only_or_nothing() -> None:
    web, plain = through(DEPLOYMENT, TEMPLATES), through(DEPLOYMENT, PAIRS)
    assert isinstance(web, Workload)
    assert isinstance(plain, Workload)
    assert web.selector is not None
    assert (web.pod_labels, web.selector.match_labels) == ({"app": "web", "team": "a"}, {"app": "web"})
    assert plain.pod_labels == {"app": "web"}


def test_a_pod_carries_its_labels_itself() -> None:
    pod = through("{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: a}}}", PAIRS)

    assert isinstance(pod, Workload)
    assert pod.pod_labels == {"app": "a", "team": "a"}


def test_names_and_namespaces() -> None:
    changed = through(DEPLOYMENT, "namespace: prod\nnamePrefix: a-\nnameSuffix: -z\n")
    assert (changed.namespace, changed.name) == ("prod", "a-web-z")

    space = through("{apiVersion: v1, kind: Namespace, metadata: {name: old}}", "namespace: prod\nnamePrefix: a-\n")
    assert (space.namespace, space.name) == (None, "prod")


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        pytest.param("patches: [{path: p.yaml, target: {kind: Deployment, name: web}}]", True, id="target"),
        pytest.param("patches: [{path: p.yaml, target: {kind: Service}}]", False, id="another kind"),
        pytest.param("patches: [{path: p.yaml, target: {kind: Deployment, name: w.*}}]", True, id="a pattern"),
        pytest.param("patches: [{path: gone.yaml}]", True, id="a file that is not here"),
        pytest.param("patchesStrategicMerge: [p.yaml]", True, id="a file that names the object"),
        pytest.param("patchesStrategicMerge: [other.yaml]", False, id="a file that names another"),
        pytest.param("patches: [{path: image.yaml}]", False, id="what says nothing of labels and ports"),
        pytest.param("patches: [{patch: '- {op: add, path: /metadata/labels/a}'}]", False, id="no target, no kind"),
        pytest.param("transformers: [t.yaml]", True, id="a transformer"),
        pytest.param("replacements: [{targets: [{fieldPaths: [metadata.labels.app]}]}]", True, id="a replacement"),
        pytest.param("replacements: [{targets: [{fieldPaths: [spec.replicas]}]}]", False, id="a harmless one"),
    ],
)
def test_what_a_patch_may_change_is_marked(patch: str, wanted: bool) -> None:  # noqa: FBT001 - a parameter
    texts = {
        "app/p.yaml": "kind: Deployment\nmetadata:\n  name: web\nspec: {template: {metadata: {labels: {a: b}}}}\n",
        "app/other.yaml": "kind: Deployment\nmetadata:\n  labels: {a: b}\n  name: api\n",
        "app/image.yaml": "kind: Deployment\nmetadata:\n  name: web\nspec: {replicas: 3}\n",
    }
    laid_over = kustomization(patch + "\n")

    changed = transformed(resource(DEPLOYMENT), laid_over, targets(laid_over.patches, texts))

    assert changed.patched is wanted
