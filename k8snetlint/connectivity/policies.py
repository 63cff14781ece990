"""Policies as sets: which pods they isolate, and what their rules allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from k8snetlint.connectivity.certain import NOTHING, Certain, exactly
from k8snetlint.connectivity.port_sets import ALL, NONE, PortSet, port_set
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.aspects import NAME, PORTS, SELECTORS
from k8snetlint.model.networkpolicy import Direction
from k8snetlint.model.ports import LAST_PORT, NamedPort, PortRange

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from k8snetlint.connectivity.ip_space import IpSpace
    from k8snetlint.connectivity.pods import PodClasses
    from k8snetlint.connectivity.profiles import Profile
    from k8snetlint.model.addresses import Network
    from k8snetlint.model.networkpolicy import IPBlock, NetworkPolicy, Peer, PolicyRule, Port


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
        matching: the pods that its selector matches, in any namespace.
        subjects: the pods that it selects.
        isolates: for which directions.
        ingress, egress: the rules of the directions for which it isolates; others have no effect.
        known: whether its selectors are known.
    """

    policy: NetworkPolicy
    namespace: str | None
    around: Certain
    matching: Certain
    subjects: Certain
    isolates: frozenset[Direction]
    ingress: tuple[RuleSets, ...]
    egress: tuple[RuleSets, ...]
    known: bool = True

    @property
    def rules(self) -> tuple[RuleSets, ...]:
        """The rules of both directions."""
        return self.ingress + self.egress

    def of(self, direction: Direction) -> tuple[RuleSets, ...]:
        """Return the rules of a direction."""
        return self.ingress if direction is Direction.INGRESS else self.egress


class SameRules:
    """Rules of one direction that say the same.

    Slots:
        policy, rule: the first of them, with its policy.
        always, possible: the pods that their policies select, as in `Certain`.
        uncertain: the pods that one of their policies may select, but need not.
    """

    __slots__ = ("always", "policy", "possible", "rule", "uncertain")

    def __init__(self, policy: PolicySets, rule: RuleSets) -> None:
        self.policy = policy
        self.rule = rule
        self.always, self.possible = policy.subjects
        self.uncertain = self.possible & ~self.always

    def add(self, subjects: Certain) -> None:
        """Add the pods that a further policy with such a rule selects."""
        self.always |= subjects.always
        self.possible |= subjects.possible
        self.uncertain |= subjects.possible & ~subjects.always


def same_rules(policies: Iterable[PolicySets], direction: Direction) -> dict[int, SameRules]:
    """Return the rules of a direction, those that say the same as one, by their numbers."""
    found: dict[int, SameRules] = {}
    for policy in policies:
        for rule in policy.of(direction):
            same = found.get(rule.number)
            if same is None:
                found[rule.number] = SameRules(policy, rule)
            else:
                same.add(policy.subjects)
    return found


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
        matching = self._classes.matching(policy.pod_selector if known else None)
        subjects = matching & around & self._pods
        if not known:
            subjects = Certain(0, subjects.possible)
        types = policy.computed_policy_types()
        isolates = frozenset([each for each in Direction if each in types])
        # What is not known of a policy has reasons of its own.
        is_known = known and policy.knows(PORTS)
        place = self._places.setdefault(around, len(self._places)) if is_known else policy
        ingress, egress = (
            tuple([RuleSets(each, *self._sets(each, policy, place)) for each in policy.rules(direction)])
            if direction in isolates
            else ()
            for direction in Direction
        )
        return PolicySets(policy, namespace, around, matching, subjects, isolates, ingress, egress, known)

    def _sets(self, written: PolicyRule, policy: NetworkPolicy, place: Hashable) -> tuple[Certain, RulePorts, int]:
        key = _content(written, place)
        found = self._rules.get(key)
        if found is None:
            peers = self._peers(written, self._classes.around(policy), known=policy.knows(SELECTORS, NAME))
            ports = self._ports(written, known=policy.knows(PORTS))
            found = self._rules[key] = peers, ports, len(self._rules)
        return found

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
    is_anywhere = isinstance(place, int)
    content: list[Hashable] = []
    for peer in written.peers or ():
        block = peer.ip_block
        content += block and (block.cidr, block.except_), peer.namespace_selector, peer.pod_selector
        is_anywhere = is_anywhere and (block is not None or peer.namespace_selector is not None)
    content.append("ports")
    for port in written.ports or ():
        content += port.protocol, port.port, port.end_port
    content.append(None if is_anywhere else place)
    return tuple(content)


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
