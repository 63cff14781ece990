"""What is expected of kustomizations is what kustomize itself makes of them, patches aside.

Where a patch changes an object, it changes only what we take for touched.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint.linting.inventory import builds_of, documents_of
from k8snetlint.model.aspects import Touched, overlap
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.scope.patched import Patching
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KUSTOMIZE = shutil.which("kustomize")
pytestmark = pytest.mark.skipif(KUSTOMIZE is None, reason="kustomize is not on the PATH")
EXAMPLES = int(os.environ.get("K8SNETLINT_EXAMPLES", "40"))


class Tree:
    """Random kustomizations: bases, overlays of them, components; each file holds one object."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a test that can be repeated
        self.files: dict[str, str] = {}
        self.named: list[tuple[str, str, str]] = []
        self.namespaces = 0
        self.kustomization("app", depth=3)

    def some(self, chance: float) -> bool:
        return self.random.random() < chance

    def kustomization(self, folder: str, *, depth: int, component: bool = False) -> None:
        says: dict[str, Any] = {"resources": [], "components": []}
        says |= {"kind": "Component", "apiVersion": "kustomize.config.k8s.io/v1alpha1"} if component else {}
        first = len(self.named)
        for number in range(self.random.randint(1, 3)):
            self.files[f"{folder}/r{number}.yaml"] = json.dumps(self.object(f"{folder.replace('/', '-')}-{number}"))
            says["resources"].append(f"r{number}.yaml")
        for number in range(self.random.randint(0, 2) if depth else 0):
            self.kustomization(f"{folder}/b{number}", depth=depth - 1)
            says["resources"].append(f"b{number}")
        for number in range(self.random.choice((0, 0, 1, 2)) if depth else 0):
            self.kustomization(f"{folder}/c{number}", depth=depth - 1, component=True)
            says["components"].append(f"c{number}")
        self.random.shuffle(says["resources"])
        says |= self.transformers()
        # A component is one level further out than what it changes: it has no list of its own.
        if first < len(self.named) and self.some(0.5):
            says["patches"] = [self.patch(self.random.choice(self.named[first:]))]
        self.files[f"{folder}/kustomization.yaml"] = json.dumps(says)

    def transformers(self) -> dict[str, Any]:
        says: dict[str, Any] = {}
        if self.some(0.3):
            says["namespace"] = self.random.choice(("one", "two"))
        if self.some(0.3):
            says["namePrefix"] = self.random.choice(("p-", "q"))
        if self.some(0.2):
            says["nameSuffix"] = self.random.choice(("-s", "z"))
        if self.some(0.3):
            says["commonLabels"] = self.labels()
        if self.some(0.4):
            says["labels"] = [self.label_entry() for _ in range(self.random.randint(1, 2))]
        return says

    def label_entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"pairs": self.labels()}
        entry |= {each: True for each in ("includeSelectors", "includeTemplates") if self.some(0.4)}
        if self.some(0.2):
            create = self.some(0.5)
            entry["fields"] = [{"path": "spec/template/metadata/labels", "kind": "Rollout", "create": create}]
        return entry

    def labels(self) -> dict[str, str]:
        return {self.random.choice("abc"): self.random.choice("xyz") for _ in range(2)}

    def object(self, name: str) -> dict[str, Any]:
        kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service", "NetworkPolicy"]
        kinds += ["Pod", "ConfigMap", "ReplicationController", "PodDisruptionBudget", "ClusterRole", "Rollout"]
        kinds += [] if self.namespaces else ["Namespace"]
        kind = self.random.choice(kinds)
        self.namespaces += kind == "Namespace"
        metadata: dict[str, Any] = {"name": name}
        if self.some(0.5):
            metadata["labels"] = self.labels()
        api_version, spec = self.spec(kind)
        self.named.append((api_version, kind, name))
        return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **({"spec": spec} if spec else {})}

    def spec(self, kind: str) -> tuple[str, dict[str, Any]]:
        match kind:
            case "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Rollout":
                spec: dict[str, Any] = {"selector": self.selector()} if self.some(0.7) else {}
                spec |= {"volumeClaimTemplates": [{"metadata": {"name": "a"}}]} if self.some(0.2) else {}
                return "argoproj.io/v1" if kind == "Rollout" else "apps/v1", {**spec, "template": self.template()}
            case "Job":
                return "batch/v1", {
                    "template": self.template(),
                    **({"selector": self.selector()} if self.some(0.3) else {}),
                }
            case "CronJob":
                return "batch/v1", {"jobTemplate": {"spec": {"template": self.template()}} if self.some(0.7) else {}}
            case "Service":
                return "v1", {"ports": [{"port": 80}], **({"selector": self.labels()} if self.some(0.7) else {})}
            case "ReplicationController":
                return "v1", {"template": self.template(), **({"selector": self.labels()} if self.some(0.7) else {})}
            case "NetworkPolicy":
                rules: list[Any] = [{"from": [self.peer() for _ in range(2)]}, {"ports": [{"port": 80}]}]
                egress = {"egress": [{"to": [self.peer()]}]} if self.some(0.5) else {}
                return "networking.k8s.io/v1", {"podSelector": self.selector(), "ingress": rules, **egress}
            case "PodDisruptionBudget":
                return "policy/v1", {"selector": self.selector()}
            case "Pod":
                return "v1", self.pod()
        return "rbac.authorization.k8s.io/v1" if kind == "ClusterRole" else "v1", {}

    def selector(self) -> dict[str, Any]:
        return self.random.choice(({}, {"matchLabels": {}}, {"matchLabels": self.labels()}))

    def peer(self) -> dict[str, Any]:
        peer: dict[str, Any] = {"podSelector": self.selector()} if self.some(0.8) else {}
        return {**peer, "namespaceSelector": self.selector()} if self.some(0.4) or not peer else peer

    def template(self) -> dict[str, Any]:
        return {"spec": self.pod(), **({"metadata": {"labels": self.labels()}} if self.some(0.7) else {})}

    def pod(self) -> dict[str, Any]:
        pod: dict[str, Any] = {"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}]}
        if self.some(0.3):
            term = {"labelSelector": self.selector(), "topologyKey": "k"}
            preferred = [{"weight": 1, "podAffinityTerm": term}]
            affinity = {
                "requiredDuringSchedulingIgnoredDuringExecution": [term],
                "preferredDuringSchedulingIgnoredDuringExecution": preferred,
            }
            pod["affinity"] = {self.random.choice(("podAffinity", "podAntiAffinity")): affinity}
            pod["topologySpreadConstraints"] = [{"topologyKey": "k", "labelSelector": self.selector()}]
        return pod

    def patch(self, meant: tuple[str, str, str]) -> dict[str, Any]:
        api_version, kind, name = meant
        operation = {"op": "add", "path": "/metadata/labels", "value": {"b": "patched"}}
        head = {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}
        labels = {**head, "metadata": {"name": name, "labels": {"a": None, "p": "q"}}}
        target = self.random.choice(
            (
                {"kind": kind, "name": name},
                {"name": f"({name}|nobody)"},
                {"kind": kind[:3] + ".*"},
                {"name": name[:-1] + "[0-9]"},
                {"kind": kind, "labelSelector": "a=x"},
                {"kind": kind, "labelSelector": "a!=x,b"},
            )
        )
        return self.random.choice(
            (
                {"patch": json.dumps(labels)},
                {"patch": json.dumps({**head, "$patch": "delete"})},
                {"patch": json.dumps({**head, "$patch": "delete"}), "target": target},
                {"patch": json.dumps(labels), "target": target},
                {"patch": json.dumps([operation]), "target": target},
            )
        )


def expected_of(files: dict[str, str]) -> dict[tuple[str, str], tuple[Resource, Any]]:
    """Return what is expected to leave the root, by kind and name: the view and the value."""
    sources = {name: Source.of(name, text) for name, text in files.items()}
    builds = builds_of(list(sources.values()))
    assert builds is not None
    patching = Patching(builds.known, {})
    found: dict[tuple[str, str], tuple[Resource, Any]] = {}
    for name, way in builds.roots["app"].taken:
        (document,) = documents_of(sources[name])
        value = way.transform.applied_to(document.value)
        view = resource_of(value, sources[name], 0)
        view.origin = resource_of(document.value, sources[name], 0)
        patched = patching.patched(view, way)
        if patched is not None:
            found[value["kind"], value["metadata"]["name"]] = patched, value
    return found


def differences(one: Any, other: Any, path: Touched = ()) -> Iterator[Touched]:
    """Yield the fields in which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {*one, *other}:
            if key in one and key in other:
                yield from differences(one[key], other[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for each, same in zip(one, other, strict=True):
            yield from differences(each, same, (*path, "*"))
    elif one != other:
        yield path


def check(seed: int, folder: Path) -> str:
    """Compare one tree; return what became of it."""
    files = Tree(seed).files
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert KUSTOMIZE
    built = subprocess.run([KUSTOMIZE, "build", "app"], cwd=folder, capture_output=True, text=True, check=False)
    if built.returncode:
        return "refused"
    made = {
        (each.value["kind"], each.value["metadata"]["name"]): each.value
        for each in documents_of(Source.of("built.yaml", built.stdout))
    }
    expected = expected_of(files)
    maybe_removed = {key for key in expected if key not in made}
    for key in maybe_removed:
        assert () in [touched for patch in expected[key][0].patches for touched in patch.touched], (seed, key)
    assert set(made) <= set(expected), (seed, set(made) - set(expected))
    for key, value in made.items():
        view, plain = expected[key]
        touched = [each for patch in view.patches for each in patch.touched]
        # A patch of labels changes what shares a node with them afterwards.
        maps = ("labels", "matchLabels", "selector") if touched else ()
        untouched = [path for path in differences(plain, value) if not any(overlap(path, each) for each in touched)]
        wrong = [path for path in untouched if path[-2] not in maps]
        assert not wrong, (seed, key, wrong)
    return "compared"


@pytest.mark.parametrize("block", range(8))
def test_kustomize_makes_what_is_expected(block: int, tmp_path: Path) -> None:
    results = [check(seed, tmp_path / str(seed)) for seed in range(block, EXAMPLES, 8)]

    # Most trees are taken; kustomize refuses patches that mean nobody.
    assert results.count("compared") > len(results) // 4
