"""Which pods of a namespace are isolated for a direction, and on which ports policies allow them some peers.

Nothing is computed per pair of a pod and a policy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.evidence.subjects import subjects
from k8snetlint.model.aspects import PORTS, SELECTORS
from k8snetlint.model.bitsets import positions
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import NamedPort, PortRange, Protocol

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.networkpolicy import PolicyRule
    from k8snetlint.model.workload import Workload

Admits = Callable[["Cluster", "NetworkPolicy", "PolicyRule"], bool]
"""Tells whether a rule of a policy may allow the peers that a question is about."""


class Openings:
    """The pods of a namespace.

    Args:
        cluster: the scope.
        namespace: the namespace.
        admits: what allows the peers.
        direction: sources that are let in, or destinations that pods may reach.
        asked: the workloads that the question is about.

    Attributes:
        isolated: the workloads whose pods are certainly isolated.
    """

    def __init__(
        self, cluster: Cluster, namespace: str | None, admits: Admits, direction: Direction, asked: int
    ) -> None:
        self._cluster = cluster
        self._asked = asked
        self._direction = direction
        index = cluster.index
        self._workloads = index.workloads.by_namespace.get(namespace, 0) & index.seen & ~index.on_host_network
        self._any_port = 0
        self._ports: dict[PortRange | NamedPort, int] = {}
        self._ranges: list[tuple[PortRange, int]] = []
        self.isolated = 0
        self._policies: list[tuple[NetworkPolicy, int]] = []
        policies = isolating_policies(cluster, direction)
        for policy in policies.get(namespace, ()):
            _, certain, possible = subjects(cluster, policy)
            self.isolated |= certain
            self._policies.append((policy, certain))
            self._open(policy, possible, admits)
        for policy in policies.get(None, ()) if namespace is not None else ():
            # Its namespace is chosen when it is applied, it may be any.
            self._open(policy, self._workloads, admits)

    def _open(self, policy: NetworkPolicy, pods: int, admits: Admits) -> None:
        if not pods & self._asked:
            return
        if not policy.knows(PORTS, SELECTORS):
            self._any_port |= pods
            return
        for each in policy.rules(self._direction):
            if not admits(self._cluster, policy, each):
                continue
            if not each.ports:
                self._any_port |= pods
            for port in each.ports or ():
                named = port.ports()
                if isinstance(named, NamedPort) and self._direction is Direction.EGRESS:
                    # The pods at the other end decide which number it is.
                    self._any_port |= pods
                elif isinstance(named, PortRange) and named.first < named.last:
                    self._ranges.append((named, pods))
                elif named is not None:
                    self._ports[named] = self._ports.get(named, 0) | pods

    def is_closed(self, workload: Workload, protocol: Protocol, number: int) -> bool:
        """Tell whether the pods of a workload are isolated, and no rule allows any of the peers on a port."""
        index = self._cluster.index
        bit = index.workloads.bit_of(workload)
        if not bit & self.isolated & ~self._any_port & index.plain:
            return False
        if bit & self._ports.get(PortRange(protocol, number, number), 0):
            return False
        names = (
            NamedPort(protocol, each.name) for each in workload.ports if each.name and each.container_port == number
        )
        if any(bit & self._ports.get(name, 0) for name in names):
            return False
        return not any(bit & pods and ports.protocol is protocol and number in ports for ports, pods in self._ranges)

    def responsible(self, workload: Workload) -> NetworkPolicy | None:
        """Return the policy that is to allow more to the pods of a workload: one with rules, for few pods."""
        return self._responsible.get(self._cluster.index.workloads.bit_of(workload))

    @cached_property
    def _responsible(self) -> dict[int, NetworkPolicy]:
        judged = frozenset(self._cluster.of(NetworkPolicy))
        every = [each for each in self._policies if each[0] in judged]
        every.sort(key=lambda each: (not self._has_rules(each[0]), each[0].selects_every_pod, each[1].bit_count()))
        found: dict[int, NetworkPolicy] = {}
        left = self.isolated
        for policy, pods in every:
            found.update((1 << position, policy) for position in positions(pods & left))
            left &= ~pods
        return found

    def _has_rules(self, policy: NetworkPolicy) -> bool:
        return bool(policy.ingress if self._direction is Direction.INGRESS else policy.egress)


def openings(
    cluster: Cluster,
    namespace: str | None,
    admits: Admits,
    direction: Direction = Direction.INGRESS,
    *,
    asked: int = -1,
) -> Openings:
    """Return the pods of a namespace; `admits` and `asked` are always the same for the same question."""
    answers, key = cluster.index.answers, (Openings, namespace, admits, direction)
    known: Openings | None = answers.get(key)
    if known is None:
        known = answers[key] = Openings(cluster, namespace, admits, direction, asked)
    return known
