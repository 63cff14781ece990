from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree import Size, Tree

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


def maker(name: str) -> Callable[[Size, int], Tree]:
    import selecting

    found: Callable[[Size, int], Tree] = getattr(selecting, name)
    return found


def small(name: str, seed: int = 1) -> Tree:
    from tree import Size

    return maker(name)(Size(files=200, documents=500), seed)


def documents(tree: Tree) -> list[tuple[str, int, dict[str, Any]]]:
    """Every document with its file and its place there."""
    found = []
    for path, text in tree.texts.items():
        read = [json.loads(text)] if path.endswith(".json") else YAML(typ="safe").load_all(text)
        found += [(path, place, value) for place, value in enumerate(read)]
    return found


def matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for each in selector.get("matchExpressions", ()):
        there = each["key"] in labels
        listed = labels.get(each["key"]) in each.get("values", ())
        if not {"In": listed, "NotIn": not listed, "Exists": there}[each["operator"]]:
            return False
    return True


def matched(values: list[dict[str, Any]]) -> Iterator[tuple[str, str, int]]:
    """For each selector: its namespace, what it is, and how much it matches."""
    pods: dict[str, list[dict[str, str]]] = {}
    spaces = []
    for value in values:
        if value["kind"] == "Namespace":
            name = value["metadata"]["name"]
            spaces.append({"kubernetes.io/metadata.name": name, **value["metadata"]["labels"]})
        elif "template" in value["spec"]:
            pods.setdefault(value["metadata"]["namespace"], []).append(value["spec"]["template"]["metadata"]["labels"])
    for value in values:
        space, spec = value["metadata"].get("namespace", ""), value.get("spec", {})
        if value["kind"] == "Service":
            yield space, "Service", sum(matches({"matchLabels": spec["selector"]}, each) for each in pods[space])
        elif value["kind"] == "NetworkPolicy":
            yield space, "policy", sum(matches(spec["podSelector"], each) for each in pods[space])
            for rule in (*spec["ingress"], *spec["egress"]):
                for peer in rule.get("from", rule.get("to", ())):
                    if "podSelector" in peer:
                        yield space, "peer", sum(matches(peer["podSelector"], each) for each in pods[space])
                    else:
                        yield space, "namespaces", sum(matches(peer["namespaceSelector"], each) for each in spaces)


@pytest.mark.parametrize("name", ["dangling", "crowded"])
def test_a_tree_is_as_large_as_asked_for_and_the_same_again(name: str) -> None:
    tree = small(name)
    found = documents(tree)
    kinds = Counter(value["kind"] for _, _, value in found)

    assert (len(tree.texts), len(found)) == (200, 500)
    assert kinds["NetworkPolicy"] == sum(kinds[kind] for kind in ("Deployment", "StatefulSet", "DaemonSet"))
    assert kinds["Namespace"] == {"dangling": 11, "crowded": 1}[name]
    assert set(kinds) == {"NetworkPolicy", "Deployment", "StatefulSet", "DaemonSet", "Service", "Namespace"}
    assert small(name) == tree
    assert small(name, seed=2) != tree


@pytest.mark.parametrize("name", ["dangling", "crowded"])
def test_every_object_writes_its_namespace_and_is_defined_once(name: str) -> None:
    keys = Counter(
        (value["kind"], value["metadata"].get("namespace"), value["metadata"]["name"])
        for _, _, value in documents(small(name))
    )

    assert [key for key, count in keys.items() if count > 1] == []
    assert {kind for kind, namespace, _ in keys if namespace is None} == {"Namespace"}


def test_half_of_the_selectors_dangle_and_all_of_some_namespaces() -> None:
    found = list(matched([value for _, _, value in documents(small("dangling"))]))
    by_space: dict[str, list[bool]] = {}
    for space, _, count in found:
        by_space.setdefault(space, []).append(count == 0)

    assert {what for _, what, _ in found} == {"Service", "policy", "peer", "namespaces"}
    for what in ("Service", "policy", "peer", "namespaces"):
        counts = [count for _, each, count in found if each == what]
        assert counts.count(0) / len(counts) == pytest.approx(0.5, abs=0.12), what
    assert sum(all(dangles) for dangles in by_space.values()) == 4
    assert sum(count == 0 for _, _, count in found) / len(found) == pytest.approx(0.5, abs=0.05)


def test_a_typo_is_listed_with_its_line() -> None:
    tree = small("dangling")
    at = {(path, place): value for path, place, value in documents(tree)}

    assert len(tree.planted) > 50
    for each in tree.planted:
        line = tree.texts[each.path].splitlines()[each.line - 1]
        assert ("app.kubernetes.io/instance" in line) or ("kubernetes.io/metadata.name" in line), each
        assert at[each.path, each.document]["kind"] == each.kind
        assert at[each.path, each.document]["metadata"]["name"] == each.name


def test_a_typo_is_near_a_name_that_is_there_and_no_name_itself() -> None:
    from selecting import INSTANCES, NAMESPACES, RULES

    from k8snetlint.source.similar import distance

    names = {*INSTANCES, *NAMESPACES}
    tree = small("dangling")
    for each in tree.planted:
        word = tree.texts[each.path].splitlines()[each.line - 1].rpartition(": ")[2].strip('",')
        assert word not in names
        assert min(distance(word, name, 1) for name in names if abs(len(name) - len(word)) < 2) == 1
        assert each.rules == RULES


def test_every_selector_of_the_crowded_tree_matches_and_half_of_them_many_pods() -> None:
    found = list(matched([value for _, _, value in documents(small("crowded"))]))
    counts = [count for _, what, count in found if what != "namespaces"]

    assert min(count for _, _, count in found) > 0
    assert sum(count >= 15 for count in counts) / len(counts) == pytest.approx(0.5, abs=0.1)
    assert max(counts) == 199


def test_the_trees_hold_no_other_mistake() -> None:
    from k8snetlint import Config, Source, lint

    tree = small("crowded")
    report = lint([Source.of(path, text) for path, text in tree.texts.items()], Config())

    # So many policies with few rules for the same pods repeat each other here and there.
    assert {each.id for each in report.findings} <= {"netpol-duplicate-or-redundant-policy"}
