"""What a clean `check` must not import: each of these costs more than linting a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import k8snetlint
from k8snetlint.report import Format

HEAVY = ("asyncio", "importlib.metadata", "jsonschema", "pathspec", "pydantic", "rich", "unicodedata", "yaml")
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
    (tmp_path / "a.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("*.py[co]\n/dist/\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(k8snetlint.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    imported = set(done.stderr.split())
    assert "k8snetlint.pipeline" in imported
    assert not imported.intersection(HEAVY)
