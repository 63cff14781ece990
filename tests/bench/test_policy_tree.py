"""The tree of workloads and policies is what its options say, and holds no mistakes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from k8snetlint import Config, Source, lint
from k8snetlint.finding import Severity

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


@pytest.mark.parametrize("terse", [False, True])
@pytest.mark.parametrize(("workloads", "policies"), [(200, 80), (80, 200), (7, 1)])
def test_it_has_as_many_workloads_and_policies_as_asked_for(workloads: int, policies: int, *, terse: bool) -> None:
    from policy_tree import Numbers, generate

    tree = generate(Numbers(workloads, policies, terse=terse), 1)
    objects = [each for text in tree.texts.values() for each in YAML(typ="safe").load_all(text)]
    kinds = Counter(each["kind"] for each in objects)
    names = Counter((each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in objects)

    assert sum(kinds[each] for each in ("Deployment", "StatefulSet", "DaemonSet")) == workloads
    assert kinds["NetworkPolicy"] == policies
    assert [name for name, times in names.items() if times > 1] == []
    assert tree == generate(Numbers(workloads, policies, terse=terse), 1)
    assert tree.texts != generate(Numbers(workloads, policies, terse=terse), 2).texts


@pytest.mark.parametrize("terse", [False, True])
def test_it_is_what_an_api_server_accepts(*, terse: bool) -> None:
    from policy_tree import Numbers, generate

    tree = generate(Numbers(120, 100, services=True, terse=terse), 1)
    report = lint([Source.of(path, text) for path, text in tree.texts.items()], Config())

    assert [str(each) for each in report.findings if each.severity is Severity.ERROR] == []
