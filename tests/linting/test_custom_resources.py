"""Custom resources are judged by the CustomResourceDefinitions of their scope, and what is not judged is said."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from k8snetlint import Config, Report, Source, lint
from k8snetlint.linting.custom_resources import NO_SCHEMA, RULES, UNUSABLE
from k8snetlint.report import lines
from k8snetlint.report.style import Format, Style

if TYPE_CHECKING:
    from k8snetlint import Finding

CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: string, enum: [small, large]}
              replicas: {type: integer, minimum: 1}
              port: {x-kubernetes-int-or-string: true}
          status: {type: object, properties: {ready: {type: boolean}}}
  - name: v1alpha1
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
WIDGET = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
spec:
  size: small
"""
NOT_AN_INTEGER = 'spec.replicas in body must be of type integer: "string"'
SERVED = "its CustomResourceDefinition serves example.com/v1"
BASE = {"crd.yaml": CRD, "a.yaml": WIDGET}


def check(files: dict[str, str], *, context: dict[str, str] | None = None, config: Config | None = None) -> Report:
    sources = [Source.of(name, text) for name, text in files.items()]
    return lint(sources, config or Config(), context=[Source.of(*each) for each in (context or {}).items()])


def said(report: Report) -> list[tuple[str, str | None, str, int]]:
    return [(each.id, each.field, each.message, each.start.line) for each in report.findings]


def reasons(report: Report) -> list[str]:
    return [each.reason for each in report.unvalidated]


@pytest.mark.parametrize("order", [["crd.yaml", "a.yaml"], ["a.yaml", "crd.yaml"]], ids=" ".join)
def test_a_resource_that_its_definition_describes(order: list[str]) -> None:
    report = check({name: BASE[name] for name in order})
    assert said(report) == []
    assert report.unvalidated == ()


@pytest.mark.parametrize("first", [True, False], ids=["the definition first", "the resource first"])
def test_the_order_of_documents_does_not_matter(first: bool) -> None:  # noqa: FBT001 - a column
    bad = WIDGET.replace("small", "medium")
    text = f"{CRD}---\n{bad}" if first else f"{bad}---\n{CRD}"
    (finding,) = check({"a.yaml": text}).findings
    assert finding.field == "spec.size"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            WIDGET + "  replicas: three\n",
            (
                "api-type",
                "spec.replicas",
                f'expected an integer, found a string (spec.replicas: Invalid value: "string": {NOT_AN_INTEGER})',
                6,
            ),
            id="a type",
        ),
        pytest.param(
            WIDGET.replace("  size: small\n", "  port: 80\n"),
            ("api-required", "spec.size", "spec.size: Required value", 4),
            id="a missing field",
        ),
        pytest.param(
            WIDGET.replace("small", "smal"),
            (
                "api-not-supported",
                "spec.size",
                'spec.size: Unsupported value: "smal": supported values: "small", "large"',
                5,
            ),
            id="a value",
        ),
        pytest.param(
            WIDGET + "  replica: 3\n",
            (
                "api-unknown-field",
                "spec.replica",
                'unknown field "spec.replica"; without strict validation the field is dropped',
                6,
            ),
            id="an unknown field",
        ),
        pytest.param(
            WIDGET + "  replicas: 0\n",
            (
                "api-invalid",
                "spec.replicas",
                "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1",
                6,
            ),
            id="a number",
        ),
        pytest.param(
            WIDGET.replace("/v1", "/v1alpha1"),
            (
                "api-no-match",
                "apiVersion",
                f'no matches for kind "Widget" in version "example.com/v1alpha1"; {SERVED}',
                1,
            ),
            id="a version that is not served",
        ),
    ],
)
def test_mistakes(text: str, found: tuple[str, str, str, int]) -> None:
    assert said(check({**BASE, "a.yaml": text})) == [found]


def test_suggestions() -> None:
    (value,) = check({**BASE, "a.yaml": WIDGET.replace("small", "smal")}).findings
    (field,) = check({**BASE, "a.yaml": WIDGET + "  replica: 3\n"}).findings
    assert (value.help, field.help) == ("did you mean `small`?", "did you mean `replicas`?")


