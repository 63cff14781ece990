"""Small inputs rebuilt from public bug reports: what has to be said at which line, or that nothing has.

They are not part of this repository: the folder is named by `K8SNETLINT_REPORTS`.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from k8snetlint.cli import run

FOLDER = os.environ.get("K8SNETLINT_REPORTS", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="K8SNETLINT_REPORTS names no folder with reports")

SERVICE_PORT = "warning netpol-policy-uses-service-port"
NO_POD = "warning netpol-selects-no-pod"
MISPLACED = "error netpol-misplaced-or-unknown-field"
PEERS = "warning kustomize-labels-rewrite-peers"
STATEFULSET = "service-statefulset-service"
BITS, NODE_PORT = "error netpol-cidr-host-bits", "error service-node-port-out-of-range"
ENCODED = [f"15 {BITS}", f"28 {NODE_PORT}"]
PLACEHOLDERS = (
    *("angle", "angle-upper", "atsigns", "azure", "braces", "brackets", "cdk8s", "concourse", "erb", "github"),
    *("jsonnet", "maven", "octopus", "parens", "percent", "percent2", "shell", "tf", "underscores"),
)


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, paths: str, *options: str) -> list[str]:
    """Return line, level and id of all findings but infos; paths are below the folder of reports."""
    monkeypatch.chdir(FOLDER)
    run(["check", *paths.split(), "--isolated", "-f", "json", *options])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [
        f"{each['start']['line']} {each['severity']} {each['id']}" for each in findings if each["severity"] != "info"
    ]


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        ("02-webhook-service-port/config-nopatch", [f"19 {SERVICE_PORT}"]),
        ("02-webhook-service-port/config", []),
        ("04-backup-job-behind-service/all.yaml", ["11 warning service-selector-too-broad"]),
        ("04-backup-job-behind-service/job-with-port.yaml", ["11 warning service-selector-too-broad"]),
        ("04-backup-job-behind-service/named-target.yaml", []),
        ("05-statefulset-service-name/all.yaml", [f"18 warning {STATEFULSET}"]),
        ("06-ipblock-under-ports/policy.yaml", [f"25 {MISPLACED}", f"27 {MISPLACED}"]),
        ("06-ipblock-under-ports/variant-selector.yaml", [f"14 {MISPLACED}", f"17 {MISPLACED}"]),
        ("06-ipblock-under-ports/variant-port-in-to.yaml", [f"15 {MISPLACED}", f"16 {MISPLACED}"]),
        ("07-label-that-pods-lack/all.yaml", [f"36 {NO_POD}"]),
        ("07-label-that-pods-lack/tree", [f"10 {NO_POD}"]),
        ("07-label-that-pods-lack/kustomized", []),
        ("07-label-that-pods-lack/other-label.yaml", [f"36 {NO_POD}"]),
        ("11-kustomize-labels-in-peers/pods-known", [f"14 {PEERS}", f"21 {PEERS}"]),
        ("11-kustomize-labels-in-peers/pods-unknown", [f"14 {PEERS}", f"21 {PEERS}"]),
        ("14-service-per-pod/all.yaml", []),
        ("14-service-per-pod/policy.yaml 14-service-per-pod/all.yaml", []),
        ("14-service-per-pod/typo-other-label.yaml", ["9 warning service-selector-matches-nothing"]),
        ("14-service-per-pod/beyond-replicas.yaml", []),
        ("20-labels-of-two-pods/all.yaml", [f"33 {NO_POD}"]),
        ("20-labels-of-two-pods/service.yaml", ["33 warning service-selector-matches-nothing"]),
        ("20-labels-of-two-pods/expressions.yaml", [f"33 {NO_POD}"]),
        ("28-openshift-template/template.yaml", []),
        ("28-openshift-template/deploymentconfig.yaml", []),
        # About selectors there is nothing; that the backend has no DNS is true, and of another rule.
        ("29-partial-match/all.yaml", ["65 warning netpol-egress-isolated-without-dns"]),
        ("29-partial-match/old-selector.yaml", ["7 error workload-selector-missing-match-labels"]),
        ("pasted-notes/loadbalancer.yaml", ["4 error manifest-lost-indentation"]),
        ("pasted-notes/tls.yaml", ["4 error manifest-lost-indentation"]),
        ("pasted-notes/peers.yaml", ["4 error manifest-lost-indentation"]),
        ("19-placeholders-left/envsubst.yaml", []),
        ("19-placeholders-left/kube-linter-669.yaml", []),
        ("19-placeholders-left/kube-linter-249.yaml", []),
        *((f"19-placeholders-left/style-{name}.yaml", []) for name in PLACEHOLDERS),
        *((f"19-placeholders-left/style-{name}.yaml", ["12 error api-type"]) for name in ("changeme", "xxx")),
        ("17-encodings/plain.yaml", ENCODED),
        *((f"17-encodings/utf{name}.yaml", ENCODED) for name in ("8-bom", "8-bom-crlf", "16le-bom", "16be-bom")),
        ("17-encodings/utf16le-bom-crlf.yaml", ENCODED),
        ("17-encodings/bom-twice.yaml", ENCODED),
        ("17-encodings/bom-right-after-separator.yaml", ENCODED),
        ("17-encodings/bom-in-second-document.yaml", [f"15 {BITS}", "18 error api-required"]),
        ("17-encodings/cr-only.yaml", [f"15 {BITS}", "16 error yaml-syntax"]),
        ("17-encodings/utf16le-nobom.yaml", ["1 error yaml-syntax"]),
        ("17-encodings/latin1.yaml", ["10 error yaml-syntax"]),
        ("17-encodings/two-objects.json", [f"1 {NODE_PORT}", f"1 {NODE_PORT}"]),
        ("17-encodings/utf8-bom.json", [f"16 {NODE_PORT}"]),
        ("17-encodings/utf16le-bom.json", [f"16 {NODE_PORT}"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_said(
    paths: str, wanted: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(capsys, monkeypatch, paths) == wanted


def test_a_whole_cluster_has_no_service_elsewhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [f"18 warning {STATEFULSET}", f"53 warning {STATEFULSET}"]
    assert said(capsys, monkeypatch, "05-statefulset-service-name/all.yaml", "--whole-cluster") == wanted


@pytest.mark.skipif(not shutil.which("kubectl") and not shutil.which("kustomize"), reason="no kustomize here")
def test_what_a_kustomization_makes_is_judged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = said(capsys, monkeypatch, "", "--render", "02-webhook-service-port/config/default")
    assert [each.partition(" ")[2] for each in found] == [SERVICE_PORT]


@pytest.mark.parametrize("name", ["loadbalancer", "tls", "peers"])
def test_pasted_notes_are_indented_again(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path(FOLDER, "pasted-notes", f"{name}.yaml").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(text, encoding="utf-8")
    run(["check", "a.yaml", "--isolated", "--fix", "--unsafe-fixes", "--select", "manifest-lost-indentation"])
    capsys.readouterr()
    fixed = Path("a.yaml").read_text(encoding="utf-8")
    run(["check", "a.yaml", "--isolated", "-f", "json", "--select", "api,yaml,manifest"])
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert [line.strip() for line in fixed.splitlines()] == [line.strip() for line in text.splitlines()]
