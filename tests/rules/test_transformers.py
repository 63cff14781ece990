"""What kustomize's own transformers make of what is judged; what others may change is not known."""

from __future__ import annotations

import pytest
from manifests import KUSTOMIZATION, deployment, policy, sources, together
from test_kustomize_rules import CLIENT

from k8snetlint import Config, Report, lint

ID = "netpol-peer-selects-nothing"
TYPO = CLIENT.replace("client", "cleint")
WEB = together(
    policy(name="web", namespace="", peer=TYPO), deployment(namespace=""), deployment("client", namespace="")
)
SPECS = {
    "Annotations": "[{path: metadata/annotations, create: true}, {path: spec/template/metadata/annotations}]",
    "Label": "[{path: metadata/labels, create: true}, {path: spec/template/metadata/labels, kind: Deployment}]",
    "Namespace": "[{path: metadata/name, kind: Namespace}, {path: subjects, kind: RoleBinding}]",
    "Name": "[{path: metadata/name}]",
    "ReplicaCount": "[{path: spec/replicas, kind: Deployment}]",
    "ImageTag": "[{path: 'spec/template/spec/containers[]/image', kind: Deployment}]",
}


def transformer(kind: str, says: str = "", specs: str = "") -> str:
    """Return one of kustomize's own transformers."""
    fields = f"fieldSpecs: {SPECS.get(specs, specs)}\n" if specs else ""
    says += "\n" if says else ""
    return f"apiVersion: builtin\nkind: {kind}\nmetadata: {{name: t, namespace: shop}}\n{says}{fields}"


NAMESPACE = transformer("NamespaceTransformer", "unsetOnly: true", "Namespace")
OWN = "apiVersion: example.com/v1\nkind: Injector\nmetadata: {name: t}\n"


def report(listed: str, files: dict[str, str] | None = None, app: str = WEB) -> Report:
    """Return what is said of an application through a kustomization with transformers."""
    says = KUSTOMIZATION + "resources: [app.yaml]\n" + listed
    every = {"kustomization.yaml": says, "app.yaml": app, **(files or {})}
    return lint(sources(every), Config())


def messages(found: Report) -> list[str]:
    return [each.message for each in found.findings if each.id == ID]


def why(found: Report) -> set[str]:
    return {each.reason for each in found.unanswered}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NAMESPACE, id="a namespace where none is set"),
        pytest.param(transformer("NamespaceTransformer"), id="a namespace"),
        pytest.param(transformer("LabelTransformer", "labels: {team: a}", "Label"), id="labels"),
        pytest.param(transformer("AnnotationsTransformer", "annotations: {a: b}", "Annotations"), id="annotations"),
        pytest.param(transformer("PrefixTransformer", "prefix: a-", "Name"), id="a prefix"),
        pytest.param(transformer("SuffixTransformer", "suffix: -a", "Name"), id="a suffix"),
        pytest.param(transformer("PrefixSuffixTransformer", "prefix: a-\nsuffix: -a", "Name"), id="both"),
        pytest.param(transformer("ImageTagTransformer", "imageTag: {name: a, newTag: b}", "ImageTag"), id="an image"),
        pytest.param(transformer("ImageTagTransformer", "imageTag: {name: a, newTag: b}"), id="all images"),
        pytest.param(
            transformer("ReplicaCountTransformer", "replica: {name: web, count: 2}", "ReplicaCount"), id="replicas"
        ),
        pytest.param(transformer("HashTransformer"), id="hashes of names"),
        pytest.param(
            transformer("PatchTransformer", "target: {kind: Deployment}\npatch: '[{op: add, path: /spec/replicas}]'"),
            id="a patch of something else",
        ),
        pytest.param(
            transformer("ValueAddTransformer", "value: a\ntargets: [{fieldPath: metadata/annotations/a}]"),
            id="a value elsewhere",
        ),
    ],
)
@pytest.mark.parametrize("place", ["file", "text", "folder", "folder of a folder", "a file beside the folder"])
def test_what_is_known_silences_nothing(text: str, place: str) -> None:
    t = {"t.yaml": text}
    indented = "".join(f"  {line}" for line in text.splitlines(keepends=True))
    folder = {"t/kustomization.yaml": "resources: [t.yaml]\n", "t/t.yaml": text}
    outer = {"u/kustomization.yaml": KUSTOMIZATION + "resources: [../t]\n", **folder}
    found = {
        "file": lambda: report("transformers: [t.yaml]\n", t),
        "text": lambda: report(f"transformers:\n- |\n{indented}"),
        "folder": lambda: report("transformers: [t]\n", folder),
        "folder of a folder": lambda: report("transformers: [u]\n", outer),
        "a file beside the folder": lambda: report("transformers: [../t.yaml]\n", {"../t.yaml": text}),
    }[place]()

    assert [each.partition(" in ")[0] for each in messages(found)] == ["podSelector app=cleint matches no pod"]
    # What says what a transformer does is no object, and makes no scope.
    assert {each.path for each in found.findings} == {"app.yaml"}
    assert [(each.name, each.objects) for each in found.scopes] == [(".", 3)]


