from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from manifests import namespace, policy
from ruamel.yaml import YAML

from k8snetlint.finding import Finding, Location, Severity

if TYPE_CHECKING:
    from platform_tree import Plan
    from tree import Planted, Tree

BENCH = Path(__file__).resolve().parents[2] / "bench"


class Contents(NamedTuple):
    """The labels of each Namespace with its name, and the policies that ask for each label of a namespace."""

    namespaces: dict[str, dict[str, str]]
    asks: dict[tuple[str, str], list[tuple[str, str]]]


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCH)


def small() -> Plan:
    from platform_tree import Plan

    return Plan(folders=120, team=30, popular=3, service=12, mistakes=3)


def contents(tree: Tree) -> Contents:
    found = Contents({}, {})
    for path, text in tree.texts.items():
        if path.startswith("scaffold/"):
            continue
        for value in YAML(typ="safe").load_all(text):
            metadata: dict[str, Any] = value["metadata"]
            if value["kind"] == "Namespace":
                found.namespaces[metadata["name"]] = {
                    "kubernetes.io/metadata.name": metadata["name"],
                    **metadata["labels"],
                }
                continue
            for rule in value["spec"]["ingress"]:
                for peer in rule["from"]:
                    for label in peer.get("namespaceSelector", {}).get("matchLabels", {}).items():
                        found.asks.setdefault(label, []).append((metadata["namespace"], metadata["name"]))
    return found


def test_the_same_seed_gives_the_same_repository() -> None:
    from platform_tree import repository

    assert repository(1, small()) == repository(1, small())
    assert repository(1, small()) != repository(2, small())


def test_the_whole_repository_is_as_described() -> None:
    from platform_tree import KINDS, NAME_KEY, PLATFORM, SERVICE_KEY, TEAM_KEY, repository

    tree = repository(1)
    namespaces, asks = contents(tree)
    values = {key: {value for each, value in asks if each == key} - set(PLATFORM) for key in (TEAM_KEY, SERVICE_KEY)}

    assert len(namespaces) == sum(path.endswith("/namespace.yaml") for path in tree.texts) - 2 == 900
    assert 105 <= len(values[TEAM_KEY]) <= 125
    assert len(values[SERVICE_KEY]) == 40
    assert Counter(each.mistake for each in tree.planted) == dict.fromkeys(KINDS, 10)
    assert namespaces.keys().isdisjoint(PLATFORM)
    assert {len(askers) for (_, value), askers in asks.items() if value not in PLATFORM} == {1, 2, 3}
    assert min(len(askers) for (_, value), askers in asks.items() if value in PLATFORM) > 200
    assert {key for key, value in asks if value in PLATFORM} == {TEAM_KEY, NAME_KEY}


@pytest.mark.parametrize("seed", [1, 2])
def test_nine_of_ten_labels_that_few_ask_for_are_answered(seed: int) -> None:
    from platform_tree import SERVICE_KEY, TEAM_KEY, repository

    namespaces, asks = contents(repository(seed))
    carried = {pair for labels in namespaces.values() for pair in labels.items()}
    for key, least in ((TEAM_KEY, 0.9), (SERVICE_KEY, 1.0)):
        few = [value for (each, value), askers in asks.items() if each == key and len(askers) <= 2]
        answered = sum((key, value) in carried or value in namespaces for value in few)
        assert answered / len(few) >= least


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_mistake_is_what_its_kind_says(seed: int) -> None:
    from platform_tree import MISSING, NAMING_KEYS, NOWHERE, OTHER_KEY, SERVICE_KEY, TEAM_KEY, repository

    tree = repository(seed, small())
    namespaces, asks = contents(tree)
    carried = {pair for labels in namespaces.values() for pair in labels.items()}
    for mistake in tree.planted:
        label = label_at(tree, mistake)
        key, value = label
        assert label not in carried
        assert len(asks[label]) == 1
        assert asks[label][0][1] == mistake.name
        assert (value in namespaces) == (mistake.mistake != NOWHERE)
        keys = {MISSING: {TEAM_KEY, SERVICE_KEY}, OTHER_KEY: {*NAMING_KEYS}, NOWHERE: {TEAM_KEY}}
        assert key in keys[mistake.mistake]


