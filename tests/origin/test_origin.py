"""Findings about what was rendered name the base, the patch or the template that a value comes from."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snetlint import Config, Finding, Source, lint
from k8snetlint.cli import FINDINGS, run
from k8snetlint.origin import map_to_sources
from k8snetlint.origin.objects import counterpart, field_at
from k8snetlint.render.files import tree_reader
from k8snetlint.render.rendered import Rendered
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from k8snetlint.finding import Report

PROJECT = Path(__file__).parents[1] / "projects/render"
GO = Path.home() / "go/bin"


def service(name: str, ports: str, *, more: str = "") -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n{more}spec:\n  selector:\n    app: web\n{ports}"


PORTS = "  type: NodePort\n  ports:\n  - name: a\n    port: 80\n    nodePort: {}\n  - name: b\n    port: 81\n"
BASE = "# comment\n---\n" + service("api", "  ports:\n  - port: 1\n") + "---\n" + service("web", PORTS.format(30080))
KUSTOMIZATION = "overlay/kustomization.yaml"
IDS = ("service-node-port-out-of-range", "api-unknown-field", "api-type", "netpol-missing-policy-types")
NO_FIELDS = ",".join(("netpol-selector-missing-match-labels", *IDS))
CHOSEN = Config(select=IDS)


def moved(
    text: str, files: dict[str, str], *, origin: str | None = "base/web.yaml", chart: str | None = None
) -> Report:
    """Lint a rendered text and map its findings; every document has the same origin, None for a stream."""
    source = Source.of("overlay (rendered)", text)
    origins = None if origin is None else (origin,) * (text.count("---\n") + 1)
    kustomizations = (KUSTOMIZATION,) if KUSTOMIZATION in files else ()
    rendered = Rendered(source, chart=chart, origins=origins, kustomizations=kustomizations)
    return map_to_sources(lint([source], CHOSEN), [rendered], files.get)


def where(report: Report) -> list[str]:
    return [f"{each.path}:{each.start.line}:{each.start.column}" for each in report.findings]


def only(report: Report) -> Finding:
    assert len(report.findings) == 1
    return report.findings[0]


@pytest.mark.parametrize(
    ("patches", "place"),
    [
        pytest.param("patches: [{path: a.yaml}]\n", "overlay/a.yaml:8:15", id="a file"),
        pytest.param("patchesStrategicMerge: [a.yaml]\n", "overlay/a.yaml:8:15", id="an old field"),
        pytest.param("patches: [{path: other.yaml}, {path: a.yaml}]\n", "overlay/a.yaml:8:15", id="one of two"),
        pytest.param(
            "patches: [{path: any.yaml, target: {kind: Service, name: w.*}}]\n", "overlay/any.yaml:8:15", id="a target"
        ),
        pytest.param(
            "patches: [{path: any.yaml, target: {kind: Ingress}}]\n",
            "base/web.yaml:13:1",
            id="a target of another kind",
        ),
        pytest.param(
            "patches: [{path: any.yaml, target: {name: api}}]\n", "base/web.yaml:13:1", id="a target of another name"
        ),
        pytest.param("patches: [{path: any.yaml, target: {name: '('}}]\n", "base/web.yaml:13:1", id="no pattern"),
        pytest.param("patches: [{path: op.yaml, target: {name: web}}]\n", "overlay/op.yaml:4:10", id="an operation"),
        pytest.param(
            "patches:\n- patch: |-\n    apiVersion: v1\n    kind: Service\n    metadata:\n      name: web\n"
            "    spec:\n      ports:\n      - port: 80\n        nodePort: 40080\n",
            f"{KUSTOMIZATION}:10:19",
            id="an inline patch",
        ),
        pytest.param(
            "patches:\n- target: {name: web}\n  patch: |-\n    - op: add\n      path: /spec/ports/0\n"
            "      value:\n        name: a\n        port: 80\n        nodePort: 40080\n",
            f"{KUSTOMIZATION}:9:19",
            id="an inline operation on an item",
        ),
        pytest.param(
            "patches:\n- target: {name: web}\n  patch: '[{op: replace, path: /spec/ports/0/nodePort, value: 40080}]'\n",
            f"{KUSTOMIZATION}:3:10",
            id="an inline patch on one line",
        ),
        pytest.param("patches: [{path: gone.yaml}, 3, {patch: [}]\n", "base/web.yaml:13:1", id="no kustomization"),
        pytest.param("namespace: prod\n", "base/web.yaml:13:1", id="no patch"),
    ],
)
def test_a_value_is_found_in_the_patch_that_sets_it(patches: str, place: str) -> None:
    patch = (
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n    nodePort: 40080\n"
    )
    files = {
        "base/web.yaml": BASE,
        KUSTOMIZATION: patches,
        "overlay/a.yaml": patch,
        "overlay/any.yaml": patch.replace("name: web", "name: any"),
        "overlay/other.yaml": patch.replace("40080", "30081"),
        "overlay/op.yaml": "- op: replace\n  # why\n  path: /spec/ports/0/nodePort\n  value: 40080\n",
    }

    report = moved(service("prod-web", PORTS.format(40080)), files)

    assert where(report) == [place]
    beside = only(report).related[-1]
    assert (beside.path, beside.start.line, beside.message) == ("overlay (rendered)", 12, "as rendered")


def test_a_value_is_found_in_the_base_although_items_moved() -> None:
    ports = "  type: NodePort\n  ports:\n  - name: b\n    port: 81\n    nodePort: 40081\n  - name: a\n    port: 80\n"
    before = PORTS.format(30080) + "    nodePort: 40081\n"

    report = moved(service("web", ports), {"base/web.yaml": service("web", before)})

    assert where(report) == ["base/web.yaml:15:15"]
    assert only(report).lines == ("    nodePort: 40081",)


POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {}
spec:
  podSelector: {{}}
"""