@pytest.mark.parametrize(
    ("listed", "files"),
    [
        pytest.param("[t.yaml]", {"t.yaml": OWN}, id="a plugin"),
        pytest.param("[t.yaml]", {"t.yaml": f"{NAMESPACE}---\n{OWN}"}, id="a plugin beside another"),
        pytest.param("[t.yaml]", {"t.yaml": NAMESPACE.replace("NamespaceT", "T")}, id="an unknown kind"),
        pytest.param("[t.yaml]", {"t.yaml": NAMESPACE.replace("builtin", "builtin/v1")}, id="another apiVersion"),
        pytest.param("[t.yaml]", {"t.yaml": "kind: [\n"}, id="a file that cannot be read"),
        pytest.param("[t.yaml]", {"t.yaml": "namespace: {{ .Values.namespace }}\n"}, id="a template"),
        pytest.param("[t.yaml]", {}, id="a file that is not here"),
        pytest.param("[t]", {}, id="a folder that is not here"),
        pytest.param("[t]", {"t/kustomization.yaml": "resources: [a.yaml]\n"}, id="a part of one that is not here"),
        pytest.param("['https://example.com/t?ref=1']", {}, id="what is remote"),
        pytest.param(
            "[t]",
            {"t/kustomization.yaml": "namespace: b\nresources: [t.yaml]\n", "t/t.yaml": NAMESPACE},
            id="a folder that changes its transformers",
        ),
        pytest.param("[{apiVersion: builtin}]", {}, id="no text"),
        pytest.param("t.yaml", {"t.yaml": NAMESPACE}, id="no list"),
        pytest.param(
            "[t.yaml]",
            {"t.yaml": transformer("PatchTransformer", "target: {kind: NetworkPolicy}\npath: gone.yaml")},
            id="a patch whose file is not here",
        ),
        pytest.param(
            "[t.yaml]",
            {"t.yaml": transformer("ValueAddTransformer", "targetFilePath: gone.yaml")},
            id="targets whose file is not here",
        ),
    ],
)
def test_what_is_not_known_may_change_everything(listed: str, files: dict[str, str]) -> None:
    found = report(f"transformers: {listed}\n", files)

    assert messages(found) == []
    assert "a patch changes the object" in why(found)


