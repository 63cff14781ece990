"""Which policies and rules decide about one pair of peers, in each direction.

Rows answer the same for all pairs at once, without saying why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.mesh import through_tunnel
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, intersection, union_of
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets, RuleSets


class DecidingRule(NamedTuple):
    """A rule, and the ports on which it allows the connection: in every possible cluster, and in some."""

    sets: RuleSets
    always: PortSet
    possible: PortSet


class DecidingPolicy(NamedTuple):
    """A policy that isolates the pod of a direction.

    Attributes:
        sets: the policy.
        always: whether it selects the pod in every possible cluster, not only in some.
        rules: its rules of the direction.
    """

    sets: PolicySets
    always: bool
    rules: tuple[DecidingRule, ...]


class DirectionDecision(NamedTuple):
    """What one direction allows of a connection.

    Attributes:
        direction: which one: at the source it is egress, at the destination ingress.
        subject: the peer whose policies decide.
        peer: the other end.
        policies: those that may select the subject.
        unprotected: some clusters allow it whatever policies say: one of both ends is on the network of a node.
        always, possible: the ports that are allowed in every possible cluster, and in some.
    """

    direction: Direction
    subject: int
    peer: int
    policies: tuple[DecidingPolicy, ...]
    unprotected: bool
    always: PortSet
    possible: PortSet


class Decision(NamedTuple):
    """What policies say about the connections from a source to a destination.

    Attributes:
        egress, ingress: what both directions say.
        in_mesh: both ends are in an ambient mesh, which tunnels connections.
    """

    egress: DirectionDecision
    ingress: DirectionDecision
    in_mesh: bool = False

    @property
    def always(self) -> PortSet:
        """The ports that are allowed in every possible cluster."""
        ports = intersection(self.egress.always, self.ingress.always)
        return through_tunnel(ports, certainly=True) if self.in_mesh else ports

    @property
    def possible(self) -> PortSet:
        """The ports that are allowed in some possible cluster."""
        ports = intersection(self.egress.possible, self.ingress.possible)
        return through_tunnel(ports, certainly=False) if self.in_mesh else ports


def decide(connectivity: Connectivity, source: int, destination: int) -> Decision:
    """Return which policies and rules decide about the connections from a source to a destination."""
    return Decision(
        _decide(connectivity, source, destination, Direction.EGRESS),
        _decide(connectivity, source, destination, Direction.INGRESS),
        bool(connectivity.classes.in_mesh >> source & connectivity.classes.in_mesh >> destination & 1),
    )


def _decide(connectivity: Connectivity, source: int, destination: int, direction: Direction) -> DirectionDecision:
    subject, peer = (source, destination) if direction is Direction.EGRESS else (destination, source)
    policies = tuple(
        DecidingPolicy(
            each,
            bool(each.subjects.always >> subject & 1),
            tuple(_rule(connectivity, rule, peer, destination) for rule in each.of(direction)),
        )
        for each in connectivity.selecting(subject, direction)
    )
    certain, possible = connectivity.certain, connectivity.possible
    is_undecided = connectivity.undecided.closed[direction] >> subject & 1
    unprotected = possible.is_unprotected(subject, peer, direction)
    return DirectionDecision(
        direction,
        subject,
        peer,
        policies,
        unprotected,
        union_of(rule.always for each in policies if each.always for rule in each.rules if not is_undecided)
        if certain.is_isolated(subject, direction)
        else ALL,
        union_of(rule.possible for each in policies for rule in each.rules)
        if possible.is_isolated(subject, direction) and not unprotected
        else ALL,
    )


def _rule(connectivity: Connectivity, rule: RuleSets, peer: int, destination: int) -> DecidingRule:
    return DecidingRule(
        rule,
        connectivity.certain.resolve(rule.ports, destination) if rule.peers.always >> peer & 1 else NONE,
        connectivity.possible.resolve(rule.ports, destination) if rule.peers.possible >> peer & 1 else NONE,
    )
