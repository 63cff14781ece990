"""Comparing two states: laws on random clusters, and what is said about typical changes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from manifests import cluster_of, deployment, namespace, policy
from random_clusters import Generator

from k8snetlint import Source
from k8snetlint.connectivity.compare import compare
from k8snetlint.connectivity.comparison import Exposure, Kind
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.groups import GroupNames
from k8snetlint.connectivity.profiles import profile_of
from k8snetlint.connectivity.shared_peers import SharedPeers
from k8snetlint.model.bitsets import positions
from k8snetlint.model.cluster import Cluster
from k8snetlint.model.environment import Environment
from k8snetlint.model.resource import resource_of

if TYPE_CHECKING:
    from k8snetlint.connectivity.comparison import Change, Comparison

_SOURCE = Source.of("random.yaml", "")
_STATES = [(seed, whole) for seed in range(60) for whole in (True, False)]
WEB = deployment("web", labels="app: web")
DB = deployment("db", labels="app: db")
DENY = policy(name="deny", peer="")
DB_FROM_WEB = policy("app: db", name="db", peer="podSelector: {matchLabels: {app: web}}", ports="port: 5432")


def states(seed: int, *, whole: bool) -> tuple[Connectivity, Connectivity]:
    """Return a cluster, and the same with some objects taken away, added or replaced."""
    before = Generator(seed).manifests()
    others = {_key(each): each for each in Generator(seed + 1000).manifests()}
    chance = random.Random(seed)  # noqa: S311 - the same for the same seed
    after = [
        others.pop(_key(each), each) if chance.random() < 0.4 else each for each in before if chance.random() < 0.9
    ]
    known = {_key(each) for each in after}
    after += [each for key, each in others.items() if key not in known and chance.random() < 0.3]
    return _connectivity(before, whole=whole), _connectivity(after, whole=whole)


def _key(value: dict[str, Any]) -> tuple[str, str, str]:
    return value["kind"], value["metadata"].get("namespace", ""), value["metadata"]["name"]


def _connectivity(manifests: list[dict[str, Any]], *, whole: bool) -> Connectivity:
    resources = tuple(resource_of(each, _SOURCE, number) for number, each in enumerate(manifests))
    return Connectivity(Cluster(resources, Environment(whole_cluster=whole)))


def of(*documents: str, cni: str = "") -> Connectivity:
    return Connectivity(cluster_of(*documents), profile=profile_of(cni))


def shape(change: Change) -> tuple[object, ...]:
    return (change.sources, change.destinations, change.exceptions, change.pairs)


@pytest.mark.parametrize(("seed", "whole"), _STATES)
def test_a_state_does_not_differ_from_itself(seed: int, whole: bool) -> None:  # noqa: FBT001 - a parameter
    one, same = (_connectivity(Generator(seed).manifests(), whole=whole) for _ in range(2))

    assert compare(one, same).is_empty


@pytest.mark.parametrize(("seed", "whole"), _STATES)
def test_the_way_back_mirrors_the_way(seed: int, whole: bool) -> None:  # noqa: FBT001 - a parameter
    old, new = states(seed, whole=whole)
    there, back = compare(old, new), compare(new, old)

    def ways(comparison: Comparison) -> list[tuple[object, ...]]:
        return sorted(
            (*shape(each), each.before, each.after, each.why_before, each.why_after) for each in comparison.changes
        )

    mirrored = sorted((*shape(each), each.after, each.before, each.why_after, each.why_before) for each in back.changes)
    assert ways(there) == mirrored
    assert there.added == back.removed
    assert there.removed == back.added
    kinds = {Kind.GAINED: Kind.LOST, Kind.LOST: Kind.GAINED, Kind.CHANGED: Kind.CHANGED}
    assert sorted(each.kind for each in there.changes) == sorted(kinds[each.kind] for each in back.changes)
    assert all(each.widened or each.narrowed for each in there.changes)


@pytest.mark.parametrize("seed", range(60))
def test_changes_are_what_differs_between_pairs(seed: int) -> None:
    old, new = states(seed, whole=True)
    shared = SharedPeers(old, new)
    names = GroupNames((each.peers, each.addresses) for each in shared.every)
    expected: set[tuple[object, ...]] = set()
    for destination in range(len(shared.every)):
        sources = shared.pods | (shared.addresses if destination < shared.offset else 0)
        for source in positions(sources):
            one, other = shared.every[source], shared.every[destination]
            before, after = old.ports_between(one.old, other.old), new.ports_between(one.new, other.new)
            if before != after:
                expected.add((*_atoms(names, source), *_atoms(names, destination), before, after))

    found: set[tuple[object, ...]] = set()
    for each in compare(old, new).changes:
        for source in range(len(shared.every)):
            for destination in range(len(shared.every)):
                inside = [
                    _within(names, source, some) and _within(names, destination, others)
                    for some, others in ((each.sources, each.destinations), *each.exceptions)
                ]
                if inside[0] and not any(inside[1:]):
                    found.add(
                        (*_atoms(names, source), *_atoms(names, destination), tuple(each.before), tuple(each.after))
                    )

    assert found == expected


def _atoms(names: GroupNames, number: int) -> tuple[object, ...]:
    group = names.group(1 << number)
    return (*group.workloads, *group.addresses)


def _within(names: GroupNames, number: int, group: Any) -> bool:
    atom = names.group(1 << number)
    ranges = all(
        any(each.family == one.family and each.first <= one.first and one.last <= each.last for each in group.addresses)
        for one in atom.addresses
    )
    return ranges and set(group.workloads).issuperset(atom.workloads)


def test_a_policy_is_one_change_whatever_it_affects() -> None:
    workloads = [deployment(f"app{number}", labels=f"app: app{number}") for number in range(500)]

    comparison = compare(of(*workloads), of(*workloads, DENY))

    assert [(each.kind, each.widened) for each in comparison.changes] == [(Kind.LOST, False)]
    (change,) = comparison.changes
    assert change.sources.everything
    assert change.destinations.namespaces == ("prod",)
    assert change.pairs > 250_000
    assert [each.text for each in change.causes] == ["NetworkPolicy prod/deny is added"]
    assert not comparison.widened


def test_nearly_all_connections_are_one_change_with_exceptions() -> None:
    workloads = [deployment(f"app{number}", labels=f"app: app{number}") for number in range(20)]
    allowed = policy("app: app0", name="app0", peer="podSelector: {matchLabels: {app: app1}}", ports="port: 80")

    changes = compare(of(*workloads), of(*workloads, DENY, allowed)).changes

    assert [each.kind for each in changes] == [Kind.LOST, Kind.CHANGED]
    ((sources, destinations),) = changes[0].exceptions
    assert ([str(each) for each in sources.workloads], [str(each) for each in destinations.workloads]) == (
        ["prod/app1"],
        ["prod/app0"],
    )
    assert [each.text for each in changes[1].causes] == [
        "NetworkPolicy prod/app0 is added",
        "NetworkPolicy prod/deny is added",
    ]


def test_new_exposure_comes_first() -> None:
    old = of(WEB, DB, DENY, DB_FROM_WEB)
    opened = policy("app: db", name="db", peer="ipBlock: {cidr: 0.0.0.0/0}", ports="port: 5432")

    first = compare(old, of(WEB, DB, DENY, opened, cni="cilium")).changes[0]

    assert first.exposes == (Exposure.INTERNET,)
    assert [str(each) for each in first.sources.addresses] == ["0.0.0.0/0"]
    assert [each.text for each in first.causes] == ["an ingress rule of NetworkPolicy prod/db is changed"]
    assert first.causes[0].place.field == "spec.ingress[0]"


def test_private_addresses_are_not_the_internet() -> None:
    inside = policy("app: db", name="db", peer="ipBlock: {cidr: 10.1.0.0/16}", ports="port: 5432")

    changes = compare(of(DB, DENY, cni="cilium"), of(DB, DENY, inside, cni="cilium")).changes

    assert [each.exposes for each in changes if each.sources.addresses] == [()]


def test_what_becomes_uncertain_between_shown_workloads_is_widened() -> None:
    block = policy("app: db", name="db", peer="ipBlock: {cidr: 0.0.0.0/0}", ports="port: 5432")

    for other in (DENY, DB_FROM_WEB):
        old, new = of(WEB, DB, DENY, other), of(WEB, DB, DENY, block)
        changes = [
            each for each in compare(old, new).changes if any(one.name == "web" for one in each.sources.workloads)
        ]
        assert [each.widened for each in changes] == [True]
        assert changes[0].why_after


def test_plugins_read_ip_blocks_differently() -> None:
    block = policy("app: db", name="db", peer="ipBlock: {cidr: 0.0.0.0/0}", ports="port: 5432")
    manifests = WEB, DB, DENY, block

    comparison = compare(of(*manifests, cni="calico"), of(*manifests, cni="cilium"))

    assert [each.kind for each in comparison.changes] == [Kind.LOST]
    assert [each.text for each in comparison.changes[0].causes] == [
        "CNI plugins read an ipBlock of NetworkPolicy prod/db differently"
    ]


def test_labels_of_pods_and_namespaces_are_causes() -> None:
    renamed = compare(of(WEB, DB, DENY, DB_FROM_WEB), of(deployment("web", labels="app: front"), DB, DENY, DB_FROM_WEB))
    assert {each.text for change in renamed.changes for each in change.causes} == {
        "the pod labels of Deployment prod/web are changed"
    }

    team = policy("app: db", name="db", peer="namespaceSelector: {matchLabels: {team: a}}")
    there = deployment("job", namespace="batch", labels="app: job")
    labelled = compare(
        of(there, DB, team, namespace("batch")), of(there, DB, team, namespace("batch", labels="team: a"))
    )
    assert {each.text for change in labelled.changes for each in change.causes} == {
        "the labels of namespace batch are changed"
    }


def test_workloads_of_one_state_come_with_their_exposure() -> None:
    comparison = compare(of(DB, DENY), of(DB, DENY, WEB, deployment("tool", namespace="ops", labels="app: tool")))

    exposures = {str(each.peer): each.exposes for each in comparison.added}
    assert exposures == {"ops/tool": (Exposure.INTERNET, Exposure.OTHER_NAMESPACES), "prod/web": ()}
    assert comparison.widened
    assert not compare(of(DB, DENY), of(DB, DENY, WEB)).widened


def test_what_is_only_possible_is_not_told_again() -> None:
    changes = compare(of(WEB, DB, DENY), of(WEB, DB, DENY, DB_FROM_WEB)).changes
    assert [str(each) for change in changes for each in change.sources.workloads] == ["prod/web"]

    # Policies alone are compared on the pods that they may select.
    alone = compare(of(DENY), of(DENY, DB_FROM_WEB)).changes
    assert alone
    assert all(not each.destinations.workloads for each in alone)
