"""Policies as sets: which pods they isolate, and what their rules allow."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from k8snetlint.connectivity.certain import NOTHING, Certain, exactly
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, port_set
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT, NamedPort, PortRange

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from k8snetlint.connectivity.ip_space import IpSpace
    from k8snetlint.connectivity.pods import PodClasses
    from k8snetlint.connectivity.profiles import Profile
    from k8snetlint.model.addresses import Network
    from k8snetlint.model.networkpolicy import IPBlock, NetworkPolicy, Peer, PolicyRule, Port
    from k8snetlint.model.selectors import LabelSelector


class RulePorts(NamedTuple):
    """The ports of a rule; those that it names are other numbers at each destination.

    Attributes:
        numbers: the ports that it lists by numbers.
        names: those that it lists by names.
        known: whether that is all; otherwise it may list any port.
    """

    numbers: PortSet
    names: tuple[NamedPort, ...] = ()
    known: bool = True


class RuleSets(NamedTuple):
    """What one rule of a policy allows: the subjects of its policy and these peers, on these ports.

    Attributes:
        rule: as written.
        peers, ports: what is written in it, as sets.
        number: the same for rules whose peers and ports are written alike and mean the same.
    """

    rule: PolicyRule
    peers: Certain
    ports: RulePorts
    number: int


class PolicySets(NamedTuple):
    """A policy.

    Attributes:
        policy: as written.
        namespace: None where it is chosen when the manifests are applied.
        around: the pods in its namespace.
        subjects: the pods that it selects.
        isolates: for which directions.
        rules: those of the directions for which it isolates; others have no effect.
        known: whether its selectors are known.
    """

    policy: NetworkPolicy
    namespace: str | None
    around: Certain
    subjects: Certain
    isolates: frozenset[Direction]
    rules: tuple[RuleSets, ...]
    known: bool = True

    def of(self, direction: Direction) -> Iterator[RuleSets]:
        """Yield the rules of a direction."""
        return (each for each in self.rules if each.rule.direction is direction)


class PolicyReader:
    """Reads policies as sets of peers: classes of pods first, then ranges of addresses.

    Args:
        classes: the pods.
        space: the addresses.
        profile: what the CNI plugin does.
        pod_networks: the networks of the pods' addresses; none if they are not known.
    """

    def __init__(
        self, classes: PodClasses, space: IpSpace, profile: Profile, pod_networks: tuple[Network, ...] = ()
    ) -> None:
        self._classes = classes
        self._space = space
        self._profile = profile
        self._pod_networks = pod_networks
        self._offset = len(classes.every)
        self._pods = classes.everything & ~classes.on_host_network
        self.everything = classes.everything | space.everything << self._offset
        # Many policies have the same peers: each set is computed once and held once.
        self._known: dict[Hashable, Certain] = {}
        self._shared: dict[Certain, Certain] = {}
        self._ports_of: dict[Hashable, RulePorts] = {}
        self._rules: dict[Hashable, tuple[Certain, RulePorts, int]] = {}
        self._places: dict[Certain, int] = {}

    def read(self, policy: NetworkPolicy, namespace: str | None) -> PolicySets:
        """Return a policy as sets."""
        known = policy.knows(SELECTORS, NAME)
        around = self._classes.around(policy)
        subjects = self._classes.matching(policy.pod_selector if known else None) & around & self._pods
        if not known:
            subjects = Certain(0, subjects.possible)
        directions = [each for each in Direction if policy.isolates(each)]
        ports_known = policy.knows(PORTS)
        # What is not known of a policy has reasons of its own.
        place = self._places.setdefault(around, len(self._places)) if known and ports_known else policy
        rules = []
        for each in chain.from_iterable(map(policy.rules, directions)):
            key = _content(each, place)
            found = self._rules.get(key)
            if found is None:
                peers, ports = self._peers(each, around, known=known), self._ports(each, known=ports_known)
                found = self._rules[key] = peers, ports, len(self._rules)
            rules.append(RuleSets(each, *found))
        return PolicySets(policy, namespace, around, subjects, frozenset(directions), tuple(rules), known)

    def _peers(self, policy_rule: PolicyRule, around: Certain, *, known: bool) -> Certain:
        if not policy_rule.peers:
            # An empty list is every peer, as a missing one.
            return exactly(self.everything) if known else Certain(0, self.everything)
        found = NOTHING
        for peer in policy_rule.peers:
            sets = self.of_peer(peer, around)
            found = sets if found is NOTHING else self._shared.setdefault(found | sets, found | sets)
        return found if known else Certain(0, self.everything)

    def of_peer(self, peer: Peer, around: Certain) -> Certain:
        """Return what a peer of a policy matches; pods on the network of their node have no labels.

        Args:
            peer: an entry of `from` or `to`.
            around: the pods in the namespace of the policy.
        """
        if peer.ip_block is not None:
            key: Hashable = peer.ip_block.cidr, peer.ip_block.except_
        else:
            key = peer.namespace_selector, peer.pod_selector, around if peer.namespace_selector is None else None
        known = self._known.get(key)
        if known is None:
            found = self._of_peer(peer, around)
            known = self._known[key] = self._shared.setdefault(found, found)
        return known

    def _of_peer(self, peer: Peer, around: Certain) -> Certain:
        if peer.ip_block is not None:
            return self._block(peer.ip_block)
        if peer.namespace_selector is not None:
            return self._classes.in_namespaces(peer.namespace_selector, peer.pod_selector) & self._pods
        if peer.pod_selector is not None:
            return self._classes.matching(peer.pod_selector) & around & self._pods
        return NOTHING  # the API server rejects an empty peer

    def _block(self, block: IPBlock) -> Certain:
        outside = self._space.of_block(block) << self._offset
        nodes, pods = self._classes.on_host_network, self._pods
        possible = outside
        if self._profile.ip_block_matches_nodes is not False:
            possible |= nodes
        covered = self.covers_pods(block)
        if self._profile.ip_block_matches_pods is not False and covered is not False:
            possible |= pods
        always = outside | (pods if self._profile.ip_block_matches_pods and covered else 0)
        return Certain(always, possible)

    def covers_pods(self, block: IPBlock) -> bool | None:
        """Tell whether a block contains the addresses of all pods, or of none; None if that is not known."""
        network = parse_cidr(block.cidr or "")
        if network is None:
            return False
        without = [each for each in map(parse_cidr, block.except_ or ()) if each is not None]
        if not self._pod_networks:
            return True if network.length == 0 and not without and network.family == 4 else None
        if any(each in network for each in self._pod_networks) and not any(
            each.overlaps(pods) for each in without for pods in self._pod_networks
        ):
            return True
        return None if any(network.overlaps(each) for each in self._pod_networks) else False

    def _ports(self, policy_rule: PolicyRule, *, known: bool) -> RulePorts:
        if not known:
            return RulePorts(NONE, known=False)
        if not policy_rule.ports:
            return RulePorts(ALL)
        key = tuple((each.protocol, each.port, each.end_port) for each in policy_rule.ports)
        found = self._ports_of.get(key)
        if found is None:
            listed = [self._enforced(each) for each in policy_rule.ports]
            numbers = port_set(each for each in listed if isinstance(each, PortRange))
            found = RulePorts(numbers, tuple(each for each in listed if isinstance(each, NamedPort)))
            self._ports_of[key] = found
        return found

    def _enforced(self, entry: Port) -> PortRange | NamedPort | None:
        """Return what the plugin makes of an entry of `ports`."""
        ports = entry.ports()
        if isinstance(ports, NamedPort) and not self._profile.named_ports:
            return PortRange(ports.protocol, 1, LAST_PORT)
        if isinstance(ports, PortRange) and entry.end_port is not None and not self._profile.end_port:
            return ports._replace(last=ports.first)
        return ports


def _content(written: PolicyRule, place: Hashable) -> Hashable:
    """Return what a rule says; its place is a part of it only where that means something."""
    peers = [_content_of_peer(each) for each in written.peers or ()]
    ports = [(each.protocol, each.port, each.end_port) for each in written.ports or ()]
    is_anywhere = isinstance(place, int) and all(
        block is not None or namespaces is not None for block, namespaces, _ in peers
    )
    return (*peers, None, *ports, None if is_anywhere else place)


def _content_of_peer(peer: Peer) -> tuple[Hashable, LabelSelector | None, LabelSelector | None]:
    block = peer.ip_block
    return None if block is None else (block.cidr, block.except_), peer.namespace_selector, peer.pod_selector


class _HasPolicy(Protocol):
    """Something about a policy in a namespace."""

    @property
    def policy(self) -> NetworkPolicy: ...

    @property
    def namespace(self) -> str | None: ...


def policy_name(about: _HasPolicy) -> str:
    """Return `NetworkPolicy shop/db`."""
    name = about.policy.name or "(no name)"
    return f"NetworkPolicy {about.namespace}/{name}" if about.namespace else f"NetworkPolicy {name}"
