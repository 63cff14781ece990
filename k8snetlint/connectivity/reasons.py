"""Why a connection is neither allowed in every possible cluster nor denied in every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.deciding import decide
from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.peers import peers_of
from k8snetlint.connectivity.pods import OTHER_NAMESPACES
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, difference, intersection
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.deciding import DecidingPolicy, DecidingRule, DirectionDecision
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets
    from k8snetlint.model.networkpolicy import IPBlock, Peer
    from k8snetlint.model.resource import Resource


class Reason(NamedTuple):
    """Why a connection is possible, but not certain.

    Attributes:
        verdict: `DEPENDS` for what implementations do differently, `UNKNOWN` for what no manifest shows.
        text: a clause.
    """

    verdict: Verdict
    text: str


FROM_NODE = Reason(
    Verdict.DEPENDS, "the source is on the network of its node, and a node always reaches the pods that it runs"
)
TO_NODE = Reason(
    Verdict.DEPENDS,
    "the destination is on the network of its node, which some CNI plugins always let the node's own pods reach",
)
TUNNEL = Reason(
    Verdict.DEPENDS, "both ends are in an ambient mesh, which tunnels their TCP connections through port 15008"
)
BLOCK_AND_PODS = Reason(
    Verdict.DEPENDS, "an ipBlock matches the addresses of pods with some CNI plugins only (--cni says which)"
)
BLOCK_AND_NODES = Reason(
    Verdict.DEPENDS, "an ipBlock matches the addresses of nodes with some CNI plugins only (--cni says which)"
)
POD_ADDRESSES = Reason(
    Verdict.UNKNOWN, "no manifest shows whether an ipBlock contains the addresses of the pods (--pod-cidr says it)"
)
NODE_ADDRESSES = Reason(Verdict.UNKNOWN, "no manifest shows whether an ipBlock contains the addresses of the nodes")
OPEN_NAMESPACE = Reason(
    Verdict.UNKNOWN, "no manifest shows to which namespace the objects without one go (--namespace says it)"
)
OTHER_OF_SOURCE = Reason(Verdict.UNKNOWN, "a policy of another kind, which is not evaluated, may select the source")
OTHER_OF_DESTINATION = Reason(
    Verdict.UNKNOWN, "a policy of another kind, which is not evaluated, may select the destination"
)
CONTROLLER_LABELS = Reason(Verdict.UNKNOWN, "a selector asks for a label whose value a controller chooses")


def reasons(connectivity: Connectivity, source: int, destination: int, ports: PortSet = ALL) -> tuple[Reason, ...]:
    """Return why the connections from a source to a destination are possible, but not certain.

    Args:
        connectivity: what the cluster allows.
        source: the number of a peer.
        destination: the number of a peer.
        ports: those that are asked about.

    Returns:
        all reasons, in order; none if all these ports are allowed, or denied, in every possible cluster.
    """
    decision = decide(connectivity, source, destination, allowing=True)
    uncertain = intersection(difference(decision.possible, decision.always), ports)
    found: set[Reason] = set()
    direct = decision._replace(in_mesh=False)
    if difference(uncertain, difference(direct.possible, direct.always)) != NONE:
        found.add(TUNNEL)
    for each in (decision.egress, decision.ingress):
        mine = intersection(difference(each.possible, each.always), uncertain)
        if mine != NONE:
            found.update(_of_direction(connectivity, each, mine))
    return tuple(sorted(found))


def verdict_of(because: Iterable[Reason]) -> Verdict:
    """Return the verdict about what is possible, but not certain: what no manifest shows may decide alone."""
    return Verdict.UNKNOWN if any(each.verdict is Verdict.UNKNOWN for each in because) else Verdict.DEPENDS


def _of_direction(connectivity: Connectivity, decision: DirectionDecision, ports: PortSet) -> Iterator[Reason]:
    if decision.unprotected:
        yield FROM_NODE if decision.direction is Direction.INGRESS else TO_NODE
    if connectivity.undecided.pods(decision.direction) >> decision.subject & 1:
        yield OTHER_OF_SOURCE if decision.direction is Direction.EGRESS else OTHER_OF_DESTINATION
    if not connectivity.possible.is_isolated(decision.subject, decision.direction):
        yield from _of_isolation(connectivity, decision.subject, decision.direction)
    for policy in decision.policies:
        for rule in policy.rules:
            if intersection(rule.possible, ports) != NONE:
                yield from of_subject(connectivity, policy, decision.subject)
                yield from of_rule(connectivity, policy, rule, decision)


def _of_isolation(connectivity: Connectivity, subject: int, direction: Direction) -> frozenset[Reason]:
    """Return why it is not certain that a pod is isolated."""
    key = _of_isolation, subject, direction
    known: frozenset[Reason] | None = connectivity.answers.get(key)
    if known is None:
        policies = connectivity.selecting(subject, direction)
        found = (reason for each in policies for reason in _of_selection(connectivity, each, subject))
        known = connectivity.answers[key] = frozenset(found)
    return known


def of_subject(connectivity: Connectivity, policy: DecidingPolicy, subject: int) -> Iterator[Reason]:
    """Yield why it is not certain that a policy selects a pod; nothing if it is."""
    if not policy.always:
        yield from _of_selection(connectivity, policy.sets, subject)


def _of_selection(connectivity: Connectivity, policy: PolicySets, subject: int) -> Iterator[Reason]:
    written = policy.policy
    if not written.knows(SELECTORS, NAME):
        yield _changed(connectivity, written, "selectors", SELECTORS, NAME)
        return
    if policy.around.is_open(subject):
        yield OPEN_NAMESPACE
    if connectivity.classes.matching(written.pod_selector).is_open(subject):
        yield _of_labels(connectivity, subject)


def of_rule(
    connectivity: Connectivity, policy: DecidingPolicy, rule: DecidingRule, decision: DirectionDecision
) -> Iterator[Reason]:
    """Yield why it is not certain what a rule allows for a peer; nothing if it is."""
    peers, ports, peer = rule.sets.peers, rule.sets.ports, decision.peer
    written = policy.sets.policy
    if peers.is_open(peer):
        if written.knows(SELECTORS, NAME):
            for each in rule.sets.rule.peers or ():
                yield from _of_peer(connectivity, policy.sets, each, peer)
        else:
            yield _changed(connectivity, written, "selectors", SELECTORS, NAME)
    destination = decision.subject if decision.direction is Direction.INGRESS else peer
    if not ports.known:
        yield _changed(connectivity, written, "ports", PORTS)
    elif ports.names and destination < connectivity.offset and connectivity.classes.every[destination].ports is None:
        yield _unknown(f"no manifest shows the named ports of {_name(connectivity, destination)}")


def _of_peer(connectivity: Connectivity, policy: PolicySets, written: Peer, peer: int) -> Iterator[Reason]:
    """Yield why it is not certain that an entry of `from` or `to` matches a peer; nothing if it is."""
    if not connectivity.reader.of_peer(written, policy.around).is_open(peer):
        return
    if written.ip_block is not None:
        yield from _of_block(connectivity, written.ip_block, peer)
        return
    pods = connectivity.classes.every[peer]
    if written.namespace_selector is not None:
        namespaces = connectivity.classes.namespaces
        if namespaces.matching(written.namespace_selector).is_open(namespaces.names.index(pods.namespace)):
            yield _of_namespace(connectivity, pods.namespace)
    elif policy.around.is_open(peer):
        yield OPEN_NAMESPACE
    if connectivity.classes.matching(written.pod_selector).is_open(peer):
        yield _of_labels(connectivity, peer)


def _of_block(connectivity: Connectivity, block: IPBlock, peer: int) -> Iterator[Reason]:
    profile = connectivity.profile
    if connectivity.classes.on_host_network >> peer & 1:
        yield BLOCK_AND_NODES if profile.ip_block_matches_nodes is None else NODE_ADDRESSES
        return
    if profile.ip_block_matches_pods is None:
        yield BLOCK_AND_PODS
    if not connectivity.reader.covers_pods(block):
        yield POD_ADDRESSES


def _of_namespace(connectivity: Connectivity, name: str | None) -> Reason:
    if name is None:
        return OPEN_NAMESPACE
    if name == OTHER_NAMESPACES:
        return _unknown("no manifest shows the labels of other namespaces")
    manifest = connectivity.cluster.namespaces().get(name)
    if manifest is None or manifest.is_plain:
        return _unknown(f"no manifest shows the labels of namespace {name}")
    return _unknown(f"the labels of namespace {name} are patched, or contain a placeholder")


def _of_labels(connectivity: Connectivity, number: int) -> Reason:
    pods = connectivity.classes.every[number]
    if not pods.is_shown:
        return _unknown(f"no manifest shows the labels of {_name(connectivity, number)}")
    if pods.partial:
        return _unknown(f"the labels of {_name(connectivity, number)} are patched, or contain a placeholder")
    return CONTROLLER_LABELS


def _changed(connectivity: Connectivity, written: Resource, what: str, *aspects: str) -> Reason:
    namespace = connectivity.cluster.known_namespace_of(written)
    name = f"{namespace}/{written.name or ''}" if namespace else written.name or ""
    how = "a patch changes" if not written.patched.isdisjoint(aspects) else "a placeholder is in"
    return _unknown(f"{how} the {what} of NetworkPolicy {name}")


def _unknown(text: str) -> Reason:
    return Reason(Verdict.UNKNOWN, text)


def _name(connectivity: Connectivity, number: int) -> str:
    return str(next(peers_of(connectivity, number)))