PEERS = "{path: spec/ingress/from/podSelector/matchLabels, kind: NetworkPolicy}"


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        pytest.param(
            transformer("PatchTransformer", "target: {kind: NetworkPolicy}\npatch: '[{op: add, path: /spec/ingress}]'"),
            "peers",
            id="a patch",
        ),
        pytest.param(
            transformer(
                "PatchJson6902Transformer",
                "target: {kind: NetworkPolicy, name: web}\njsonOp: '[{op: add, path: /spec/ingress}]'",
            ),
            "peers",
            id="a JSON patch",
        ),
        pytest.param(
            transformer("PatchStrategicMergeTransformer", "paths: [p.yaml]"), "peers", id="a merge patch in a file"
        ),
        pytest.param(
            transformer(
                "ReplacementTransformer",
                "replacements: [{targets: [{select: {kind: NetworkPolicy}, fieldPaths: [spec.ingress.0.from]}]}]",
            ),
            "peers",
            id="a replacement",
        ),
        pytest.param(
            transformer("ValueAddTransformer", "targets: [{fieldPath: spec/ingress/0/from/0/podSelector/a}]"),
            "peers",
            id="a value",
        ),
        pytest.param(
            transformer("AnnotationsTransformer", "annotations: {a: b}", f"[{PEERS}]"), "peers", id="no annotations"
        ),
        pytest.param(
            transformer("PrefixTransformer", "prefix: a-", "[{path: spec/podSelector/matchLabels/app}]"),
            "peers",
            id="a prefix of a label",
        ),
    ],
)
def test_what_is_laid_over_touches_its_fields(text: str, aspect: str) -> None:
    patch = policy(name="web", namespace="", peer=CLIENT)
    found = report("transformers: [t.yaml]\n", {"t.yaml": text, "p.yaml": patch})
    other = report(
        "transformers: [t.yaml]\n",
        {"t.yaml": text.replace("NetworkPolicy", "Job").replace("spec/", "x/"), "p.yaml": patch.replace("web", "x")},
    )

    assert messages(found) == []
    assert "a patch changes the object" in why(found)
    assert len(messages(other)) == 1, aspect


def test_labels_in_peers_are_applied() -> None:
    text = transformer("LabelTransformer", "labels: {team: a}", f"[{PEERS}]")
    found = report("transformers: [t.yaml]\n", {"t.yaml": text}, WEB.replace("cleint", "client"))

    assert [(each.id, each.message) for each in found.findings] == [
        (
            "kustomize-labels-rewrite-peers",
            "kustomization . adds team=a to this peer, so it no longer matches Deployment client",
        )
    ]


def test_a_transformer_removes_an_object() -> None:
    removes = "apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: web}\n  $patch: delete"
    found = report(
        "transformers: [t.yaml]\n",
        {"t.yaml": transformer("PatchStrategicMergeTransformer", f"patches: |\n  {removes}")},
        deployment(namespace="").replace("image:", "imgae:"),
    )

    assert found.findings == ()
    assert {each.reason for each in found.skipped} == {
        "removed by a patch in every kustomization that includes it",
        "transformer of a kustomization: checked only with the objects that it changes",
    }


def test_what_is_not_applied_is_said() -> None:
    generator = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g, namespace: elsewhere}\n"
    found = report("transformers: [t.yaml, u.yaml]\n", {"t.yaml": NAMESPACE, "u.yaml": OWN, "g.yaml": generator})

    assert {(each.path, each.reason) for each in found.skipped} == {
        ("t.yaml", "transformer of a kustomization: checked only with the objects that it changes"),
        ("u.yaml", "transformer of a kustomization: checked only with the objects that it changes"),
        ("g.yaml", "configuration of kustomize: not applied by itself"),
    }


def test_an_empty_file_changes_nothing() -> None:
    assert len(messages(report("transformers: [t.yaml]\n", {"t.yaml": "# nothing\n"}))) == 1


@pytest.mark.parametrize(("number", "known"), [(100, True), (101, False)])
def test_so_many_transformers_are_looked_at(number: int, known: bool) -> None:  # noqa: FBT001 - a parameter
    found = report("transformers: [t.yaml]\n", {"t.yaml": "---\n".join([NAMESPACE] * number)})

    assert bool(messages(found)) is known


def test_a_folder_that_takes_in_itself() -> None:
    files = {"t/kustomization.yaml": "resources: [../t, t.yaml]\n", "t/t.yaml": NAMESPACE}

    assert len(messages(report("transformers: [t, t]\n", files))) == 1
