"""Which policies are to allow more, where connections are denied in every possible cluster.

Nothing is asked pair by pair: policies are assigned to the pods that they select once.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.evidence.half_open import first_half_open
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy

if TYPE_CHECKING:
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets
    from k8snetlint.connectivity.port_sets import PortSet
    from k8snetlint.connectivity.services import Target
    from k8snetlint.model.workload import Workload


class Blame:
    """The policies behind what is denied.

    Args:
        connectivity: what the cluster allows.
    """

    def __init__(self, connectivity: Connectivity) -> None:
        self._connectivity = connectivity
        self._sources: dict[tuple[Workload, object, int], dict[Direction, int]] = {}

    def denying(self, source: Workload, target: Target) -> tuple[Direction, ...]:
        """Return the directions that deny a connection in every possible cluster."""
        bit = 1 << self._connectivity.classes.class_of[source]
        return tuple(direction for direction, allowed in self._allowed(target).items() if not bit & allowed)

    def _allowed(self, target: Target) -> dict[Direction, int]:
        """Return the sources whose connections to a target each direction may allow, egress first."""
        key = target.workload, target.protocol, target.number
        if key not in self._sources:
            number, possible = self._connectivity.classes.class_of[target.workload], self._connectivity.possible
            self._sources[key] = {
                Direction.EGRESS: _with_port(possible.sent_to(number), target),
                Direction.INGRESS: _with_port(possible.received_by(number), target),
            }
        return self._sources[key]

    def policy(self, workload: Workload, direction: Direction) -> NetworkPolicy | None:
        """Return the policy that is to allow more to pods in a direction: one with rules, for few pods."""
        return self._policies[direction].get(self._connectivity.classes.class_of[workload])

    @cached_property
    def _policies(self) -> dict[Direction, dict[int, NetworkPolicy]]:
        judged = frozenset(self._connectivity.cluster.of(NetworkPolicy))
        return {
            direction: _assigned([each for each in self._isolating(direction) if each.policy in judged], direction)
            for direction in Direction
        }

    def _isolating(self, direction: Direction) -> list[PolicySets]:
        return [each for each in self._connectivity.policies if direction in each.isolates]

    def is_half_open(self, workload: Workload, direction: Direction, peer: Workload) -> bool:
        """Tell whether a rule that allows a direction of pods is reported, because the other end denies it to a peer.

        Args:
            workload: the pods whose direction is allowed.
            direction: which one.
            peer: the pods at the other end.
        """
        ends = self._half_open[direction].get(self._connectivity.classes.class_of[workload], 0)
        return bool(ends & self._connectivity.cluster.index.workloads.bit_of(peer))

    @cached_property
    def _half_open(self) -> dict[Direction, dict[int, int]]:
        """The workloads at the other ends of half open rules, by the direction and the pods of their policies."""
        grouped: dict[tuple[Direction, int], int] = {}
        for each in self._connectivity.policies:
            found = first_half_open(self._connectivity.cluster, each.policy)
            if found is not None:
                key = found.policy_rule.direction, each.subjects.always
                grouped[key] = grouped.get(key, 0) | found.ends.pods.bits
        ends: dict[Direction, dict[int, int]] = {direction: {} for direction in Direction}
        for (direction, subjects), bits in grouped.items():
            for number in positions(subjects):
                ends[direction][number] = ends[direction].get(number, 0) | bits
        return ends


def _with_port(parts: list[tuple[PortSet, int]], target: Target) -> int:
    """Return the sources that may use the port of a target."""
    found = 0
    for ports, sources in parts:
        found |= sources if ports.has(target.protocol, target.number) else 0
    return found


def _assigned(isolating: list[PolicySets], direction: Direction) -> dict[int, NetworkPolicy]:
    """Return the policies by the classes of pods that they certainly isolate: the narrowest one of each class."""

    def breadth(each: PolicySets) -> tuple[bool, bool, int]:
        return not any(each.of(direction)), each.policy.selects_every_pod, each.subjects.always.bit_count()

    found: dict[int, NetworkPolicy] = {}
    done = 0
    for each in sorted(isolating, key=breadth):
        found.update((number, each.policy) for number in positions(each.subjects.always & ~done))
        done |= each.subjects.always
    return found