def test_a_missing_field_is_missing_in_the_base() -> None:
    base = "# one\n" + POLICY.format("a") + "---\n" + POLICY.format("a-b") + "---\n" + POLICY.format("b")

    report = moved(POLICY.format("x-a-b"), {"base/web.yaml": base})

    assert where(report) == ["base/web.yaml:13:1"]
    assert only(report).document == 1


def test_a_key_is_found_where_it_is_written() -> None:
    wrong = "  ports:\n  - port: 80\n    prot: TCP\n"

    report = moved(service("web", wrong), {"base/web.yaml": service("web", wrong)})

    assert where(report) == ["base/web.yaml:10:5"]


def test_what_has_no_file_stays_in_the_render() -> None:
    text = service("web", PORTS.format(40080))

    for origin in ("", "../elsewhere.yaml"):
        report = moved(text, {"base/web.yaml": BASE}, origin=origin)
        assert where(report) == ["overlay (rendered):12:15"]
    assert only(report).related[0].message == "comes from `../elsewhere.yaml`"
    assert where(moved(text, {"base/web.yaml": "a: 1\n"})) == ["overlay (rendered):12:15"]


def test_a_stream_of_kustomize_is_mapped_where_its_files_are() -> None:
    more = "  annotations:\n    config.kubernetes.io/origin: |\n      path: ../../base/web.yaml\n"
    changed = "    alpha.config.kubernetes.io/transformations: |\n      - configuredIn: ../prod/kustomization.yaml\n"
    patch = "patches: [{path: op.yaml, target: {name: web}}]\n"
    files = {
        "base/web.yaml": BASE,
        "prod/kustomization.yaml": patch,
        "prod/op.yaml": "[{op: replace, path: /spec/ports/0/nodePort, value: 40080}]\n",
    }
    text = service("web", PORTS.format(40080), more=more)

    assert where(moved(text, files, origin=None)) == ["base/web.yaml:13:1"]
    text = service("web", PORTS.format(40080), more=more + changed)
    assert where(moved(text, files, origin=None)) == ["prod/op.yaml:1:53"]


