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

from k8snetlint.linting.inventory import KustomizationFiles, builds_of
from k8snetlint.model.aspects import Touched, overlap
from k8snetlint.model.resource import Resource, resource_of
from k8snetlint.scope.patch_marker import PatchMarker
from k8snetlint.source.document import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KUSTOMIZE = shutil.which("kustomize")
pytestmark = pytest.mark.skipif(KUSTOMIZE is None, reason="kustomize is not on the PATH")
NOT_JUDGED = {"annotations", "image", "replicas"}
"""What transformers change that no rule looks at: we do not follow it."""
EXAMPLES = int(os.environ.get("K8SNETLINT_EXAMPLES", "40"))


class Tree:
    """Random kustomizations: bases, overlays of them, components; each file holds one object."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a test that can be repeated
        self.files: dict[str, str] = {}
        self.named: list[tuple[str, str, str]] = []
        self.configured = 0
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
        if self.some(0.4):
            says["transformers"] = self.listed(folder, self.named[first:])
        self.files[f"{folder}/kustomization.yaml"] = json.dumps(says)

    def listed(self, folder: str, meant: list[tuple[str, str, str]]) -> list[str]:
        """Return transformers as they are listed: a text, a file of several, a folder of files."""
        entries = []
        for number in range(self.random.randint(1, 3)):
            some = [json.dumps(self.transformer(folder, meant)) for _ in range(self.random.randint(1, 2))]
            # A text that begins with JSON is read by kubectl up to the end of that.
            text = "# YAML\n" + "\n---\n".join(some)
            match self.random.choice(("text", "file", "folder")):
                case "text":
                    entries.append(text)
                case "file":
                    entries.append(f"t{number}.yaml")
                    self.files[f"{folder}/t{number}.yaml"] = text
                case "folder":
                    entries.append(f"t{number}")
                    names = [f"{index}.yaml" for index in range(len(some))]
                    self.files |= {f"{folder}/t{number}/{name}": each for name, each in zip(names, some, strict=True)}
                    self.files[f"{folder}/t{number}/kustomization.yaml"] = json.dumps({"resources": names})
        return entries

    def transformer(self, folder: str, meant: list[tuple[str, str, str]]) -> dict[str, Any]:
        """Return one of kustomize's own transformers."""
        self.configured += 1
        metadata = {"name": f"t{self.configured}"}
        kind = self.random.choice(("Namespace", "Namespace", "Label", "Label", "Prefix", "Suffix", "Annotations"))
        kind = self.random.choice((kind, kind, "PrefixSuffix", "ImageTag", "ReplicaCount", "Patch", "ValueAdd", "Hash"))
        says: dict[str, Any] = {"apiVersion": "builtin", "kind": f"{kind}Transformer", "metadata": metadata}
        match kind:
            case "Namespace":
                says["metadata"] = {**metadata, "namespace": self.random.choice(("one", "two", "three"))}
                says |= {"unsetOnly": True} if self.some(0.5) else {}
                named = [self.field("metadata/name", "Namespace")] if self.some(0.5) else []
                says["fieldSpecs"] = [self.field("metadata/namespace"), *named]
            case "Label":
                paths = ["metadata/labels", "spec/selector/matchLabels", "spec/template/metadata/labels"]
                paths += ["spec/podSelector/matchLabels", "spec/ingress/from/podSelector/matchLabels"]
                says |= {"labels": self.labels(), "fieldSpecs": [self.field(self.random.choice(paths), *self.kinds())]}
            case "Annotations":
                says |= {"annotations": {"n": "m"}, "fieldSpecs": [self.field("metadata/annotations")]}
            case "Prefix" | "Suffix" | "PrefixSuffix":
                says |= {"prefix": "x-"} if kind != "Suffix" else {}
                says |= {"suffix": "-y"} if kind != "Prefix" else {}
                says["fieldSpecs"] = [self.field("metadata/name", *self.kinds())]
            case "ImageTag":
                says["imageTag"] = {"name": "i", "newTag": "2"}
            case "ReplicaCount":
                # Only what is there can be scaled.
                _, scaled, scaled_name = self.random.choice(meant or self.named)
                says |= {
                    "replica": {"name": scaled_name, "count": 4},
                    "fieldSpecs": [{"path": "spec/replicas", "kind": scaled}],
                }
            case "Patch":
                patch = self.patch(self.random.choice(meant or self.named))
                if self.some(0.5):
                    # A path starts at the kustomization, wherever the transformer is written.
                    path = f"{metadata['name']}-patch.yaml"
                    self.files[f"{folder}/{path}"] = patch.pop("patch")
                    patch["path"] = path
                says |= patch
            case "ValueAdd":
                field = self.random.choice(("metadata/labels/v", "metadata/namespace", "metadata/annotations/v"))
                target = {"fieldPath": field, **({"selector": {"kind": "Service"}} if self.some(0.5) else {})}
                says |= {"value": "value", "targets": [target]}
        return says

    def field(self, path: str, *kinds: str) -> dict[str, Any]:
        kind = {"kind": self.random.choice(kinds)} if kinds else {}
        return {"path": path, **kind, **({"create": True} if self.some(0.5) else {})}

    def kinds(self) -> tuple[str, ...]:
        return () if self.some(0.5) else ("Deployment", "Service", "NetworkPolicy", "Pod")

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
        if self.some(0.1) and kind not in ("ClusterRole", "Namespace"):
            metadata["namespace"] = self.random.choice(("one", "written"))
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
    builds = builds_of(list(sources.values()), KustomizationFiles())
    assert builds is not None
    marker = PatchMarker(builds.kustomizations, {path: files[path] for path in builds.patch_files() if path in files})
    found: dict[tuple[str, str], tuple[Resource, Any]] = {}
    assert set(builds.roots) == {"app"}
    for name, treatment in builds.roots["app"].included:
        (document,) = KustomizationFiles().documents(sources[name])
        value = treatment.transform.apply(document.value)
        view = resource_of(value, sources[name], 0)
        view.origin = resource_of(document.value, sources[name], 0)
        patched = marker.mark(view, treatment)
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