def test_the_status_is_dropped_before_it_is_validated() -> None:
    report = check({**BASE, "a.yaml": WIDGET + "status: {ready: maybe, nope: 1}\n"})
    assert [(each.id, each.field) for each in report.findings] == [("api-unknown-field", "status.nope")]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param({"a.yaml": WIDGET}, NO_SCHEMA, id="no definition"),
        pytest.param({**BASE, "crd.yaml": CRD.replace("Widget,", "Gadget,")}, NO_SCHEMA, id="another kind's"),
        pytest.param({**BASE, "crd.yaml": CRD.replace("tensions.k8s.io/v1", "tensions.k8s.io/v1beta1")}, NO_SCHEMA,
                     id="an old definition"),
        pytest.param({**BASE, "crd.yaml": CRD.replace("[small, large]", '["{{ .Values.size }}"]')}, UNUSABLE,
                     id="a template"),
        pytest.param({**BASE, "crd.yaml": CRD.replace("[small, large]", "small")}, UNUSABLE, id="no schema"),
        pytest.param(
            {**BASE, "crd.yaml": CRD.replace("required: [size]", "x-kubernetes-validations: [{rule: self.a == 1}]")},
            RULES,
            id="CEL rules",
        ),
    ],
)  # fmt: skip
def test_what_is_not_validated_is_said(files: dict[str, str], reason: str) -> None:
    report = check(files)
    assert [each for each in report.findings if each.path == "a.yaml"] == []
    assert reasons(report) == [reason]


def test_rules_do_not_hide_the_rest() -> None:
    crd = CRD.replace("required: [size]", "x-kubernetes-validations: [{rule: self.a == 1}]")
    report = check({"crd.yaml": crd, "a.yaml": WIDGET.replace("small", "medium")})
    assert [each.id for each in report.findings] == ["api-not-supported"]
    assert reasons(report) == [RULES]


def test_a_definition_of_the_context_counts() -> None:
    report = check({"a.yaml": WIDGET.replace("small", "medium")}, context={"crd.yaml": CRD})
    assert [each.id for each in report.findings] == ["api-not-supported"]


def test_a_definition_counts_in_its_scope() -> None:
    medium = WIDGET.replace("small", "medium")
    files = {
        "one/kustomization.yaml": "resources: [crd.yaml, w.yaml]\n",
        "one/crd.yaml": CRD,
        "one/w.yaml": medium,
        "two/kustomization.yaml": "resources: [w.yaml]\n",
        "two/w.yaml": medium,
    }
    report = check(files)
    assert [each.path for each in report.findings] == ["one/w.yaml"]
    assert [(each.path, each.reason) for each in report.unvalidated] == [("two/w.yaml", NO_SCHEMA)]


def test_what_a_patch_may_change_is_not_reported() -> None:
    files = {
        "kustomization.yaml": "resources: [crd.yaml, w.yaml]\npatches: [{path: p.yaml}]\n",
        "crd.yaml": CRD,
        "w.yaml": WIDGET.replace("small", "medium"),
        "p.yaml": WIDGET,
    }
    assert [each for each in check(files).findings if each.path == "w.yaml"] == []
    other = {**files, "p.yaml": WIDGET.replace("name: w", "name: x")}
    assert "w.yaml" in {each.path for each in check(other).findings}


def test_a_patched_definition_is_not_used() -> None:
    patch = "[{op: remove, path: /spec/versions/0/schema}]"
    files = {
        "kustomization.yaml": f"resources: [crd.yaml, w.yaml]\npatches: [{{target: {{kind: CustomResourceDefinition}}, "
        f"patch: '{patch}'}}]\n",
        "crd.yaml": CRD,
        "w.yaml": WIDGET.replace("small", "medium"),
    }
    report = check(files)
    assert [each for each in report.findings if each.path == "w.yaml"] == []
    assert reasons(report) == [UNUSABLE]


