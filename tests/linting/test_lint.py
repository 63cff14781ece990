"""The pipeline, from texts to findings."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from manifests import KUSTOMIZATION, manifest

from k8snetlint import Config, ConfigError, Finding, Report, Severity, Source, lint
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.finding import Problem

NODE_PORT = """\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  selector: {app: web}
  ports:
  - port: 80
    nodePort: 8080
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web, image: nginx}\n"


def run(text: str, config: Config | None = None, *, name: str = "web.yaml") -> Report:
    return lint([Source.of(name, text)], config or Config())


def brief(finding: Finding) -> tuple[str, int, int, str]:
    return finding.id, finding.start.line, finding.start.column, finding.message


def test_a_finding_has_its_place_its_field_and_its_object() -> None:
    (finding,) = run(NODE_PORT).findings

    assert brief(finding) == ("service-node-port-out-of-range", 10, 15, "nodePort 8080 is outside 30000-32767")
    assert (finding.severity, finding.field, finding.document) == (Severity.ERROR, "spec.ports[0].nodePort", 0)
    assert str(finding.object) == "Service web"
    assert NODE_PORT[finding.start.offset : finding.end.offset] == "8080"
    assert finding.lines == ("    nodePort: 8080",)


def test_the_api_python_users_call_is_the_pipeline() -> None:
    report = lint([Source.of("a.yaml", NODE_PORT), Source.of("b.yaml", POD)], Config())

    assert (report.files, report.documents, report.objects) == (2, 2, 2)
    assert {finding.id for finding in report.findings if finding.path == "a.yaml"} == {
        "service-node-port-out-of-range",
        "service-selector-matches-nothing",
    }


STRUCTURE: list[tuple[str, str, list[tuple[str, str | None]]]] = [
    ("an unknown field", POD + "  hostnetwork: true\n", [("api-unknown-field", "spec.hostnetwork")]),
    ("a wrong type", POD + "  hostNetwork: 'yes'\n", [("api-type", "spec.hostNetwork")]),
    ("a placeholder is no wrong type", POD + "  hostNetwork: '{{ .Values.host }}'\n", []),
    ("a removed version", "apiVersion: extensions/v1beta1\nkind: Ingress\n", [("api-removed-version", "apiVersion")]),
    ("a kind that is none", "apiVersion: apps/v1\nkind: Deploymnet\n", [("api-no-match", "kind")]),
    ("a kind of another version", "apiVersion: v1\nkind: Deployment\n", [("api-no-match", "apiVersion")]),
    ("a custom resource is never accused", "apiVersion: example.com/v1\nkind: Service\nspec: {portz: 1}\n", []),
    ("a kubeconfig is no API object", "apiVersion: v1\nkind: Config\nclusters: []\n", []),
    ("no apiVersion", "kind: Service\nmetadata: {name: web}\n", [("api-required", "apiVersion")]),
    ("the configuration of kube-state-metrics", "kind: CustomResourceStateMetrics\nspec: {resources: []}\n", []),
    ("no kind", "apiVersion: v1\nmetadata: {name: web}\n", [("api-required", "kind")]),
    ("a duplicate key", POD + "spec:\n  containers: [{name: a, image: b}]\n", [("api-duplicate-key", "spec")]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in STRUCTURE], ids=[row[0] for row in STRUCTURE])
def test_what_the_server_rejects(text: str, expected: list[tuple[str, str | None]]) -> None:
    findings = run(text).findings

    assert [(finding.id, finding.field) for finding in findings] == expected


@pytest.mark.parametrize(
    ("versions", "ids"),
    [
        pytest.param(((1, 29),), ["api-unknown-field"], id="before it was there"),
        pytest.param(((1, 30),), [], id="since it is there"),
        pytest.param(((1, 29), (1, 30)), ["api-unknown-field"], id="for one of two"),
    ],
)
def test_a_field_belongs_to_versions(versions: tuple[tuple[int, int], ...], ids: list[str]) -> None:
    text = NODE_PORT.replace("8080", "30080") + "  trafficDistribution: PreferClose\n"
    findings = run(text, Config(environment=Environment(versions=versions))).findings

    assert [finding.id for finding in findings] == ids
    if len(versions) > 1:
        assert findings[0].message.endswith("(Kubernetes 1.29)")


LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: a}
  spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}], selector: {app: a}}