def label_at(tree: Tree, mistake: Planted) -> tuple[str, str]:
    key, _, value = tree.texts[mistake.path].splitlines()[mistake.line - 1].strip().partition(": ")
    return key, value


def test_all_that_dangles_is_a_mistake_or_of_the_platform() -> None:
    from platform_tree import PLATFORM, repository

    tree = repository(1, small())
    namespaces, asks = contents(tree)
    carried = {pair for labels in namespaces.values() for pair in labels.items()}
    dangling = {label for label in asks if label not in carried and label[1] not in PLATFORM}

    assert dangling == {label_at(tree, mistake) for mistake in tree.planted}


def test_the_scaffold_has_placeholders_for_names() -> None:
    from platform_tree import repository

    texts = [text for path, text in repository(1, small()).texts.items() if path.startswith("scaffold/")]

    assert sum("name: <team>-dev\n" in text for text in texts) == 1
    assert sum("name: ${TEAM}-dev\n" in text for text in texts) == 1
    assert sum("example.com/team-space: <team>-staging\n" in text for text in texts) == 1


def test_folders_are_left_out_with_the_mistakes_of_their_policies() -> None:
    from platform_tree import repository, without

    whole = repository(1, small())
    part = without(whole, 20, 1)
    gone = {path.rpartition("/")[0] for path in whole.texts.keys() - part.texts.keys()}

    assert without(whole, 0, 1) == whole
    assert part == without(whole, 20, 1)
    assert part != without(whole, 20, 2)
    assert len(gone) == 24
    assert all(folder.startswith("namespaces/") for folder in gone)
    assert part.planted == [each for each in whole.planted if each.path.rpartition("/")[0] not in gone]
    assert len(part.planted) < len(whole.planted)


def finding(path: str, line: int, severity: Severity = Severity.WARNING) -> Finding:
    at = Location(line, 1, 0)
    return Finding("some-rule", severity, "said", path, 0, None, None, at, at)


def mistake(path: str, line: int) -> Planted:
    from platform_tree import NOWHERE
    from tree import Planted

    return Planted(path, 0, line, "NetworkPolicy", "web", NOWHERE, rejected=False, rules=())


@pytest.mark.parametrize(
    ("findings", "found", "false"),
    [
        pytest.param([finding("a", 3)], 1, 0, id="a warning at the line of the label is found"),
        pytest.param([finding("a", 3, Severity.ERROR)], 1, 0, id="so is an error"),
        pytest.param([finding("a", 3), finding("a", 3)], 1, 0, id="two findings at one mistake count once"),
        pytest.param([finding("a", 3, Severity.INFO)], 0, 0, id="an info is neither found nor false"),
        pytest.param([finding("a", 2)], 0, 1, id="a warning at another line is false"),
        pytest.param([finding("c", 3)], 0, 1, id="a warning in another file is false"),
        pytest.param([finding("a", 3), finding("b", 7), finding("b", 8)], 2, 1, id="each is counted"),
    ],
)
def test_findings_are_held_against_the_mistakes(findings: list[Finding], found: int, false: int) -> None:
    from platform_score import line, score

    result = score([mistake("a", 3), mistake("b", 7)], findings)

    assert (len(result.found), len(result.missed), len(result.false)) == (found, 2 - found, false)
    assert line(result).startswith(f"found {found} of 2, false {false} (")
    assert line(result).endswith(f"no such namespace exists: {found} of 2)")


def test_a_repository_is_checked() -> None:
    from platform_score import check
    from tree import Tree

    texts = {
        "web.yaml": namespace("web", "team: storefront"),
        "prod.yaml": namespace("prod", "team: prod"),
        "policy.yaml": policy(peer="namespaceSelector: {matchLabels: {team: storefornt}}"),
    }

    assert [each.line for each in check(Tree(texts, [mistake("policy.yaml", 9)])).found] == [9]
    assert [each.path for each in check(Tree(texts, [mistake("policy.yaml", 8)])).false] == ["policy.yaml"]
