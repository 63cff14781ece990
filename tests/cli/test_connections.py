"""The command `connections` in all its formats."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from manifests import deployment, manifest, pod, policy, service, together

from k8snetlint.cli import EMPTY, FINDINGS, OK, USAGE, run
from k8snetlint.report.connections.answer import ConnectionsFormat
from k8snetlint.validation.schemas import folder

if TYPE_CHECKING:
    from pathlib import Path

_BACKEND = "{service: {name: web, port: {number: 80}}}"
INGRESS = manifest(
    "networking.k8s.io/v1",
    "Ingress",
    "shop",
    spec=f"{{rules: [{{http: {{paths: [{{path: /, pathType: Prefix, backend: {_BACKEND}}}]}}}}]}}",
)
SHOP = together(
    deployment("web", "app: web"),
    pod("db", "app: db"),
    deployment("agent", "app: agent", namespace="monitoring"),
    policy("app: db", peer="podSelector: {matchLabels: {app: web}}", ports="{port: 5432}", name="db"),
    policy("app: web", peer="ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}", ports="{port: 8080}", name="web"),
    service("web", "app: web", ports="{port: 80, targetPort: 8080}"),
    INGRESS,
)


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")


def listed(capfd: pytest.CaptureFixture[str], *arguments: str, code: int = OK) -> str:
    assert run(["connections", *arguments]) == code
    return capfd.readouterr().out


def test_the_text_groups_by_destination(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd, "--whole-cluster", "--cni", "cilium")
    assert "prod/db (Pod)\n  from prod/web (Deployment)              TCP 5432\n\n" in text
    assert "  from 0.0.0.0/0 except 10.0.0.0/8        TCP 8080\n" in text
    assert text.endswith("Complete: what is not listed is denied.\n")
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith("["))


def test_what_is_not_certain_has_its_reason(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd)
    number = re.search(r"from any pod +TCP 8080  \w+ \[(\d)\]", text)
    assert number is not None
    assert f"[{number[1]}] an ipBlock matches the addresses of pods with some CNI plugins only" in text
    assert "Not complete: " in text


def test_by_source(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd, "--whole-cluster", "--direction", "egress", "--port", "5432")
    assert "monitoring/agent (Deployment)\nprod/db (Pod)\n  to monitoring/agent (Deployment)" in text
    assert "  to prod/db (Pod)                        TCP 5432\n" in text.partition("\nprod/web (Deployment)\n")[2]
    assert " from " not in text


def test_pairs(capfd: pytest.CaptureFixture[str]) -> None:
    lines = listed(capfd, "--whole-cluster", "--expand", "--focus", "prod/db", "--direction", "ingress").splitlines()
    assert re.sub(" +", " ", lines[0]) == "prod/web (Deployment) -> prod/db (Pod) TCP 5432"


@pytest.mark.parametrize("arguments", [[], ["--expand"], ["--exposure"], ["--focus", "prod/web"], ["--whole-cluster"]])
def test_json_follows_its_schema(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    schema = json.loads((folder() / "connections.json").read_text(encoding="utf-8"))
    answer = json.loads(listed(capfd, "-f", "json", *arguments))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(answer, schema, jsonschema.Draft202012Validator)
    ids = {each["id"] for each in answer["groups"]}
    ends = [each[end] for each in (*answer["connections"], *answer["ingresses"]) for end in ("from", "to")]
    assert {end["id"] for end in ends if end["kind"] == "group"} <= ids


def test_json_has_peers_by_their_parts(capfd: pytest.CaptureFixture[str]) -> None:
    answer: dict[str, Any] = json.loads(listed(capfd, "-f", "json", "--whole-cluster", "--port", "5432"))
    assert answer["complete"]
    web = {"kind": "workload", "namespace": "prod", "workload": "Deployment", "name": "web"}
    database = {"kind": "workload", "namespace": "prod", "workload": "Pod", "name": "db"}
    to_database = [each for each in answer["connections"] if each["to"] == database]
    ports = [{"protocol": "TCP", "first": 5432, "last": 5432}]
    wanted = {"from": web, "to": database, "verdict": "allowed", "because": [], "ports": ports, "all": False}
    assert to_database == [{"scope": "", **wanted}]


def test_schema_is_published(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "connections"]) == OK
    assert json.loads(capfd.readouterr().out)["properties"]["version"] == {"const": 1}


def test_csv_is_read_back(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd, "-f", "csv", "--whole-cluster", "--expand", "--cni", "cilium")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {"from": "prod/Deployment/web", "to": "prod/Pod/db", "protocol": "TCP", "first": "5432"}.items() <= next(
        row for row in rows if row["to"] == "prod/Pod/db"
    ).items()
    answer = json.loads(listed(capfd, "-f", "json", "--whole-cluster", "--expand", "--cni", "cilium"))
    assert len(rows) == sum(len(each["ports"]) for each in answer["connections"])


def test_markdown_is_a_table(capfd: pytest.CaptureFixture[str]) -> None:
    lines = [line for line in listed(capfd, "-f", "md").splitlines() if line.startswith("|")]
    assert all(line.count("|") == 5 for line in lines)
    assert "| prod/db (Pod) | prod/web (Deployment) | TCP 5432 | allowed |" in lines


def test_dot_is_a_graph(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd, "-f", "dot", "--whole-cluster")
    nodes = set(re.findall(r'^    (n\d+_\d+) \[label="(?:[^"\\]|\\.)*"\];$', text, re.MULTILINE))
    edges = re.findall(r"^    (n\d+_\d+) -> (n\d+_\d+) ", text, re.MULTILINE)
    assert edges
    assert {end for edge in edges for end in edge} <= nodes
    assert len(text.splitlines()) == 3 + len(nodes) + len(edges) + 4


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_the_graph(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd, "-f", "dot")
    drawn = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, text=True, check=True)  # noqa: S607 - found above
    assert drawn.stdout.count("\nedge ") == text.count(" -> ")


def test_mermaid_is_a_flowchart(capfd: pytest.CaptureFixture[str]) -> None:
    head, *lines = listed(capfd, "-f", "mermaid", "--whole-cluster").splitlines()
    assert head == "flowchart LR"
    node, edge = re.compile(r'  n0_\d+\["[^"\[\]{}|`;]*"\]'), re.compile(r'  n0_\d+ -\.?->\|"[^"|]+"\| n0_\d+')
    unusual = [line for line in lines if not node.fullmatch(line.replace("<br/>", " ")) and not edge.fullmatch(line)]
    assert unusual == []
    assert any(edge.fullmatch(line) for line in lines)


def test_an_ingress_leads_to_the_target_port(capfd: pytest.CaptureFixture[str]) -> None:
    text = listed(capfd, "--whole-cluster", "--cni", "cilium")
    assert "Ingresses, served by pods that no manifest shows\n" in text
    assert re.search(r"Ingress prod/shop -> Service web -> prod/web \(Deployment\) +TCP 8080  denied\n", text)


def test_a_shown_controller_serves_the_ingresses(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    controller = deployment("nginx", "app.kubernetes.io/name: ingress-nginx", namespace="ingress")
    opened = policy("app: web", peer="namespaceSelector: {}", ports="{port: 8080}", name="from-ingress")
    (tmp_path / "controller.yaml").write_text(together(controller, opened), encoding="utf-8")
    text = listed(capfd, "--whole-cluster")
    assert "Ingresses, served by ingress/nginx (Deployment)\n" in text
    assert re.search(r"-> prod/web \(Deployment\) +TCP 8080  allowed\n", text)


def test_exposure(capfd: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(listed(capfd, "-f", "json", "--exposure", "--whole-cluster", "--cni", "cilium"))
    opened = {(each["exposure"], each["to"]["name"]) for each in answer["connections"]}
    assert opened == {("internet", "web"), ("internet", "agent"), ("any-pod", "agent")}
    not_isolated = {each["peer"]["name"]: (each["ingress"], each["egress"]) for each in answer["notIsolated"]}
    assert not_isolated == {"agent": ("open", "open"), "web": ("isolated", "open"), "db": ("isolated", "open")}
    assert "Open to the internet\n" in listed(capfd, "--exposure")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "0"], "`0` is not a port"),
        (["--port", "53/ICMP"], "`53/ICMP` is not a port"),
        (["--focus", "prod/wbe"], "no workload `prod/wbe`; did you mean `prod/web`?"),
        (["--exposure", "-f", "dot"], "--exposure is a list of its own"),
    ],
)
def test_wrong_use(arguments: list[str], message: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["connections", *arguments]) == USAGE
    assert message in capfd.readouterr().err


def test_exit_codes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    listed(capfd, "empty", code=EMPTY)
    listed(capfd, "empty", "--allow-empty")
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: [\n", encoding="utf-8")
    assert "broken.yaml: not valid YAML" in listed(capfd, code=FINDINGS)


def test_scopes_are_answered_one_after_the_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pod.yaml").write_text(pod(name, f"app: {name}"), encoding="utf-8")
        (tmp_path / name / "kustomization.yaml").write_text("resources: [pod.yaml]\n", encoding="utf-8")
    text = listed(capfd, "one", "two")
    assert text.index("one\n===\n") < text.index("two\n===\n")
    assert "prod/two (Pod)" not in text.partition("two\n===\n")[0]
    assert "===" not in listed(capfd, "one", "two", "--focus", "prod/two")
    assert "prod/two (Pod) -> prod/one (Pod)" in listed(capfd, "one", "two", "--whole-cluster", "--expand")


def test_a_file_takes_the_result(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert listed(capfd, "-f", "json", "-o", "out.json") == ""
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["version"] == 1


def test_control_characters_are_escaped(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shop.yaml").write_text(pod('"a\\e[31m|<b>"', "app: a"), encoding="utf-8")
    for each in ConnectionsFormat:
        text = listed(capfd, "-f", each.value)
        assert "\x1b" not in text
        assert text


def test_rich_is_not_imported() -> None:
    code = "import sys; from k8snetlint.cli import run; run(['connections'])"
    check = f"{code}; print('rich' in sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"


def test_nearly_all_workloads_of_a_namespace_are_named_by_what_is_missing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = [f"w{number:02}" for number in range(14)]
    texts = [deployment(name, labels=f"app: {name}") for name in names]
    selector = "matchExpressions: [{key: app, operator: NotIn, values: [w07]}]"
    texts.append(policy("app: w00", name="most", peer=f"podSelector: {{{selector}}}"))
    (tmp_path / "most.yaml").write_text(together(*texts), encoding="utf-8")

    out = listed(capfd, "most.yaml", "--focus", "w00", "--direction", "ingress")

    assert "from any workload in prod except prod/w07 (Deployment)  all ports\n" in out
    assert "more workloads" not in out
