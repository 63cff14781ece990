"""Which fields of which objects patches and replacements change."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import deployment, manifest, namespace, pod, policy, service

from k8snetlint.model.aspects import (
    ALL,
    CONTAINERS,
    EVERYTHING,
    EXPOSURE,
    LABELS,
    NAME,
    NETWORK,
    POD_LABELS,
    PORTS,
    SELECTORS,
)
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.scope.build import Builds
from k8snetlint.scope.kustomization import Kustomization
from k8snetlint.scope.patch_effects import patch_effects_of
from k8snetlint.scope.patch_marker import PatchMarker
from k8snetlint.source.document import Source
from k8snetlint.source.marked_parser import parse

SOURCE = Source.of("app.yaml", "")
DEPLOYMENT = deployment(namespace="shop", own="tier: front")
SERVICE, POLICY, POD = service(), policy(name="web"), pod()
CRON_JOB = manifest("batch/v1", "CronJob", "web", spec="{}")
ROLLOUT = manifest("argoproj.io/v1alpha1", "Rollout", "web", spec="{}")
NAMESPACE = namespace("web")
HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


def value_of(text: str) -> Any:
    return parse(text)[0]


def patched(text: str, says: str, texts: dict[str, str] | None = None) -> Resource | None:
    """Return an object as a kustomization in the folder `app` builds it."""
    builds = Builds({"app": Kustomization(value_of(says + "\nresources: [app.yaml]\n"), "app")})
    (included,) = builds.roots["app"].included
    value = value_of(text)
    written = resource_of(value, SOURCE, 0)
    result = included.treatment.transform.apply(value)
    resource = written
    if result is not value:
        resource = resource_of(result, SOURCE, 0)
        resource.origin = written
    return PatchMarker(builds.kustomizations, texts or {}).mark(resource, included.treatment)


def aspects(text: str, says: str, texts: dict[str, str] | None = None) -> frozenset[str]:
    resource = patched(text, says, texts)
    assert resource is not None
    return resource.patched


def inline(patch: str, target: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in patch.splitlines())
    return (
        f"patches:\n- {target and f'target: {target}'}\n  patch: |\n{lines}"
        if target
        else f"patches:\n- patch: |\n{lines}"
    )


def operation(path: str, op: str = "replace", more: str = "") -> str:
    return inline(f"- {{op: {op}, path: {path}{more}}}\n", "{name: web}")


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        pytest.param("spec: {replicas: 3}", set(), id="replicas"),
        pytest.param("metadata: {name: web, annotations: {a: b}}", set(), id="annotations"),
        pytest.param("metadata: {name: web, labels: {a: b}}", {LABELS}, id="labels"),
        pytest.param("metadata: {name: web, labels: null}", {LABELS}, id="labels that go"),
        pytest.param("spec: {selector: {matchLabels: {a: b}}}", {SELECTORS}, id="a selector"),
        pytest.param("spec: {template: {metadata: {labels: {a: b}}}}", {POD_LABELS}, id="labels of the pods"),
        pytest.param("spec: {template: {spec: {hostNetwork: true}}}", {NETWORK}, id="the node's network"),
        pytest.param("spec: {template: {spec: {containers: [{name: web, image: b}]}}}", set(), id="an image"),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: web, env: [{name: A}], resources: {limits: {}}}]}}}",
            set(),
            id="environment and resources",
        ),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}}}", {PORTS}, id="ports"
        ),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: other, image: b}]}}}",
            {CONTAINERS},
            id="a container that is added",
        ),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: web, $patch: delete}]}}}",
            {CONTAINERS, PORTS},
            id="a container that goes",
        ),
        pytest.param(
            "spec: {template: {spec: {$patch: replace, containers: []}}}",
            {CONTAINERS, PORTS, NETWORK},
            id="a spec that is replaced",
        ),
        pytest.param(
            "spec: {template: {spec: {$setElementOrder/containers: [{name: web}]}}}",
            {CONTAINERS, PORTS},
            id="the order of a list",
        ),
        pytest.param("$patch: replace\nspec: {}", ALL, id="all of it"),
    ],
)
def test_what_a_strategic_merge_patch_touches(spec: str, wanted: set[str]) -> None:
    head = HEAD if "metadata: {name" not in spec else "apiVersion: apps/v1\nkind: Deployment\n"

    assert aspects(DEPLOYMENT, inline(head + spec + "\n")) == wanted
    assert aspects(DEPLOYMENT, "patchesStrategicMerge: [p.yaml]", {"app/p.yaml": head + spec + "\n"}) == wanted


@pytest.mark.parametrize(
    ("text", "pointer", "wanted"),
    [
        pytest.param(DEPLOYMENT, "/spec/replicas", set(), id="replicas"),
        pytest.param(DEPLOYMENT, "/metadata/labels/a~1b", {LABELS}, id="a label"),
        pytest.param(DEPLOYMENT, "/metadata", {LABELS, NAME}, id="all metadata"),
        pytest.param(DEPLOYMENT, "/spec/template/metadata/labels/app", {POD_LABELS}, id="a label of the pods"),
        pytest.param(DEPLOYMENT, "/spec/template/spec/containers/0/image", set(), id="an image"),
        pytest.param(DEPLOYMENT, "/spec/template/spec/containers/0/ports/0", {PORTS}, id="a port"),
        pytest.param(DEPLOYMENT, "/spec/template/spec/containers/-", {PORTS, CONTAINERS}, id="another container"),
        pytest.param(DEPLOYMENT, "''", ALL, id="the whole object"),
        pytest.param(SERVICE, "/spec/ports/0/targetPort", {PORTS}, id="a port of a Service"),
        pytest.param(SERVICE, "/spec/selector/app", {SELECTORS}, id="a selector of a Service"),
        pytest.param(SERVICE, "/spec/sessionAffinity", {EXPOSURE}, id="who reaches a Service, and how"),
        pytest.param(SERVICE, "/spec/publishNotReadyAddresses", set(), id="what else a Service says"),
        pytest.param(POLICY, "/spec/ingress/0/from/0/podSelector", {SELECTORS}, id="a peer"),
        pytest.param(POLICY, "/spec/ingress/0/ports/-", {PORTS}, id="a port of a policy"),
        pytest.param(POLICY, "/spec/egress", {SELECTORS, PORTS}, id="all rules of a policy"),
        pytest.param(POD, "/metadata/labels", {LABELS, POD_LABELS}, id="a pod carries its labels itself"),
        pytest.param(POD, "/spec/containers/0/ports", {PORTS}, id="a port of a Pod"),
        pytest.param(CRON_JOB, "/spec/jobTemplate/spec/template/metadata/labels", {POD_LABELS}, id="pods of a CronJob"),
        pytest.param(ROLLOUT, "/spec/template/metadata/labels", {POD_LABELS}, id="pods of a custom resource"),
        pytest.param(NAMESPACE, "/metadata/labels/a", {LABELS}, id="a label of a Namespace"),
    ],
)
def test_what_a_json_patch_touches(text: str, pointer: str, wanted: set[str]) -> None:
    assert aspects(text, operation(pointer)) == wanted
    assert aspects(text, operation(pointer, op="test")) == set()


def test_a_move_touches_both_ends() -> None:
    move = operation("/metadata/labels/a", "move", ", from: /spec/selector/matchLabels/a")

    assert aspects(DEPLOYMENT, move) == {LABELS, SELECTORS}
    assert aspects(DEPLOYMENT, move.replace("move", "copy")) == {LABELS}


TO_LABELS = "- {op: add, path: /metadata/labels/a, value: b}\n"


@pytest.mark.parametrize(
    ("target", "matches"),
    [
        ("{kind: Deployment}", True),
        ("{kind: Service}", False),
        ("{kind: Deployment, name: web}", True),
        ("{kind: Deployment, name: we}", False),
        ("{name: w.*}", True),
        ("{name: 'w[a-e]b'}", True),
        ("{name: 'api|web'}", True),
        ("{name: '(api|web)'}", True),
        ("{name: 'e'}", False),
        ("{kind: 'Stateful.*'}", False),
        ("{group: apps}", True),
        ("{group: batch}", False),
        ("{version: v1beta1}", False),
        ("{namespace: shop}", True),
        ("{namespace: blog}", False),
        ("{labelSelector: tier=front}", True),
        ("{labelSelector: 'tier==front,team!=a'}", True),
        ("{labelSelector: tier=back}", False),
        ("{labelSelector: tier!=front}", False),
        # A target that is not understood may be any object.
        ("{labelSelector: 'tier in (back)'}", True),
        ("{annotationSelector: a=b}", True),
        ("{name: '(a+)+$'}", True),
        ("{name: '(((((x)))))'}", True),
        ("{name: '['}", True),
    ],
)
def test_which_objects_a_target_matches(target: str, matches: bool) -> None:  # noqa: FBT001 - a parameter
    assert aspects(DEPLOYMENT, inline(TO_LABELS, target)) == ({LABELS} if matches else set())


def test_labels_that_kustomizations_add_are_not_known_at_a_patch() -> None:
    says = inline(TO_LABELS, "{labelSelector: tier=back}")

    assert aspects(DEPLOYMENT, "labels: [{pairs: {tier: side}}]\n" + says) == {LABELS}
    assert aspects(DEPLOYMENT, "labels: [{pairs: {other: back}}]\n" + says) == set()


@pytest.mark.parametrize(
    ("patch", "matches"),
    [
        (HEAD, True),
        (HEAD.replace("web", "api"), False),
        (HEAD.replace("Deployment", "StatefulSet"), False),
        (HEAD.replace("apps/v1", "v1"), False),
        (HEAD.replace("name: web", "name: web, namespace: other"), True),
        (HEAD.replace("apps/v1", "v1") + "---\n" + HEAD, True),
        (HEAD.replace("web", "out-in-web"), True),
        (HEAD.replace("web", "in-web"), True),
    ],
)
def test_a_merge_patch_names_its_target(patch: str, matches: bool) -> None:  # noqa: FBT001 - a parameter
    labelled = patch.replace("metadata: {", "metadata: {labels: {a: b}, ")
    names = Builds(
        {
            "app": Kustomization(value_of("namePrefix: out-\nresources: [../in]\n" + inline(labelled)), "app"),
            "in": Kustomization(value_of("namePrefix: in-\nresources: [a.yaml]\n"), "in"),
        }
    )
    (included,) = names.roots["app"].included
    written = resource_of(value_of(DEPLOYMENT), SOURCE, 0)
    found = PatchMarker(names.kustomizations, {}).mark(written, included.treatment)

    assert found is not None
    assert bool(found.patched) is matches


@pytest.mark.parametrize(
    "says",
    [
        pytest.param("patches: [{path: gone.yaml, target: {kind: Deployment}}]", id="a file that is not here"),
        pytest.param("patchesStrategicMerge: [gone.yaml]", id="such a file without a target"),
        pytest.param("patches: [{path: bad.yaml}]", id="a file that cannot be read"),
        pytest.param("transformers: [t.yaml]", id="a transformer"),
        pytest.param("replacements: [{path: gone.yaml}]", id="replacements that are not here"),
    ],
)
def test_an_unknown_patch_may_change_everything(says: str) -> None:
    resource = patched(DEPLOYMENT, says, {"app/bad.yaml": "kind: [\n"})

    assert resource is not None
    assert resource.patched == ALL
    assert EVERYTHING in resource.patched


@pytest.mark.parametrize(
    ("targets", "wanted"),
    [
        ("{select: {kind: Deployment}, fieldPaths: [spec.template.metadata.labels.app]}", {POD_LABELS}),
        ("{select: {kind: Deployment}, fieldPaths: ['metadata.labels.app\\.kubernetes\\.io/name']}", {LABELS}),
        ("{select: {kind: Deployment}, fieldPaths: ['spec.template.spec.containers.[name=web].image']}", set()),
        ("{select: {kind: Deployment}, fieldPaths: ['spec.template.spec.containers.[name=web].ports.0']}", {PORTS}),
        ("{select: {kind: Service}, fieldPaths: [metadata.labels.app]}", set()),
        ("{select: {kind: Deployment}}", {NAME}),
    ],
)
def test_what_replacements_touch(targets: str, wanted: set[str]) -> None:
    assert aspects(DEPLOYMENT, f"replacements: [{{targets: [{targets}]}}]") == wanted
    listed = {"app/r.yaml": f"- targets: [{targets}]\n"}
    assert aspects(DEPLOYMENT, "replacements: [{path: r.yaml}]", listed) == wanted


def test_a_patch_may_change_names_only_if_it_is_allowed_to() -> None:
    says = inline(HEAD.replace("name: web", "name: other"), "{kind: Deployment}")

    assert aspects(DEPLOYMENT, says) == set()
    assert aspects(DEPLOYMENT, says + "  options: {allowNameChange: true}") == {NAME}


@pytest.mark.parametrize(
    ("says", "gone"),
    [
        (inline(HEAD + "$patch: delete\n"), True),
        (inline(HEAD.replace("web", "api") + "$patch: delete\n"), False),
        (inline(HEAD.replace("web", "x") + "$patch: delete\n", "{name: web}"), True),
        (inline(HEAD + "$patch: delete\n", "{namespace: shop}"), True),
        # It is not certain that it is the target.
        (inline(HEAD + "$patch: delete\n", "{kind: Deployment, labelSelector: tier=front}"), False),
        ("namespace: blog\n" + inline(HEAD + "$patch: delete\n", "{namespace: blog}"), False),
        ("namePrefix: a-\n" + inline(HEAD.replace("web", "a-web") + "$patch: delete\n"), False),
        (inline(HEAD + "$patch: delete\n", "{annotationSelector: a=b}"), False),
        (inline(HEAD + "spec: {$patch: delete}\n"), False),
    ],
)
def test_a_patch_may_remove_an_object(says: str, gone: bool) -> None:  # noqa: FBT001 - a parameter
    assert (patched(DEPLOYMENT, says) is None) is gone


@pytest.mark.parametrize(
    ("spec", "path", "decides"),
    [
        pytest.param("spec: {replicas: 3}", ("spec", "replicas"), True, id="the field itself"),
        pytest.param("spec: {replicas: 3}", ("spec", "selector"), False, id="another field"),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: web, image: b}]}}}",
            ("spec", "template", "spec", "containers", 0, "image"),
            True,
            id="in a container",
        ),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: web, image: b}]}}}",
            ("spec", "template", "spec", "containers", 0, "ports", 0, "containerPort"),
            False,
            id="in another field of a container",
        ),
        pytest.param(
            "spec: {template: {spec: {containers: [{name: web, livenessProbe: {httpGet: null}}]}}}",
            ("spec", "template", "spec", "containers", 0, "livenessProbe", "tcpSocket"),
            True,
            id="beside it in a struct",
        ),
        pytest.param(
            "spec: {template: {metadata: {labels: {app: b}}}}",
            ("spec", "selector"),
            True,
            id="labels and their selector",
        ),
        pytest.param(
            "spec: {template: {spec: {volumes: [{name: a}]}}}",
            ("spec", "template", "spec", "containers", 0, "volumeMounts", 0, "name"),
            True,
            id="volumes and their mounts",
        ),
    ],
)
def test_which_rejections_a_patch_decides(spec: str, path: tuple[str | int, ...], decides: bool) -> None:  # noqa: FBT001 - a parameter
    (effect,) = patch_effects_of(Kustomization(value_of(inline(HEAD + spec + "\n")), "app"), {})

    assert effect.fields.decides(path, "Deployment") is decides
