"""Whether a connection is allowed, and which rule of which policy decides in each direction."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.deciding import decide
from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.misses import Miss, miss_of
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, difference, intersection
from k8snetlint.connectivity.reasons import Reason, of_rule, of_subject, verdict_of
from k8snetlint.connectivity.uncertain import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.connectivity.deciding import DecidingPolicy, DecidingRule, DirectionDecision
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets
    from k8snetlint.model.networkpolicy import Direction, NetworkPolicy, Peer
    from k8snetlint.source.document import Place


class RuleExplanation(NamedTuple):
    """What a rule does to a connection.

    Attributes:
        place: where the rule is written.
        peer: where the entry of `from` or `to` is written that matches; None without one, or the rule lists none.
        allowed: which of the ports it allows in every possible cluster.
        possible: which of them it allows in some.
        because: why these differ.
        miss: why it allows none of them in any cluster; None if it allows some.
        by_block: it is an ipBlock of it that matches a pod, which CNI plugins do differently.
    """

    place: Place
    peer: Place | None
    allowed: PortSet
    possible: PortSet
    because: tuple[Reason, ...]
    miss: Miss | None
    by_block: bool


class PolicyExplanation(NamedTuple):
    """What a policy that isolates a pod does to a connection.

    Attributes:
        policy: as written.
        namespace: empty where it is chosen when the manifests are applied.
        certain: whether it selects the pod in every possible cluster.
        because: why that is not certain.
        rules: its rules of the direction.
    """

    policy: NetworkPolicy
    namespace: str
    certain: bool
    because: tuple[Reason, ...]
    rules: tuple[RuleExplanation, ...]

    @property
    def nearest(self) -> RuleExplanation | None:
        """The rule that nearly allows the connection; None if one allows it, or no rule exists."""
        missing = [(each.miss.distance, number) for number, each in enumerate(self.rules) if each.miss is not None]
        return self.rules[min(missing)[1]] if missing and len(missing) == len(self.rules) else None

    def allowing(self) -> Iterator[RuleExplanation]:
        """Yield the rules that allow the connection, if only in some cluster."""
        return (each for each in self.rules if each.possible != NONE)


class DirectionExplanation(NamedTuple):
    """What one direction does to a connection.

    Attributes:
        direction: at the source it is egress, at the destination ingress.
        enforced: the CNI plugin enforces policies at all.
        outside: the end is not in the cluster, and no policy selects it.
        on_host: the end is on the network of its node, where no policy selects it.
        unprotected: some clusters allow it whatever policies say: one of both ends is on the network of a node.
        allowed, possible: which of the ports are allowed in every possible cluster, and in some.
        policies: those that isolate the end.
        undecided: a policy of another kind that may select the end; empty without one.
        ignored: those that may select the end, but do not isolate for the direction, although they have rules for it.
    """

    direction: Direction
    enforced: bool
    outside: bool
    on_host: bool
    unprotected: bool
    allowed: PortSet
    possible: PortSet
    policies: tuple[PolicyExplanation, ...]
    ignored: tuple[PolicySets, ...]
    undecided: str = ""


class Explanation(NamedTuple):
    """Whether connections from a source to a destination are allowed, and why.

    Attributes:
        ports: those that are asked about.
        allowed, possible: which of them are allowed in every possible cluster, and in some.
        because: why these differ.
        egress, ingress: what both directions do.
    """

    ports: PortSet
    allowed: PortSet
    possible: PortSet
    because: tuple[Reason, ...]
    egress: DirectionExplanation
    ingress: DirectionExplanation

    def verdicts(self) -> Iterator[tuple[Verdict, PortSet]]:
        """Yield the ports by their verdicts."""
        return verdicts_of(self.ports, self.allowed, self.possible, self.because)


def verdicts_of(
    ports: PortSet, allowed: PortSet, possible: PortSet, because: tuple[Reason, ...]
) -> Iterator[tuple[Verdict, PortSet]]:
    """Yield the ports that are asked about by their verdicts."""
    uncertain, denied = difference(possible, allowed), difference(ports, possible)
    if allowed != NONE:
        yield Verdict.ALLOWED, allowed
    if uncertain != NONE:
        yield verdict_of(because), uncertain
    if denied != NONE:
        yield Verdict.DENIED, denied


def explain(connectivity: Connectivity, source: int, destination: int, ports: PortSet = ALL) -> Explanation:
    """Return whether the connections from a peer to another one are allowed on some ports, and why."""
    decision = decide(connectivity, source, destination)
    return Explanation(
        ports,
        intersection(decision.always, ports),
        intersection(decision.possible, ports),
        reasons(connectivity, source, destination, ports),
        _direction(connectivity, decision.egress, destination, ports),
        _direction(connectivity, decision.ingress, destination, ports),
    )


def _direction(
    connectivity: Connectivity, decision: DirectionDecision, destination: int, ports: PortSet
) -> DirectionExplanation:
    others = connectivity.undecided.deciding(decision.subject, decision.direction)
    return DirectionExplanation(
        decision.direction,
        connectivity.profile.enforces,
        decision.subject >= connectivity.offset,
        bool(connectivity.classes.on_host_network >> decision.subject & 1),
        decision.unprotected,
        intersection(decision.always, ports),
        intersection(decision.possible, ports),
        tuple(
            PolicyExplanation(
                each.sets.policy,
                each.sets.namespace or "",
                each.always,
                tuple(of_subject(connectivity, each, decision.subject)),
                tuple(
                    _rule(connectivity, each, rule, decision, destination=destination, ports=ports)
                    for rule in each.rules
                ),
            )
            for each in decision.policies
        ),
        tuple(
            each
            for each in connectivity.policies
            if each.subjects.possible >> decision.subject & 1
            and decision.direction not in each.isolates
            and each.policy.rules(decision.direction)
        ),
        next((f"{each.kind} {each.name}" for each in others), ""),
    )


def _rule(
    connectivity: Connectivity,
    policy: DecidingPolicy,
    rule: DecidingRule,
    decision: DirectionDecision,
    *,
    destination: int,
    ports: PortSet,
) -> RuleExplanation:
    allowed, possible = intersection(rule.always, ports), intersection(rule.possible, ports)
    matching = _matching(connectivity, policy, rule, decision.peer)
    miss = None
    if possible == NONE:
        miss = miss_of(connectivity, policy.sets, rule.sets, decision.peer, destination=destination, ports=ports)
    return RuleExplanation(
        rule.sets.rule.place,
        None if matching is None else matching.place,
        allowed,
        possible,
        () if allowed == possible else tuple(sorted({*of_rule(connectivity, policy, rule, decision)})),
        miss,
        matching is not None and matching.ip_block is not None and decision.peer < connectivity.offset,
    )


def _matching(connectivity: Connectivity, policy: DecidingPolicy, rule: DecidingRule, peer: int) -> Peer | None:
    """Return the entry of `from` or `to` that matches a peer, first one of which that is certain."""
    found = [(each, connectivity.reader.of_peer(each, policy.sets.around)) for each in rule.sets.rule.peers or ()]
    certain = (each for each, bits in found if bits.always >> peer & 1)
    return next(chain(certain, (each for each, bits in found if bits.possible >> peer & 1)), None)