def check(seed: object, files: dict[str, str], folder: Path) -> str:
    """Compare one tree; return what became of it."""
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
        for each in KustomizationFiles().documents(Source.of("built.yaml", built.stdout))
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
        wrong = [path for path in untouched if not {*path[-2:-1]} & {*maps} and not NOT_JUDGED.intersection(path)]
        assert not wrong, (seed, key, wrong)
    return "compared"


@pytest.mark.parametrize("block", range(8))
def test_kustomize_makes_what_is_expected(block: int, tmp_path: Path) -> None:
    results = [check(seed, Tree(seed).files, tmp_path / str(seed)) for seed in range(block, EXAMPLES, 8)]

    # Most trees are taken; kustomize refuses patches that mean nobody.
    assert results.count("compared") > len(results) // 4


OWN = """\
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {team: own}}, spec: {template: {spec: {}}}}
- {apiVersion: v1, kind: Service, metadata: {name: web, namespace: written}, spec: {ports: [{port: 80}]}}
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
- {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: web}}
"""


def configured(kind: str, says: str, name: str = "t", metadata: str = "") -> str:
    """Return a transformer."""
    return f"apiVersion: builtin\nkind: {kind}Transformer\nmetadata: {{name: {name}{metadata}}}\n{says}\n"


def labelled(team: str, path: str = "metadata/labels, create: true") -> str:
    return configured("Label", f"labels: {{team: {team}}}\nfieldSpecs: [{{path: {path}}}]", team)


def moved(namespace: str, says: str = "") -> str:
    return configured("Namespace", says, namespace, f", namespace: {namespace}")


RENAMES = "fieldSpecs: [{path: metadata/name, kind: Namespace}]"
PREFIXES = "prefix: a-\nfieldSpecs: [{path: metadata/name}, {path: metadata/name, kind: Service}]"


@pytest.mark.parametrize(
    ("says", "files"),
    [
        pytest.param({"transformers": [moved("one", "unsetOnly: true")]}, {}, id="objects that name no namespace"),
        pytest.param(
            {"transformers": [moved("one", "unsetOnly: true"), moved("two", "unsetOnly: true\n" + RENAMES)]},
            {},
            id="the first namespace that is set stays",
        ),
        pytest.param(
            {"namespace": "own", "transformers": [moved("one", "unsetOnly: true"), moved("two")]},
            {},
            id="the last namespace counts, and a Namespace object is renamed by the field alone",
        ),
        pytest.param({"transformers": [moved("one", RENAMES)]}, {}, id="a Namespace object is renamed"),
        pytest.param(
            {"labels": [{"pairs": {"team": "field"}}], "transformers": ["t.yaml", labelled("text")]},
            {"app/t.yaml": labelled("file")},
            id="texts come before files, and both after fields",
        ),
        pytest.param(
            {"transformers": ["b", "a.yaml"]},
            {
                "app/a.yaml": labelled("file"),
                "app/b/kustomization.yaml": "resources: [../c]\n",
                "app/c/kustomization.yaml": "resources: [c.yaml]\n",
                "app/c/c.yaml": labelled("folder"),
            },
            id="files and folders in the order in which they are listed",
        ),
        pytest.param(
            {"transformers": [labelled("a", "spec/template/metadata/labels, create: true, kind: Deployment")]},
            {},
            id="labels of pods",
        ),
        pytest.param(
            {"namePrefix": "own-", "transformers": [configured("Prefix", PREFIXES + "\nsuffix: -no")]},
            {},
            id="each field adds a prefix",
        ),
        pytest.param(
            {"transformers": ["t"]},
            {
                "app/t/kustomization.yaml": "resources: [t.yaml]\n",
                "app/t/t.yaml": configured("Patch", "path: p.yaml\ntarget: {kind: Deployment}"),
                "app/p.yaml": "- {op: add, path: /spec/minReadySeconds, value: 5}\n",
                "app/t/p.yaml": "- {op: add, path: /metadata/labels, value: {a: b}}\n",
            },
            id="paths start at the kustomization that lists a folder",
        ),
    ],
)
def test_transformers_do_what_is_expected(says: dict[str, Any], files: dict[str, str], tmp_path: Path) -> None:
    own = {f"app/{number}.yaml": line.removeprefix("- ") for number, line in enumerate(OWN.splitlines())}
    resources = [name.removeprefix("app/") for name in own]
    listed = {"app/kustomization.yaml": json.dumps({"resources": resources, **says})}

    assert check(says, {**listed, **own, **files}, tmp_path) == "compared"
