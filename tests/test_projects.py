"""Whole projects: what is said of each is written in its `expected.txt`, all of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from k8snetlint import Config, Finding, Source, lint
from k8snetlint.cli.context import context_of
from k8snetlint.linting.inventory import KustomizationFiles
from k8snetlint.source.files import find

PROJECTS = Path(__file__).parent / "projects"
NAMES = sorted(path.parent.name for path in PROJECTS.glob("*/expected.txt"))


def line(finding: Finding) -> str:
    help_ = f" ({finding.help})" if finding.help else ""
    return f"{finding.path}:{finding.start.line} {finding.severity.word} {finding.id}: {finding.message}{help_}"


def test_no_project_is_forgotten() -> None:
    folders = {path.name for path in PROJECTS.iterdir() if path.is_dir()}

    assert folders - set(NAMES) == {"render"}
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_a_project(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS / name)
    expected = [each for each in Path("expected.txt").read_text(encoding="utf-8").splitlines() if each[:1] != "#"]

    sources = find(["."]).sources
    report = lint(sources, Config(), context=context_of(sources, KustomizationFiles()))

    assert [line(finding) for finding in report.findings] == expected


def test_every_seeded_mistake_is_found_and_no_twin_is_accused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS / "mistakes-ingress")
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path().glob("*.yaml")}
    head = r"(?m)^kind: (Ingress|IngressClass)\nmetadata:\n  name: (\S+)"
    seeded = {(name, *each) for name, text in texts.items() for each in re.findall(head, text)}

    findings = lint(find(["."]).sources, Config()).findings

    accused = {(each.path, each.object.kind, each.object.name) for each in findings if each.object}
    wrong = {each for each in seeded if each[0].startswith("wrong-")}
    right = {each for each in seeded if each[0].startswith("right-")}
    assert accused == wrong
    assert len(wrong) == len(findings) >= 32
    assert len(right) >= 32


def test_a_policy_alone_is_not_accused_and_with_its_workloads_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS / "overlays")
    extra = Source.of("extra.yaml", Path("prod/extra.yaml").read_text(encoding="utf-8"))
    web = Source.of("web.yaml", Path("base/web.yaml").read_text(encoding="utf-8"))

    alone = lint([extra], Config())
    together = lint([extra, web], Config())
    beside = lint([extra], Config(), context=[web])

    assert alone.findings == ()
    assert [each.field for each in alone.unanswered] == [
        "spec.ingress[0].from[0].podSelector",
        "spec.podSelector",
    ]
    assert all(re.match("the manifests contain no workload in namespace", each.reason) for each in alone.unanswered)
    for report in (together, beside):
        assert [finding.id for finding in report.findings] == ["netpol-selects-no-pod"]
        assert report.unanswered == ()
