"""Which pods cannot resolve names, because policies isolate them for egress and none allows the port of DNS."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.dns import PROTOCOLS, is_for_clients, protocols_of
from k8snetlint.evidence.policies import isolating_policies
from k8snetlint.evidence.subjects import subjects
from k8snetlint.model.aspects import NAME, SELECTORS
from k8snetlint.model.networkpolicy import Direction, NetworkPolicy
from k8snetlint.model.ports import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.workload import Workload

_OTHER_RESOLVERS = ("Default", "None")
"""Values of `dnsPolicy` with which pods do not ask the DNS of the cluster."""
_NOT_SHOWN = 1
"""In place of a set of workloads: pods of a namespace of which no manifest shows a workload."""


class _Isolating(NamedTuple):
    """A policy that isolates for egress, with the workloads that it certainly selects, and those that it may select."""

    policy: NetworkPolicy
    always: int
    possible: int


class Resolving:
    """The pods of a namespace, by what policies allow them of DNS.

    Args:
        cluster: the scope.
        namespace: the namespace.
        policies: those of the namespace that isolate for egress.
        others: policies that may be in the namespace, too.

    Attributes:
        is_shown: whether manifests show workloads of the namespace; sets are sets of them.
        allowed: the pods to which a policy may allow DNS over a protocol; those that are not isolated are not listed.
        isolated: the pods that are isolated for egress.
        clients: the pods to which a policy allows connections to pods or to all addresses, which have names.
    """

    def __init__(
        self,
        cluster: Cluster,
        namespace: str | None,
        policies: Iterable[NetworkPolicy],
        others: Iterable[NetworkPolicy] = (),
    ) -> None:
        self._cluster = cluster
        index = cluster.index
        self._workloads = index.workloads.by_namespace.get(namespace, 0) & index.seen & ~index.on_host_network
        self.is_shown = bool(self._workloads)
        self._policies = [self._isolating(each, elsewhere=False) for each in policies]
        self._policies += (self._isolating(each, elsewhere=True) for each in others)
        self._of_policy = {each.policy: each for each in self._policies}
        self.allowed = dict.fromkeys(PROTOCOLS, 0)
        self.isolated = self.clients = 0
        for policy, always, possible in self._policies:
            self.isolated |= always
            if any(map(is_for_clients, policy.egress or ())):
                self.clients |= always
            for protocol in protocols_of(policy):
                self.allowed[protocol] |= possible

    def _isolating(self, policy: NetworkPolicy, *, elsewhere: bool) -> _Isolating:
        every = self._workloads or _NOT_SHOWN
        if elsewhere or not policy.knows(SELECTORS, NAME):
            return _Isolating(policy, 0, every)
        if not self.is_shown:
            return _Isolating(policy, every, every)
        _, certain, possible = subjects(self._cluster, policy)
        return _Isolating(policy, certain, possible)

    def certain(self, policy: NetworkPolicy) -> int:
        """Return the pods that a policy certainly isolates."""
        return self._of_policy[policy].always if policy in self._of_policy else 0

    def possible(self, policy: NetworkPolicy) -> int:
        """Return the pods that a policy may isolate."""
        return self._of_policy[policy].possible if policy in self._of_policy else 0

    def workloads(self, pods: int) -> list[Workload]:
        """Return the workloads of a set that ask the DNS of the cluster."""
        every = self._cluster.index.workloads.of(pods) if self.is_shown else ()
        return [each for each in every if each.dns_policy not in _OTHER_RESOLVERS]

    @property
    def blocked(self) -> int:
        """The pods that are isolated, and to which no policy allows DNS over any protocol."""
        return self.isolated & ~self.allowed[Protocol.UDP] & ~self.allowed[Protocol.TCP]

    @cached_property
    def blamed(self) -> dict[NetworkPolicy, int]:
        """The policies that together isolate all pods to which no policy allows DNS, with their pods; few policies."""
        found: dict[NetworkPolicy, int] = {}
        left = blocked = self.blocked
        judged = frozenset(self._cluster.of(NetworkPolicy)) if blocked else frozenset()
        isolating = ((each.always & blocked, each.policy) for each in self._policies if each.policy in judged)
        for pods, policy in sorted(isolating, key=_blame):
            if pods & left:
                found[policy] = pods
                left &= ~pods
        return found


def _blame(isolating: tuple[int, NetworkPolicy]) -> tuple[int, bool, bool]:
    """Return a key that orders policies: those that isolate most pods first, then those with rules."""
    pods, policy = isolating
    return -pods.bit_count(), not policy.selects_every_pod, not policy.egress


def resolving(cluster: Cluster, policy: NetworkPolicy) -> Resolving:
    """Return the pods of the namespace of a policy, by what policies allow them of DNS; none if it is all."""
    answers, namespace = cluster.index.answers, cluster.known_namespace_of(policy)
    key = Resolving, namespace
    known: Resolving | None = answers.get(key)
    if known is None:
        policies = isolating_policies(cluster, Direction.EGRESS)
        here = policies.get(namespace, [])
        # A policy whose namespace is chosen when it is applied may go to any.
        others = policies.get(None, ()) if namespace is not None else ()
        if any(each.selects_every_pod and protocols_of(each) == PROTOCOLS for each in here):
            here, others = [], ()
        known = answers[key] = Resolving(cluster, namespace, here, others)
    return known


def lack_other_protocol(cluster: Cluster, policy: NetworkPolicy, protocol: str) -> bool:
    """Tell whether pods of a policy are certainly allowed DNS over no other protocol than the one that it allows."""
    others = PROTOCOLS - {Protocol[protocol]}
    if others <= protocols_of(policy):
        return False
    found = resolving(cluster, policy)
    lacking = found.certain(policy)
    for each in others:
        lacking &= ~found.allowed[each]
    return bool(found.workloads(lacking)) if found.is_shown else bool(lacking)
