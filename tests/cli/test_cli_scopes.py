"""What the command line says of scopes: context, the whole cluster, what was not judged."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from manifests import deployment, policy

if TYPE_CHECKING:
    from pathlib import Path

WEB = deployment(labels="app: web-server", namespace="shop")
SELECTS = policy("app: web-sevrer", name="web", namespace="shop")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "k8snetlint", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_context_is_there_but_not_reported(tmp_path: Path) -> None:
    write(tmp_path, {"policy.yaml": SELECTS, "cluster/web.yaml": WEB, "cluster/bad.yaml": "kind: [\n"})

    alone = run("check", "-f", "concise", "policy.yaml")
    beside = run("check", "-f", "concise", "--context", "cluster", "policy.yaml")

    assert alone.returncode == 0
    assert beside.returncode == 1
    assert "netpol-selects-no-pod" in beside.stdout
    assert "in 1 file (1 object" in beside.stdout
    assert "bad.yaml" not in beside.stdout


def test_the_whole_cluster_leaves_nothing_open(tmp_path: Path) -> None:
    write(tmp_path, {"policy.yaml": policy("app: something-else", namespace="shop"), "web.yaml": WEB})

    assert run("check", ".").returncode == 0
    done = run("check", "-f", "concise", "--whole-cluster", ".")
    assert done.returncode == 1
    assert "warning netpol-selects-no-pod" in done.stdout


def test_skipped_templates_fail_a_run_only_if_asked(tmp_path: Path) -> None:
    chart = {
        "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
        "shop/templates/web.yaml": "apiVersion: v1\nkind: Service\n{{ if .Values.a }}\n",
        "web.yaml": WEB,
    }
    write(tmp_path, chart)

    done = run("check", ".")
    assert done.returncode == 0
    assert "note: 1 template not checked; run: k8snetlint check --render shop" in done.stderr
    assert run("check", "--fail-on-skipped", ".").returncode == 1
    assert run("check", "--fail-on-skipped", "web.yaml").returncode == 0


def test_verbose_says_what_stays_open_and_why(tmp_path: Path) -> None:
    write(tmp_path, {"policy.yaml": SELECTS})

    done = run("check", "-v", "policy.yaml")

    assert (
        "policy.yaml: NetworkPolicy shop/web: spec.podSelector: the manifests contain no workload in namespace shop"
        in (done.stderr)
    )


def test_a_base_outside_of_the_given_paths_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": WEB,
        "prod/kustomization.yaml": "resources: [../base, policy.yaml, ../../outside.yaml]\n",
        "prod/policy.yaml": SELECTS,
    }
    write(tmp_path / "repository", files)
    monkeypatch.chdir(tmp_path / "repository")
    write(tmp_path, {"outside.yaml": WEB.replace("web-server", "web-sevrer")})
    (tmp_path / "repository/.git").mkdir()

    done = run("check", "-f", "concise", "prod")

    assert "warning netpol-selects-no-pod" in done.stdout
    assert "1 scope, 1 partial" in done.stdout


def test_transformers_of_a_base_outside_of_the_given_paths_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "base/kustomization.yaml": "resources: [web.yaml]\ntransformers: [t, ../shared.yaml]\n",
        "base/web.yaml": WEB,
        "base/t/kustomization.yaml": "resources: [t.yaml]\n",
        "base/t/t.yaml": "apiVersion: builtin\nkind: HashTransformer\nmetadata: {name: t}\n",
        "base/patch.yaml": "[{op: add, path: /spec/replicas, value: 2}]\n",
        "shared.yaml": "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\n"
        "path: patch.yaml\ntarget: {kind: Deployment}\n",
        "prod/kustomization.yaml": "resources: [../base, policy.yaml]\n",
        "prod/policy.yaml": SELECTS,
    }
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    done = run("check", "-f", "concise", "prod")
    assert "warning netpol-selects-no-pod" in done.stdout

    (tmp_path / "base/patch.yaml").unlink()
    assert "No problems" in run("check", "-f", "concise", "prod").stdout


def test_context_is_there_as_its_kustomization_makes_it(tmp_path: Path) -> None:
    files = {
        "policy.yaml": SELECTS,
        "cluster/kustomization.yaml": "namespace: shop\nresources: [web.yaml]\n",
        "cluster/web.yaml": WEB.replace(", namespace: shop", ""),
    }
    write(tmp_path, files)

    done = run("check", "-f", "concise", "--context", "cluster", "policy.yaml")

    assert "warning netpol-selects-no-pod" in done.stdout
    assert "Some questions stay open" not in done.stdout
