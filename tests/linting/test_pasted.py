"""A document that lost its indentation is one finding, whose fix brings the object back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from k8snetlint import Config, Finding, Report, Source, lint
from k8snetlint.cli import EMPTY, FINDINGS, OK, run
from k8snetlint.edit.editor import apply_edits
from k8snetlint.pages.markdown import explain
from k8snetlint.source.load import load

if TYPE_CHECKING:
    from pathlib import Path

ID = "manifest-lost-indentation"
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-ingress
spec:
  podSelector: {}
  policyTypes:
  - Ingress
"""
ALLOW = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-all-ingress
spec:
  podSelector: {}
  ingress:
  - {}
  policyTypes:
  - Ingress
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: test-network-policy
  namespace: default
spec:
  podSelector:
    matchLabels:
      role: db
  policyTypes:
  - Ingress
  - Egress
  ingress:
  - from:
    - ipBlock:
        cidr: 172.17.0.0/16
        except:
        - 172.17.1.0/24
    - namespaceSelector:
        matchLabels:
          project: myproject
    - podSelector:
        matchLabels:
          role: frontend
    ports:
    - protocol: TCP
      port: 6379
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/24
    ports:
    - protocol: TCP
      port: 5978
"""
CLUSTER_IP = """\
apiVersion: v1
kind: Service
metadata:
  name: my-service
spec:
  selector:
    app.kubernetes.io/name: MyApp
  ports:
  - protocol: TCP
    port: 80
    targetPort: 9376
"""
NODE_PORT = """\
apiVersion: v1
kind: Service
metadata:
  name: my-service
spec:
  type: NodePort
  selector:
    app.kubernetes.io/name: MyApp
  ports:
  - port: 80
    # by default the same as port
    targetPort: 80
    nodePort: 30007
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: minimal-ingress
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /
spec:
  ingressClassName: nginx-example
  rules:
  - http:
      paths:
      - path: /testpath
        pathType: Prefix
        backend:
          service:
            name: test
            port:
              number: 80
"""
TEXTBOOK = {
    "default deny": DENY,
    "allow all": ALLOW,
    "a policy with peers": POLICY,
    "a ClusterIP Service": CLUSTER_IP,
    "a NodePort Service": NODE_PORT,
    "an Ingress": INGRESS,
}
CASES = [pytest.param(text, id=name) for name, text in TEXTBOOK.items()]


def flattened(text: str) -> str:
    return re.sub("^ +", "", text, flags=re.MULTILINE)


def report_of(text: str, config: Config | None = None, **others: str) -> Report:
    sources = [Source.of("a.yaml", text), *(Source.of(f"{name}.yaml", each) for name, each in others.items())]
    return lint(sources, config or Config())


def ids(report: Report) -> list[str]:
    return [each.id for each in report.findings]


def values(text: str) -> list[Any]:
    return [document.value for document in load(Source.of("a.yaml", text)).documents]


def mended(text: str, findings: tuple[Finding, ...]) -> str:
    return apply_edits(text, tuple(edit for each in findings if each.fix for edit in each.fix.edits))


@pytest.mark.parametrize("text", CASES)
def test_it_is_the_only_finding(text: str) -> None:
    (finding,) = report_of(flattened(text)).findings

    assert (finding.id, finding.start.line, finding.document, finding.field) == (ID, 4, 0, None)
    assert finding.message == "the manifest lost its indentation: `name` of `metadata` is at the top level"
    assert finding.fix is not None
    assert not finding.fix.safe


@pytest.mark.parametrize("text", CASES)
def test_the_fix_brings_the_object_back(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a.yaml"
    file.write_text(flattened(text), encoding="utf-8")

    assert run(["check", "-q", "a.yaml"]) == FINDINGS
    assert run(["check", "-q", "--fix", "a.yaml"]) == FINDINGS
    assert file.read_text(encoding="utf-8") == flattened(text), "the fix is unsafe"
    # Other rules have unsafe fixes of their own, for what the object says.
    assert run(["check", "-q", "--fix", "--unsafe-fixes", "--select", ID, "a.yaml"]) == OK
    assert values(file.read_text(encoding="utf-8")) == values(text)


def test_documents_of_one_file_are_judged_one_by_one() -> None:
    text = "---\n".join(["# notes\n" + flattened(POLICY), CLUSTER_IP, flattened(INGRESS)])
    report = report_of(text)

    assert [(each.id, each.document) for each in report.findings] == [(ID, 0), (ID, 2)]
    assert (report.documents, report.objects, report.skipped) == (3, 1, ())
    assert len({each.fingerprint for each in report.findings}) == 2
    assert values(mended(text, report.findings)) == values(f"{POLICY}---\n{CLUSTER_IP}---\n{INGRESS}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(flattened(POLICY), id="keys that are duplicates without indentation"),
        pytest.param(flattened(CLUSTER_IP) + "sessionAffinity: [\n", id="a syntax error"),
        pytest.param(flattened(CLUSTER_IP).replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(CLUSTER_IP.replace("  name", "name"), id="only a part is lost"),
        pytest.param(flattened(CLUSTER_IP).replace("port:", "prot:"), id="a misspelt field"),
    ],
)
def test_it_takes_the_place_of_all_others(text: str) -> None:
    assert ids(report_of(text)) == [ID]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(Config(ignore=(ID,)), id="ignored"),
        pytest.param(Config(per_file_ignores=(("*.yaml", (ID,)),)), id="ignored in the file"),
        pytest.param(Config(select=("api",)), id="not selected"),
    ],
)
def test_the_others_come_back_without_it(config: Config) -> None:
    found = ids(report_of(flattened(NODE_PORT), config))

    assert ID not in found
    assert "api-unknown-field" in found


def test_a_comment_does_not_accept_it() -> None:
    assert ids(report_of(f"# k8snetlint: ignore-file[{ID}] later\n" + flattened(DENY)))[-1] == ID


def test_it_defines_no_object_and_hides_none() -> None:
    report = report_of(flattened(CLUSTER_IP), policy=DENY)

    assert (report.objects, ids(report)) == (1, [ID, "netpol-deny-all"])
    assert [each.doubts for each in report.scopes] == [("a.yaml: cannot be read",)]


def test_what_a_kustomization_lists_as_a_patch_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kustomization.yaml").write_text("patches:\n- path: a.yaml\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(flattened(CLUSTER_IP), encoding="utf-8")

    assert run(["check", "-q", "."]) == EMPTY


def test_the_page_shows_what_is_so() -> None:
    explained = explain(ID)
    assert explained
    bad, fixed, good = explained.page.examples

    found = report_of(bad.text).findings
    assert [(each.start.line, each.message) for each in found] == list(bad.expected)
    written = re.sub("  # finding: .*", "", bad.text)
    assert mended(written, report_of(written).findings) == fixed.text
    assert ids(report_of(good.text)) == ids(report_of(fixed.text)) == []
