"""`--fix` and `--diff` on files: what is written, what is not, and what is said about it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from k8snetlint import Config, Source, lint
from k8snetlint.cli import FINDINGS, OK, USAGE, run
from k8snetlint.fix import mend

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}  # keep
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ingres: []  # why
"""
MENDED = POLICY.replace("ingres:", "ingress:")
UNSAFE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - port: 80
    nodePort: 30080
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(POLICY, encoding="utf-8")


def content(name: str = "a.yaml") -> str:
    return Path(name).read_bytes().decode()


def test_fixes_are_written_and_what_is_left_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.yaml").write_text(UNSAFE, encoding="utf-8")
    assert run(["check", ".", "--fix"]) == FINDINGS
    printed = capsys.readouterr()
    assert content() == MENDED
    assert content("b.yaml") == UNSAFE
    assert printed.err == "note: fixed 1 finding in 1 file\n"
    assert "netpol-misplaced" not in printed.out
    assert "service-node-port-on-clusterip" in printed.out
    assert run(["check", "a.yaml", "--fix"]) == OK
    assert content() == MENDED


def test_unsafe_fixes_are_asked_for() -> None:
    Path("b.yaml").write_text(UNSAFE, encoding="utf-8")
    assert run(["check", "b.yaml", "--fix", "--unsafe-fixes"]) == OK
    assert content("b.yaml") == UNSAFE + "  type: NodePort\n"


def test_a_diff_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", ".", "--diff"]) == FINDINGS
    printed = capsys.readouterr()
    assert content() == POLICY
    assert printed.out.splitlines()[:3] == ["--- a.yaml", "+++ a.yaml", "@@ -4,4 +4,4 @@"]
    assert "-  ingres: []  # why\n+  ingress: []  # why\n" in printed.out
    assert printed.err == "note: would fix 1 finding in 1 file\n"
    assert run(["check", ".", "--diff", "--exit-zero"]) == OK
    Path("a.yaml").write_text(MENDED, encoding="utf-8")
    capsys.readouterr()
    assert run(["check", ".", "--diff"]) == OK
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "note: nothing to fix\n")


@pytest.mark.skipif(shutil.which("patch") is None, reason="no patch here")
@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["LF", "CRLF", "no line end"])
def test_a_diff_can_be_applied(end: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    before = POLICY.rstrip("\n").replace("\n", end or "\n") + end
    Path("a.yaml").write_bytes(before.encode())
    assert run(["check", "a.yaml", "--diff"]) == FINDINGS
    diff = capfdbinary.readouterr().out
    done = subprocess.run(["patch", "-p0", "--binary"], input=diff, capture_output=True, check=False)  # noqa: S607 - any patch
    assert done.returncode == 0, done.stdout
    assert content() == before.replace("ingres:", "ingress:")


def test_colours_and_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text(POLICY.replace("# why", "# \x85 \u202e"), encoding="utf-8")
    assert run(["check", ".", "--diff", "--color", "never"]) == OK
    Path("a.yaml").write_text(POLICY.replace("# why", "# \u202e"), encoding="utf-8")
    capsys.readouterr()
    assert run(["check", ".", "--diff", "--color", "always"]) == FINDINGS
    printed = capsys.readouterr().out
    assert "\x1b[31m-  ingres: []  # \\u{202e}\x1b[0m\n" in printed
    assert run(["check", ".", "--diff", "--color", "never"]) == FINDINGS
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755])
def test_mode_marks_and_links_stay(mode: int) -> None:
    Path("a.yaml").write_bytes("\ufeff".encode() + POLICY.replace("\n", "\r\n").encode())
    Path("a.yaml").chmod(mode)
    Path("b.yaml").symlink_to("a.yaml")
    assert run(["check", "b.yaml", "--fix"]) == OK
    assert Path("b.yaml").is_symlink()
    assert Path("a.yaml").read_bytes() == "\ufeff".encode() + MENDED.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(Path("a.yaml").stat().st_mode) == mode


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    Path("project/.git").mkdir(parents=True)
    Path("outside.yaml").write_text(POLICY, encoding="utf-8")
    os.chdir("project")
    Path("in.yaml").symlink_to("../outside.yaml")
    assert run(["check", "in.yaml", "--fix"]) == FINDINGS
    assert (tmp_path / "outside.yaml").read_text(encoding="utf-8") == POLICY


def test_streams_are_no_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "-", "--fix"]) == USAGE
    assert "standard input is none" in capsys.readouterr().err


def test_a_file_that_is_changed_meanwhile_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import k8snetlint.cli.mending as module

    def changing(*arguments: object) -> object:
        result = mend(*arguments)  # type: ignore[arg-type]  # passed on
        Path("a.yaml").write_text("something: else\n", encoding="utf-8")
        return result

    monkeypatch.setattr(module, "mend", changing)
    assert run(["check", ".", "--fix"]) == USAGE
    assert content() == "something: else\n"
    assert "the file is not what was checked; nothing was written" in capsys.readouterr().err


def test_what_is_accepted_is_not_mended(capsys: pytest.CaptureFixture[str]) -> None:
    text = UNSAFE.replace("nodePort: 30080", "name: a").replace("selector: {app: web}", "selector: {app: web}")
    egress = POLICY.replace("  policyTypes: [Ingress]\n", "").replace("  ingres: []  # why\n", "  egress: [{}]\n")
    Path("a.yaml").write_text(egress + "---\n" + text, encoding="utf-8")
    assert run(["check", ".", "--diff", "--unsafe-fixes"]) == FINDINGS
    assert run(["check", ".", "--write-baseline", "base.json", "--force"]) == OK
    capsys.readouterr()
    assert run(["check", ".", "--diff", "--unsafe-fixes", "--baseline", "base.json"]) == OK
    assert capsys.readouterr().out == ""


def test_a_broken_document_keeps_every_byte() -> None:
    broken = "a: [\n# é \t\n"
    Path("a.yaml").write_text(f"{broken}---\n{POLICY}---\n{broken}", encoding="utf-8")
    assert run(["check", ".", "--fix"]) == FINDINGS
    assert content() == f"{broken}---\n{MENDED}---\n{broken}"


def workload(label: str) -> str:
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {label}}}}}
  template:
    metadata: {{labels: {{app: {label}}}}}
    spec: {{containers: [{{name: a, image: a}}]}}
"""


def test_scopes_that_mean_different_things_give_no_fix() -> None:
    base = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: frontned}}
  policyTypes: [Ingress]
"""
    overlay = "resources: [../base, pod.yaml]\n"

    def fixes(one: str, other: str) -> list[bool]:
        sources = {
            "base/kustomization.yaml": "resources: [policy.yaml]\n",
            "base/policy.yaml": base,
            "a/kustomization.yaml": overlay,
            "a/pod.yaml": workload(one),
            "b/kustomization.yaml": overlay,
            "b/pod.yaml": workload(other),
        }
        report = lint([Source.of(name, text) for name, text in sources.items()], Config())
        return [bool(each.fix) for each in report.findings if each.id == "netpol-selects-no-pod"]

    assert fixes("frontend", "frontend") == [True]
    assert fixes("frontend", "frontneds") == [False]
