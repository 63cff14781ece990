"""Why a connection is neither allowed in every possible cluster nor denied in every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.engine import Verdict
from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peers import peers_of
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.connectivity.deciding import DecidingPolicy, DecidingRule, DirectionDecision
    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets, RulePorts, RuleSets
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


def verdict_of(because: Iterable[Reason]) -> Verdict:
    """Return the verdict about what is possible, but not certain: what no manifest shows may decide alone."""
    return Verdict.UNKNOWN if any(each.verdict is Verdict.UNKNOWN for each in because) else Verdict.DEPENDS


def of_subject(connectivity: Connectivity, policy: DecidingPolicy, subject: int) -> Iterator[Reason]:
    """Yield why it is not certain that a policy selects a pod; nothing if it is."""
    if not policy.always:
        yield from of_selection(connectivity, policy.sets, subject)


def of_selection(connectivity: Connectivity, policy: PolicySets, subject: int) -> Iterator[Reason]:
    """Yield why it is not certain that a policy selects a pod that it may select; nothing if it is."""
    changed = of_policy(connectivity, policy)
    if changed is not None:
        yield changed
        return
    if policy.around.is_open(subject):
        yield OPEN_NAMESPACE
    if policy.matching.is_open(subject):
        yield of_labels(connectivity, subject)


def of_policy(connectivity: Connectivity, policy: PolicySets) -> Reason | None:
    """Return why the selectors of a policy are not known; None if they are."""
    if policy.known:
        return None
    return _changed(connectivity, policy.policy, "selectors", SELECTORS, NAME)


def of_rule(
    connectivity: Connectivity, policy: DecidingPolicy, rule: DecidingRule, decision: DirectionDecision
) -> Iterator[Reason]:
    """Yield why it is not certain what a rule allows for a peer; nothing if it is."""
    peers, peer = rule.sets.peers, decision.peer
    if peers.is_open(peer):
        changed = of_policy(connectivity, policy.sets)
        if changed is not None:
            yield changed
        else:
            for each in rule.sets.rule.peers or ():
                yield from _of_peer(connectivity, policy.sets, each, peer)
    yield from of_ports(connectivity, policy.sets, rule.sets)
    destination = decision.subject if decision.direction is Direction.INGRESS else peer
    yield from of_named_ports(connectivity, rule.sets.ports, destination)


def of_ports(connectivity: Connectivity, policy: PolicySets, rule: RuleSets) -> Iterator[Reason]:
    """Yield why the ports of a rule are not known; nothing if they are."""
    if not rule.ports.known:
        yield _changed(connectivity, policy.policy, "ports", PORTS)


def of_named_ports(connectivity: Connectivity, ports: RulePorts, destination: int) -> Iterator[Reason]:
    """Yield why the numbers of a rule's named ports are not known at a destination; nothing if they are."""
    is_pod = ports.known and destination < connectivity.offset
    if ports.names and is_pod and connectivity.classes.every[destination].ports is None:
        yield _unknown(f"no manifest shows the named ports of {_name(connectivity, destination)}")


def _of_peer(connectivity: Connectivity, policy: PolicySets, written: Peer, peer: int) -> Iterator[Reason]:
    """Yield why it is not certain that an entry of `from` or `to` matches a peer; nothing if it is."""
    if not connectivity.reader.of_peer(written, policy.around).is_open(peer):
        return
    if written.ip_block is not None:
        yield from of_block(connectivity, written.ip_block, peer)
        return
    pods = connectivity.classes.every[peer]
    if written.namespace_selector is not None:
        namespaces = connectivity.classes.namespaces
        if namespaces.matching(written.namespace_selector).is_open(namespaces.names.index(pods.namespace)):
            yield of_namespace(connectivity, pods.namespace)
    elif policy.around.is_open(peer):
        yield OPEN_NAMESPACE
    if connectivity.classes.matching(written.pod_selector).is_open(peer):
        yield of_labels(connectivity, peer)


def of_block(connectivity: Connectivity, block: IPBlock, peer: int) -> Iterator[Reason]:
    """Yield why it is not certain that a block contains the addresses of pods that it may contain."""
    profile = connectivity.profile
    if connectivity.classes.on_host_network >> peer & 1:
        yield BLOCK_AND_NODES if profile.ip_block_matches_nodes is None else NODE_ADDRESSES
        return
    if profile.ip_block_matches_pods is None:
        yield BLOCK_AND_PODS
    if not connectivity.reader.covers_pods(block):
        yield POD_ADDRESSES


def of_namespace(connectivity: Connectivity, name: str | None) -> Reason:
    """Return why the labels of a namespace are not known."""
    if name is None:
        return OPEN_NAMESPACE
    if name == OTHER_NAMESPACES:
        return _unknown("no manifest shows the labels of other namespaces")
    manifest = connectivity.cluster.namespaces().get(name)
    if manifest is None or manifest.is_plain:
        return _unknown(f"no manifest shows the labels of namespace {name}")
    return _unknown(f"the labels of namespace {name} are patched, or contain a placeholder")


def of_labels(connectivity: Connectivity, number: int) -> Reason:
    """Return why the labels of pods are not known."""
    known: Reason | None = connectivity.answers.get((of_labels, number))
    if known is None:
        known = connectivity.answers[of_labels, number] = _of_labels(connectivity, number)
    return known


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