def test_of_several_definitions_all_must_reject() -> None:
    larger = CRD.replace("[small, large]", "[small, medium, large]").replace("name: widgets", "name: more-widgets")
    assert check({"a.yaml": WIDGET.replace("small", "medium"), "b.yaml": CRD, "c.yaml": larger}).findings == ()
    tiny = WIDGET.replace("small", "tiny") + "  replicas: 0\n"
    found = check({"a.yaml": tiny, "b.yaml": CRD, "c.yaml": larger}).findings
    # They list other values.
    assert [each.field for each in found] == ["spec.replicas"]


def test_items_of_lists_and_templates_are_resources() -> None:
    bad = WIDGET.replace("small", "medium").replace("\n", "\n    ")
    listed = f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - {bad}"
    template = f"apiVersion: template.openshift.io/v1\nkind: Template\nobjects:\n  - {bad}"
    report = check({"crd.yaml": CRD, "a.yaml": listed, "b.yaml": template})
    assert [(each.path, each.field, each.start.line) for each in report.findings] == [
        ("a.yaml", "spec.size", 11),
        ("b.yaml", "spec.size", 8),
    ]


def test_a_list_that_is_named_several_times_is_read_once() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- &a0\n  apiVersion: v1\n  kind: List\n  items:\n  - " + WIDGET.replace(
        "\n", "\n    "
    )
    again = "\n- &a{0} {{apiVersion: v1, kind: List, items: [*a{1}, *a{1}]}}"
    lists = "".join(again.format(number, number - 1) for number in range(1, 12))
    assert check({"a.yaml": text.rstrip() + lists + "\n"}).objects == 1


def test_parameters_of_a_template_are_placeholders() -> None:
    template = """\
apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: t}
parameters: [{name: PORT}, {name: NAME}]
objects:
- apiVersion: v1
  kind: Service
  metadata: {name: "${NAME}"}
  spec:
    selector: {app: "${NAME}"}
    ports: [{port: "${{PORT}}", targetPort: 70000}]
"""
    report = check({"a.yaml": template})
    assert [(each.id, each.field) for each in report.findings] == [("api-invalid", "spec.ports[0].targetPort")]
    assert report.objects == 1


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration"),
        ("kind.x-k8s.io/v1alpha4", "Cluster"),
        ("skaffold/v3", "Config"),
        ("v1", "ConfigMap"),
        ("rbac.authorization.k8s.io/v1", "Role"),
    ],
)
def test_what_is_no_custom_resource(api_version: str, kind: str) -> None:
    assert check({"a.yaml": f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n"}).unvalidated == ()


TEMPLATES = "apiVersion: v1\nkind: {{ .x }}\n---\napiVersion: v1\nkind: {{ .x }}\n"


def test_counts_agree_in_all_formats() -> None:
    files = {f"{name}.yaml": WIDGET.replace("name: w", f"name: {name}") for name in "abc"}
    rules = CRD.replace("Widget,", "Gadget,").replace("required: [size]", "x-kubernetes-validations: [{rule: a}]")
    files |= {"g.yaml": WIDGET.replace("Widget", "Gadget"), "crd.yaml": rules, "t.yaml": TEMPLATES}
    report = check(files)
    whole = "\n".join(lines(Format.FULL, report, Style()))
    assert "3 custom resources have no schema (-v lists them)." in whole
    assert "1 custom resource was validated only in part (-v says why)." in whole
    assert "1 template not checked (-v lists them)." in whole
    read = json.loads("".join(lines(Format.JSON, report, Style())))
    assert read["summary"]["unvalidated"] == len(read["unvalidated"]) == 4
    assert read["summary"]["templates"] == 1
    infos: list[Finding] = [each for each in report.findings if each.id == "template-skipped"]
    assert len(infos) == 1
    assert read["unvalidated"][0] == {
        "path": "a.yaml",
        "document": 0,
        "object": {"apiVersion": "example.com/v1", "kind": "Widget", "namespace": None, "name": "a"},
        "reason": NO_SCHEMA,
    }


def test_a_check_with_definitions_does_not_import_jsonschema(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "jsonschema"]:
        monkeypatch.delitem(sys.modules, name)
    assert check({**BASE, "a.yaml": WIDGET.replace("small", "medium")}).findings
    assert "jsonschema" not in sys.modules
