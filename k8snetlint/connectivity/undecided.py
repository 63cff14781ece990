"""Pods about which policies of other kinds decide as well: what these allow is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.pods import other_policies
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.pods import PodClasses
    from k8snetlint.connectivity.policies import PolicySets
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.otherpolicy import OtherPolicy


class OtherSets(NamedTuple):
    """A policy of another kind, and the pods that it may select."""

    policy: OtherPolicy
    subjects: int


class Undecided(NamedTuple):
    """What policies of other kinds may change.

    Attributes:
        policies: these policies.
        closed: by direction, the pods to which they may deny what NetworkPolicies allow.
        opened: by direction, the pods to which they may allow what NetworkPolicies deny.
    """

    policies: tuple[OtherSets, ...]
    closed: dict[Direction, int]
    opened: dict[Direction, int]

    def pods(self, direction: Direction) -> int:
        """Return the pods about which they may decide."""
        return self.closed[direction] | self.opened[direction]

    def deciding(self, pod: int, direction: Direction) -> Iterator[OtherPolicy]:
        """Yield the policies that may decide about a direction of a pod."""
        for policy, subjects in self.policies:
            if direction in policy.directions and subjects >> pod & 1:
                yield policy


NOTHING_UNDECIDED = Undecided((), dict.fromkeys(Direction, 0), dict.fromkeys(Direction, 0))


def undecided(cluster: Cluster, classes: PodClasses, policies: Iterable[PolicySets]) -> Undecided:
    """Return what policies of other kinds may change in a cluster, given the NetworkPolicies."""
    found = tuple(OtherSets(each, bits) for each in other_policies(cluster) if (bits := _subjects(classes, each)))
    closed, opened = dict.fromkeys(Direction, 0), dict.fromkeys(Direction, 0)
    isolated = dict.fromkeys(Direction, 0)
    for one in policies if found else ():
        for direction in one.isolates:
            isolated[direction] |= one.subjects.always
    for policy, bits in found:
        for direction in policy.directions:
            # A baseline decides only about what no NetworkPolicy isolates, where all is allowed without it.
            closed[direction] |= bits & ~isolated[direction] if policy.is_baseline else bits
            opened[direction] |= 0 if policy.is_baseline else bits
    return Undecided(found, closed, opened)


def _subjects(classes: PodClasses, policy: OtherPolicy) -> int:
    if policy.patches or not policy.knows(SELECTORS, NAME):
        return classes.everything & ~classes.on_host_network
    around = classes.everything
    if not policy.is_in_no_namespace:
        around = classes.around(policy).possible
    bits = 0
    for subject in policy.subjects:
        if subject.namespaces is not None:
            bits |= classes.in_namespaces(subject.namespaces, subject.pods).possible
        else:
            bits |= classes.matching(subject.pods).possible & around
    return bits & ~classes.on_host_network