TEMPLATE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: 40080
---
{{ if .Values.more }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
{{ end }}
"""
SOURCE = "---\n# Source: webshop/templates/a.yaml\n"


def helm(node_port: int, template: str, *, chart: str | None = "shop", path: str = "shop/templates/a.yaml") -> Report:
    text = SOURCE + service("web", "  type: NodePort\n  ports:\n  - port: 80\n    nodePort: " + f"{node_port}\n")
    return moved(text, {path: template, "Chart.yaml": "name: webshop\n"}, origin=None, chart=chart)


def test_a_line_is_found_in_its_template() -> None:
    report = helm(40080, TEMPLATE)

    assert where(report) == ["shop/templates/a.yaml:9:17"]
    finding = only(report)
    assert finding.lines == ("      nodePort: 40080",)
    assert (finding.end.line, finding.end.column) == (9, 22)
    assert finding.document is None
    assert str(finding.object) == "Service web"


def test_a_line_that_a_template_makes_or_has_twice_is_found_by_its_kind() -> None:
    assert where(helm(40081, TEMPLATE)) == ["shop/templates/a.yaml:1:1"]
    assert where(helm(40080, TEMPLATE + "      nodePort: 40080\n")) == ["shop/templates/a.yaml:9:17"]
    twice = TEMPLATE.replace("    - port", "      nodePort: 40080\n    - port")
    assert where(helm(40080, twice)) == ["shop/templates/a.yaml:1:1"]
    first, second = TEMPLATE.split("---\n")
    assert where(helm(40081, f"{second}---\n# b\n{first}")) == ["shop/templates/a.yaml:10:1"]


@pytest.mark.parametrize("path", ["webshop/templates/a.yaml", "charts/webshop/templates/a.yaml", "templates/a.yaml"])
def test_a_stream_of_helm_is_mapped_where_its_templates_are(path: str) -> None:
    assert where(helm(40080, TEMPLATE, chart=None, path=path)) == [f"{path}:9:17"]


@pytest.mark.parametrize("name", [".env", "a/.env", "/templates/a.yaml", "../templates/x", "templates/id_rsa"])
def test_a_stream_opens_no_other_files(name: str) -> None:
    asked: list[str] = []

    def read(path: str) -> str | None:
        asked.append(path)
        return "kind: Service\n"

    source = Source.of("<stdin>", f"# Source: {name}\n" + service("web", PORTS.format(40080)))
    report = map_to_sources(lint([source], CHOSEN), [Rendered(source)], read)

    assert set(asked) <= {"Chart.yaml"}
    assert where(report) == ["<stdin>:13:15"]


def test_a_file_that_is_no_template_of_manifests_is_not_shown() -> None:
    assert where(helm(40080, "password: x\n")) == ["overlay (rendered):13:15"]


POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {}
spec:
  containers:
  - name: web
    image: web
    env:
    - name: DB_PASSWORD
      value: {}
"""


@pytest.mark.parametrize(
    ("files", "place"),
    [
        pytest.param({"base/web.yaml": POD.format("a", 1234)}, "base/web.yaml:11:14", id="in the base"),
        pytest.param({"base/web.yaml": POD.format("a", 5678)}, "overlay/p.yaml:1:66", id="in a patch"),
        pytest.param(
            {"base/web.yaml": POD.format("a", 5678), KUSTOMIZATION: "namespace: a\n"}, "base/web.yaml:1:1", id="nowhere"
        ),
    ],
)
def test_what_is_hidden_stays_hidden(files: dict[str, str], place: str) -> None:
    patches = {
        KUSTOMIZATION: "patches: [{path: p.yaml, target: {name: a}}]\n",
        "overlay/p.yaml": "- {op: replace, path: /spec/containers/0/env/0/value,     value: 1234}\n",
    }

    report = moved(POD.format("x-a", 1234), patches | files)

    assert where(report) == [place]
    assert "1234" not in str(report)


def test_what_is_hidden_stays_hidden_in_a_template() -> None:
    text = SOURCE + POD.format("a", 1234)

    report = moved(text, {"shop/templates/a.yaml": POD.format("b", 1234)}, origin=None, chart="shop")

    assert where(report) == ["shop/templates/a.yaml:11:14"]
    assert "1234" not in str(report)


def test_what_is_found_twice_is_said_once() -> None:
    text = service("web", PORTS.format(40080))
    sources = [Source.of(name, text) for name in ("base/web.yaml", "a (rendered)", "b (rendered)")]
    report = lint(sources, CHOSEN)
    renders = [Rendered(source, origins=("base/web.yaml",)) for source in sources[1:]]

    once = only(map_to_sources(report, renders, {"base/web.yaml": text}.get))

    assert once.path == "base/web.yaml"
    assert [each.path for each in once.related] == ["a (rendered)", "b (rendered)"]
    assert once.fingerprint == only(lint(sources[:1], CHOSEN)).fingerprint


def test_every_field_is_found_at_its_own_place() -> None:
    text = SOURCE + service("web", PORTS.format(30080) + "  externalIPs: [a, {b: c}]\n  empty:\n")
    document = load(Source.of("a", text)).documents[0]
    for path in (
        ("spec",),
        ("spec", "ports"),
        ("spec", "ports", 1),
        ("spec", "ports", 1, "name"),
        ("spec", "ports", 1, ""),
        ("spec", "externalIPs", 0),
        ("spec", "externalIPs", 1, "b"),
        ("kind",),
    ):
        span = document.locate(path)
        assert field_at(document, span) == (path, False)
    for path in (("spec",), ("spec", "ports", 1, "port"), ("spec", "externalIPs", 1, "b"), ("spec", "empty")):
        assert field_at(document, document.locate(path, key=True)) == (path, True)


@pytest.mark.parametrize(
    ("ours", "theirs", "path", "found"),
    [
        pytest.param([1, 2], [2, 1], (0,), (1,), id="equal items"),
        pytest.param([{"name": "a"}, {"name": "b", "x": 1}], [{"name": "b"}], (1,), (0,), id="the same name"),
        pytest.param([{"x": 1}], [{"x": 2}], (0, "x"), (0, "x"), id="lists as long"),
        pytest.param([{"x": 1}], [{"x": 2}, {"x": 3}], (0, "x"), None, id="nothing alike"),
        pytest.param({"a": {"b": 1}}, {"a": {}}, ("a", "b"), None, id="missing"),
        pytest.param({"a": {"b": 1}}, {"a": 3}, ("a", "b"), None, id="something else"),
    ],
)
def test_counterparts(ours: object, theirs: object, path: tuple[str | int, ...], found: object) -> None:
    assert counterpart(ours, path, theirs) == found


def needs(*tools: str) -> pytest.MarkDecorator:
    search = f"{os.environ['PATH']}{os.pathsep}{GO}"
    missing = [name for name in tools if not shutil.which(name, path=search)]
    return pytest.mark.skipif(bool(missing), reason=f"no {', '.join(missing)} here")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{GO}")
    shutil.copytree(PROJECT, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def places(output: str) -> list[str]:
    """Return object, place and id of findings in the concise format."""
    found = [line for line in output.splitlines() if ": warning " in line or ": error " in line]
    return [f"{line.rpartition(' (')[2][:-1]} {line.split()[0]} {line.split()[2]}" for line in found]


@needs("kustomize")
def test_overlays(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(project.rglob("*"))
    options = [part for name in ("dev", "staging", "prod") for part in ("--render", f"kustomize/overlays/{name}")]

    assert run(["check", "-f", "concise", "--select", NO_FIELDS, *options]) == FINDINGS

    base = "kustomize/base/web.yaml:"
    overlays = "kustomize/overlays/"
    assert places(capsys.readouterr().out) == [
        f"NetworkPolicy dev/dev-web {base}40:1: netpol-missing-policy-types",
        f"NetworkPolicy prod/prod-web {base}40:1: netpol-missing-policy-types",
        f"NetworkPolicy staging/web {base}40:1: netpol-missing-policy-types",
        f"NetworkPolicy dev/dev-web {base}47:13: netpol-selector-missing-match-labels",
        f"NetworkPolicy prod/prod-web {base}47:13: netpol-selector-missing-match-labels",
        f"NetworkPolicy staging/web {base}47:13: netpol-selector-missing-match-labels",
        f"Service prod/prod-api {overlays}prod/api.yaml:9:7: api-unknown-field",
        f"Service prod/prod-web {overlays}prod/service.yaml:8:17: service-node-port-out-of-range",
        f"Service staging/web {overlays}staging/kustomization.yaml:13:16: service-node-port-out-of-range",
    ]
    assert sorted(project.rglob("*")) == before


@needs("helm")
def test_a_chart_with_two_files_of_values(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = ["--values", "shop/values-a.yaml", "--values", "shop/values-b.yaml"]
    names = ["--release", "rel", "--namespace", "shopping", "--include-crds"]

    assert run(["check", "-f", "concise", "--select", NO_FIELDS, "--render", "shop", *values, *names]) == FINDINGS

    output = capsys.readouterr().out
    template = "shop/templates/web.yaml:"
    assert places(output) == [
        f"Service shopping/rel {template}1:1: service-node-port-out-of-range",
        f"NetworkPolicy shopping/rel {template}22:1: netpol-missing-policy-types",
        f"NetworkPolicy shopping/rel {template}29:13: netpol-selector-missing-match-labels",
    ]
    assert "3 objects" in output
    assert sorted(each.name for each in project.iterdir()) == ["kustomize", "shop"]


@needs("helm")
def test_a_chart_on_standard_input(project: Path) -> None:
    (project / "shop").rename(project / "webshop")
    rendered = subprocess.run(
        ["helm", "template", "webshop", "--values", "webshop/values-a.yaml"],  # noqa: S607 - found on PATH
        capture_output=True,
        check=True,
    ).stdout
    source = Source.of("<stdin>", rendered)

    report = map_to_sources(lint([source], CHOSEN), [Rendered(source)], tree_reader())

    assert where(report) == ["webshop/templates/web.yaml:22:1", "webshop/templates/web.yaml:29:13"]