- apiVersion: v1
  kind: Service
  metadata: {name: b}
  spec: {type: NodePort, ports: [{port: 80, nodePort: 1}], selector: {app: b}}
"""


def test_the_items_of_a_list_are_objects_with_fields_of_their_own() -> None:
    report = run(LIST)
    (finding,) = report.findings

    assert report.objects == 2
    assert (finding.field, finding.start.line, str(finding.object)) == ("spec.ports[0].nodePort", 11, "Service b")


def test_items_of_a_typed_list_inherit_its_kind() -> None:
    text = "apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n  spec: {selector: {a: b}, portz: []}\n"
    (finding,) = run(text).findings

    assert (finding.id, finding.field, finding.start.line) == ("api-unknown-field", "spec.portz", 5)


def test_a_duplicate_key_in_an_item_of_a_list_belongs_to_the_item() -> None:
    (finding,) = run(
        LIST.replace("{name: a}", "{name: a, name: c}").replace("nodePort: 1}", "nodePort: 30081}")
    ).findings

    assert (finding.id, finding.field, str(finding.object)) == ("api-duplicate-key", "metadata.name", "Service c")
    assert [related.start.line for related in finding.related] == [6]


deployment = partial(manifest, "apps/v1", "Deployment", "web", namespace="")
NO_IMAGE = "{template: {spec: {containers: [{name: web, prots: []}]}}}"
NO_LABELS = "{template: {spec: {containers: [{name: web, image: web, prots: []}]}}}"
DELETED = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {tipe: LoadBalancer}\n"
NO_IMAGE_POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: web, ports: []}]}\n"
SELECTING = deployment(spec=NO_IMAGE.replace("{template", "{selector: {matchLabels: {a: b}}, template", 1))
PATCHES = {
    "a workload without image": deployment(spec=NO_IMAGE),
    "a workload without selector and labels": deployment(spec=NO_LABELS),
    "a Service without ports and selector": SERVICE,
    "$patch": DELETED + "$patch: delete\n",
    "$patch in a list": deployment(spec="{template: {spec: {containers: [{name: web, $patch: delete}]}}}"),
    "$patch in a workload without containers": deployment(spec="{strategi: {$patch: replace}}"),
    "$patch in a custom resource": "apiVersion: a.b/v1\nkind: A\nmetadata: {name: a}\n$patch: delete\n",
    "$patch without an apiVersion": "kind: Ingress\nmetadata: {name: a}\n$patch: delete\n",
    "an item of a List": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n",
}
WHOLE = {
    "no name": deployment(spec=NO_IMAGE).replace("name: web", "", 1),
    "no name beside $patch": (DELETED + "$patch: delete\n").replace("name: a", ""),
    "an unknown key at the top": deployment(spec=NO_IMAGE) + "replicas: 2\n",
    "an unknown key at the top of a Service": SERVICE + "port: 80\n",
    "an unknown key beside $patch": DELETED + "$patch: delete\nrules: []\n",
    "a workload without containers": deployment(spec="{replicas: 2}"),
    "a Pod without containers": "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [], x: 1}\n",
    "a Pod without spec": "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {b: c}}\n",
    "a Pod without an image": NO_IMAGE_POD,
    "a workload with a selector and without an image": SELECTING,
    "$patch in a comment": DELETED + "spec: {tsl: []}  # $patch: delete\n",
    "$patch as a value": DELETED + "spec: {tsl: $patch}\n",
    "$patch in a text": DELETED + 'spec: {tsl: "$patch: delete"}\n',
    "$patch that says nothing": DELETED + "$patch: nothing\n",
}


@pytest.mark.parametrize("text", PATCHES.values(), ids=PATCHES)
def test_what_looks_like_a_patch_is_counted_not_judged(text: str) -> None:
    report = run(text)

    assert report.findings == ()
    assert [skipped.reason.split(":")[0] for skipped in report.skipped] == ["patch"]


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_what_may_be_a_whole_object_is_judged(text: str) -> None:
    report = run(text)

    assert {finding.id for finding in report.findings} & {"api-unknown-field", "api-required"}
    assert report.skipped == ()


@pytest.mark.parametrize("text", [NO_IMAGE_POD, SELECTING])
@pytest.mark.parametrize(
    "name", ["patches/web.yaml", "web-patch.yaml", "overlays/prod/web.yaml", "tests/01-assert.yaml"]
)
def test_what_lacks_its_images_alone_is_a_patch_if_its_path_says_so(text: str, name: str) -> None:
    assert run(text, name=name).findings == ()
    assert run(text, name="k8s/web.yaml").findings != ()


COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"


@pytest.mark.parametrize(
    "kustomization",
    [
        KUSTOMIZATION + "patches: [{path: p/web.yaml}]\n",
        KUSTOMIZATION + "patchesStrategicMerge: [p/web.yaml]\n",
        KUSTOMIZATION + "patchesJson6902: [{path: p/web.yaml, target: {kind: Service, name: web}}]\n",
        KUSTOMIZATION + "patches: [{path: p/web.yaml}]\nresources: [p/web.yaml]\n",
        COMPONENT + "patches: [{path: p/web.yaml}]\n",
    ],
)
@pytest.mark.parametrize("text", [NODE_PORT, *WHOLE.values()], ids=["a whole Service", *WHOLE])
def test_a_file_that_a_kustomization_lists_as_patch_is_one(text: str, kustomization: str) -> None:
    sources = [Source.of("kustomization.yaml", kustomization), Source.of("p/web.yaml", text)]

    assert lint(sources, Config()).findings == ()
    assert lint(sources[1:], Config()).findings != ()


@pytest.mark.parametrize("text", PATCHES.values(), ids=PATCHES)
def test_a_file_that_a_kustomization_takes_in_is_no_patch(text: str) -> None:
    kustomization = Source.of("kustomization.yaml", KUSTOMIZATION + "resources: [p/web.yaml]\n")

    assert lint([kustomization, Source.of("p/web.yaml", text)], Config()).skipped == ()


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ("commonLabels: {app: web}\n", set()),
        ("labels: [{pairs: {app: web}, includeSelectors: true}]\n", set()),
        ("namePrefix: a-\n", {"spec.selector"}),
    ],
)
def test_a_kustomization_gives_a_workload_its_selector_and_labels(settings: str, missing: set[str]) -> None:
    kustomization = Source.of("kustomization.yaml", f"{KUSTOMIZATION}{settings}resources: [web.yaml]\n")
    text = deployment(spec=NO_LABELS.replace(", prots: []", ""))
    findings = lint([kustomization, Source.of("web.yaml", text)], Config()).findings

    assert {finding.field for finding in findings} == missing


def test_labels_of_a_kustomization_do_not_hide_that_a_selector_matches_no_pod() -> None:
    kustomization = Source.of("kustomization.yaml", KUSTOMIZATION + "commonLabels: {a: b}\nresources: [web.yaml]\n")
    spec = NO_LABELS.replace(", prots: []", "").replace("{template: {", "{template: {metadata: {labels: {app: w}}, ")
    text = deployment(spec=spec.replace("{template", "{selector: {matchLabels: {app: web}}, template", 1))
    findings = lint([kustomization, Source.of("web.yaml", text)], Config()).findings

    assert [finding.field for finding in findings if finding.id != "internal-error"] == [
        "spec.template.metadata.labels"
    ]


def test_a_headless_service_without_ports_is_whole() -> None:
    report = run("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: None, portz: []}\n")

    assert [finding.id for finding in report.findings] == ["api-unknown-field"]


def test_a_template_is_one_info_and_listed_as_skipped() -> None:
    text = POD + "---\n" + POD + "  nodeName: {{ x }}\n---\n" + POD + "  nodeName: {{ y }}\n"
    report = run(text)

    assert [(finding.id, finding.severity) for finding in report.findings] == [("template-skipped", Severity.INFO)]
    assert [skipped.document for skipped in report.skipped] == [1, 2]


def test_other_texts_are_skipped_quietly() -> None:
    report = run("services: {web: {image: nginx}}\n")

    assert report.findings == ()
    assert [(skipped.document, skipped.reason) for skipped in report.skipped] == [(None, "not a Kubernetes object")]


def test_a_file_that_cannot_be_read_is_a_finding_and_the_others_are_checked() -> None:
    def fail() -> bytes:
        raise OSError(13, "Permission denied")

    report = lint([Source("a.yaml", fail), Source.of("b.yaml", NODE_PORT)], Config())

    assert [(finding.id, finding.path) for finding in report.findings] == [
        ("file-unreadable", "a.yaml"),
        ("service-node-port-out-of-range", "b.yaml"),
    ]


def test_a_file_that_changes_while_it_is_checked_is_said() -> None:
    texts = [NODE_PORT.encode(), b"# empty now: apiVersion, kind\n"]
    report = lint([Source("a.yaml", lambda: texts.pop(0))], Config())

    assert [(finding.id, finding.message) for finding in report.findings] == [
        ("file-unreadable", "changed while it was checked")
    ]


WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
MISSES_WEB = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: NAME}\nspec:\n  selector: {app: wbe}\n  ports: [{port: 80}]\n"
)


def test_a_file_is_read_once_more_for_all_findings_that_name_it() -> None:
    reads: list[str] = []

    def source(name: str, text: str) -> Source:
        def read() -> bytes:
            reads.append(name)
            return text.encode()

        return Source(name, read)

    sources = [source("a.yaml", MISSES_WEB.replace("NAME", "a") + "  portz: 1\n"), source("web.yaml", WEB)]
    report = lint(sources, Config(select=("service-selector-matches-nothing", "api-unknown-field")))

    assert [(finding.path, [each.path for each in finding.related]) for finding in report.findings] == [
        ("a.yaml", ["web.yaml"]),
        ("a.yaml", []),
    ]
    assert reads == ["a.yaml", "web.yaml"] * 2


def test_a_further_place_that_is_gone_is_said() -> None:
    contents = [WEB.encode()]

    def read_once() -> bytes:
        if not contents:
            raise OSError(2, "No such file or directory")
        return contents.pop()

    sources = [Source.of("a.yaml", MISSES_WEB.replace("NAME", "a")), Source("web.yaml", read_once)]
    report = lint(sources, Config(select=("service-selector-matches-nothing",)))

    assert [(finding.id, finding.path, finding.message, finding.rejected) for finding in report.findings] == [
        ("file-unreadable", "a.yaml", "No such file or directory", True)
    ]


SELECTIONS: list[tuple[str, Config, list[str]]] = [
    ("all", Config(), ["api-unknown-field", "service-node-port-out-of-range"]),
    ("one id", Config(select=("service-node-port-out-of-range",)), ["service-node-port-out-of-range"]),
    ("a group", Config(select=("api",)), ["api-invalid", "api-unknown-field"]),
    ("an ignored group", Config(ignore=("service",)), ["api-invalid", "api-unknown-field"]),
    ("ignore wins", Config(select=("ALL",), ignore=("api-unknown-field",)), ["service-node-port-out-of-range"]),
    (
        "an id named wins over an ignored group",
        Config(select=("service-node-port-out-of-range",), ignore=("service",)),
        ["service-node-port-out-of-range"],
    ),
    ("off", Config(severity={"service-node-port-out-of-range": None}), ["api-invalid", "api-unknown-field"]),
]


@pytest.mark.parametrize(("config", "ids"), [row[1:] for row in SELECTIONS], ids=[row[0] for row in SELECTIONS])
def test_selection(config: Config, ids: list[str]) -> None:
    report = run(NODE_PORT + "  portz: 1\n", config)

    assert sorted(finding.id for finding in report.findings) == ids


def test_a_severity_can_be_set() -> None:
    (finding,) = run(NODE_PORT, Config(severity={"service-node-port-out-of-range": Severity.INFO})).findings

    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("finding_id", ["internal-error", "file-unreadable", "yaml-syntax"])
def test_what_was_not_checked_cannot_be_ignored(finding_id: str) -> None:
    with pytest.raises(ConfigError, match="cannot be ignored"):
        run(POD, Config(ignore=(finding_id,)))


def test_a_fingerprint_outlives_moved_lines_and_tells_equal_findings_apart() -> None:
    (before,) = run(NODE_PORT).findings
    (after,) = run("# a comment\n\n" + NODE_PORT).findings
    (other,) = run(NODE_PORT.replace("8080", "8081")).findings
    twice = run(NODE_PORT + "---\n" + NODE_PORT, Config(select=("service",))).findings

    assert len(before.fingerprint) == 16
    assert before.fingerprint == after.fingerprint != other.fingerprint
    assert [finding.fingerprint for finding in twice] == [before.fingerprint, before.fingerprint + "-2"]


def test_secrets_are_never_quoted() -> None:
    manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  key: aHVudGVyMg==\n  key: aHVudGVyMw==\n"
    env = POD.replace("image: nginx", "image: nginx, env: [{name: DB_PASSWORD, value: 12345}]")
    for text in (manifest, env):
        (finding,) = run(text).findings
        assert finding.lines == ()
        assert "hunter" not in repr(finding)
        assert "12345" not in repr(finding)


def test_a_rule_that_fails_is_said_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(*_: object) -> None:
        raise ZeroDivisionError("oh")

    good = rule_of("service-node-port-out-of-range")
    assert good
    broken = good._replace(id="service-broken", check=check)  # type: ignore[arg-type]  # it is to fail
    monkeypatch.setattr("k8snetlint.linting.judging.rules_about", lambda *_: (broken, good))
    findings = run(NODE_PORT).findings

    assert {finding.id for finding in findings} == {"internal-error", "service-node-port-out-of-range"}
    assert "rule service-broken failed: ZeroDivisionError: oh" in {finding.message for finding in findings}


def test_what_a_rule_asks_for_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def check(*arguments: object) -> Iterator[Problem]:
        seen.append([type(each).__name__ for each in arguments])
        return iter(())

    alone = rule_of("service-node-port-on-clusterip")
    assert alone
    rules = [
        alone._replace(check=check),
        alone._replace(check=check, asks=("Environment", "Cluster")),
        alone._replace(check=check, on=Cluster, asks=("Environment",)),
    ]
    monkeypatch.setattr("k8snetlint.linting.judging.rules_about", lambda *_: rules)
    run(NODE_PORT)

    assert seen == [["Service"], ["Service", "Environment", "Cluster"], ["Cluster", "Environment"]]


@pytest.mark.parametrize(
    ("config", "times"),
    [
        (Config(), 1),
        (Config(select=("service",)), 1),
        (Config(per_file_ignores=(("*.yaml", ("service",)),)), 1),
        (Config(select=("api",)), 0),
        (Config(ignore=("service-node-port-out-of-range",)), 0),
        (Config(severity={"service-node-port-out-of-range": None}), 0),
    ],
)
def test_a_rule_that_is_not_reported_does_not_run(config: Config, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rule, ran = rule_of("service-node-port-out-of-range"), []
    assert rule
    check = rule.check

    def noted(*arguments: object) -> object:
        ran.append(rule.id)
        return check(*arguments)

    monkeypatch.setattr(sys.modules[check.__module__], "check", rule._replace(check=noted))  # type: ignore[arg-type]  # as before
    lint([Source.of("web.yaml", NODE_PORT)], config)

    assert ran == [rule.id] * times


def test_without_rules_nothing_is_judged_together() -> None:
    assert [scope.objects for scope in run(NODE_PORT).scopes] == [1]
    assert run(NODE_PORT, Config(select=("api",))).scopes == ()


def test_an_ignored_rule_gives_the_rejection_back() -> None:
    (finding,) = run(NODE_PORT, Config(ignore=("service-node-port-out-of-range",))).findings

    assert (finding.id, finding.field) == ("api-invalid", "spec.ports[0].nodePort")


def test_a_schema_of_the_user_checks_a_custom_resource() -> None:
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}
    config = Config(schemas={("example.com", "v1", "Widget"): schema})
    (finding,) = run("apiVersion: example.com/v1\nkind: Widget\nspec: {size: big}\n", config).findings

    assert (finding.id, finding.field, finding.message) == ("api-type", "spec.size", "'big' is not of type 'integer'")


def test_findings_come_in_the_order_of_a_reader() -> None:
    sources = [Source.of("b.yaml", NODE_PORT), Source.of("a.yaml", NODE_PORT + "  portz: 1\n")]
    places = [(finding.path, finding.start.line) for finding in lint(sources, Config()).findings]

    assert places == sorted(places)
    assert len(places) == 3


def test_a_byte_order_mark_within_the_text_is_part_of_a_key() -> None:
    report = run(f"# shop\n\ufeff{NODE_PORT}")

    assert [(each.id, each.message, each.start[:2]) for each in report.findings] == [
        ("api-required", "a byte order mark stands before apiVersion", (2, 1))
    ]


def test_an_object_that_sops_encrypted_is_skipped() -> None:
    added = "sops: {mac: 'ENC[AES256_GCM,data:x]', lastmodified: '2024-01-01T00:00:00Z'}\n"
    report = run(NODE_PORT.replace("8080", "ENC[AES256_GCM,data:x,type:int]") + added)

    assert report.findings == ()
    assert [each.reason for each in report.skipped] == ["encrypted with SOPS: decrypt it first"]
    assert [each.id for each in run(NODE_PORT + "sops: {}\n").findings if "unknown" in each.id] == ["api-unknown-field"]
