"""What a clean `check` must not import: each of these costs more than linting a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import k8snetlint
from k8snetlint.report.style import Format

HEAVY = ("asyncio", "importlib.metadata", "jsonschema", "pathspec", "pydantic", "rich", "unicodedata", "yaml")
FOR_OPTIONS = ("typer", "dataclasses", "inspect", "pathlib", "subprocess")
"""What Typer imports; it takes longer than to check a file."""
MANIFEST = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: prod}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
"""
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n"
SCRIPT = """\
import sys
from k8snetlint.cli import run
code = run(["check", *sys.argv[1:]])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "arguments", [[], ["--kubernetes-version", "1.30"], *(["-f", each.value] for each in Format)], ids=" ".join
)
def test_a_clean_check_imports_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.py[co]\n/dist/\n", encoding="utf-8")
    imported = imports_of(MANIFEST, arguments, tmp_path)
    assert "k8snetlint.linting.pipeline" in imported
    assert not imported.intersection(HEAVY)


@pytest.mark.parametrize("arguments", [[], ["a.yaml", "-f", "json", "-q"]], ids=["no options", "few options"])
def test_few_options_need_no_parser(arguments: list[str], tmp_path: Path) -> None:
    imported = imports_of(MANIFEST, arguments, tmp_path)
    assert not imported.intersection(FOR_OPTIONS)


@pytest.mark.parametrize(
    ("manifest", "arguments", "groups"),
    [
        pytest.param(MANIFEST, [], {"manifest", "netpol"}, id="a NetworkPolicy"),
        pytest.param(SERVICE, [], {"manifest", "service"}, id="a Service"),
        pytest.param(CONFIG_MAP, [], {"manifest"}, id="a ConfigMap"),
        pytest.param(MANIFEST, ["--select", "api,netpol-deny-all"], {"netpol"}, id="a rule"),
        pytest.param(MANIFEST, ["--select", "api"], set(), id="no rules"),
        pytest.param(MANIFEST, ["--ignore", "netpol"], {"manifest"}, id="a group less"),
    ],
)
def test_only_rules_that_run_are_imported(
    manifest: str, arguments: list[str], groups: set[str], tmp_path: Path
) -> None:
    names = [name.split(".") for name in imports_of(manifest, arguments, tmp_path)]
    rules = [parts for parts in names if parts[:2] == ["k8snetlint", "rules"] and len(parts) == 4]
    assert {group for _, _, group, _ in rules} == groups


def test_rules_about_kustomizations_are_imported_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [a.yaml]\n", encoding="utf-8")
    imported = imports_of(MANIFEST, [], tmp_path)
    assert "k8snetlint.rules.kustomize.labels_rewrite_peers" in imported


def _without_ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("K8SNETLINT_")}


def imports_of(manifest: str, arguments: list[str], folder: Path) -> set[str]:
    """Return the modules that are there after a check that finds nothing."""
    (folder / "a.yaml").write_text(manifest, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=folder,
        env={**_without_ours(), "PYTHONPATH": str(Path(k8snetlint.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stderr.split())
