"""Why a rule does not allow a connection: which of its conditions fail, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.port_sets import NONE, PortSet, intersection
from k8snetlint.model.addresses import parse_cidr
from k8snetlint.model.namespace import NAME_LABEL, known_labels
from k8snetlint.model.ports import NamedPort, PortRange
from k8snetlint.model.selectors import LabelSelector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.connectivity.policies import PolicySets, RuleSets
    from k8snetlint.model.networkpolicy import IPBlock, Peer, PolicyRule, Port
    from k8snetlint.model.selectors import Requirement
    from k8snetlint.source.document import Place

_FAR = 10
"""More than labels that differ: no other value of a label would make such a peer match."""


class Condition(NamedTuple):
    """A condition of a rule that fails: what it expects and what there is, and where it is written."""

    text: str
    place: Place


class Miss(NamedTuple):
    """Why a rule does not allow a connection.

    Attributes:
        distance: how much fails; the least is the nearest miss.
        conditions: what fails; of several peers what the nearest one lacks.
    """

    distance: int
    conditions: tuple[Condition, ...]


def miss_of(
    connectivity: Connectivity, policy: PolicySets, rule: RuleSets, peer: int, *, destination: int, ports: PortSet
) -> Miss:
    """Return why a rule allows none of some ports.

    Args:
        connectivity: what the cluster allows.
        policy: the policy of the rule.
        rule: the rule.
        peer: what its peers do not match, perhaps.
        destination: where its ports are, the peer or the subject of the policy.
        ports: those that are asked about.
    """
    found = [_miss_of_peer(connectivity, policy, each, peer) for each in rule.rule.peers or ()]
    nearest = min(found, key=lambda each: each.distance) if found else Miss(0, ())
    listed = connectivity.possible.resolve(rule.ports, destination)
    if intersection(listed, ports) != NONE:
        return nearest
    condition = _of_ports(rule.rule, listed, ports, outside=destination >= connectivity.offset)
    profile = connectivity.profile
    if listed != NONE and not profile.end_port and any(each.end_port is not None for each in rule.rule.ports or ()):
        condition = condition._replace(text=f"{condition.text}, as this version of {profile.name} ignores endPort")
    return Miss(nearest.distance + 1, (*nearest.conditions, condition))


def _miss_of_peer(connectivity: Connectivity, policy: PolicySets, written: Peer, peer: int) -> Miss:
    if connectivity.reader.of_peer(written, policy.around).possible >> peer & 1:
        return Miss(0, ())
    if written.ip_block is not None:
        if peer >= connectivity.offset:
            return Miss(1, (_of_address(connectivity, written.ip_block, peer),))
        return Miss(_FAR, (Condition(_pods_in_block(connectivity, peer), written.ip_block.at("cidr")),))
    if written.pod_selector is None and written.namespace_selector is None:
        return Miss(_FAR, (Condition("an empty peer matches nothing, and the API server rejects it", written.place),))
    if peer >= connectivity.offset:
        return Miss(
            _FAR, (Condition("a selector matches pods, and no addresses outside of the cluster", written.place),)
        )
    if connectivity.classes.every[peer].host_network:
        text = "the pod is on the network of its node, where selectors do not match it"
        return Miss(_FAR, (Condition(text, written.place),))
    conditions = (*_of_namespace(connectivity, policy, written, peer), *_of_labels(connectivity, written, peer))
    return Miss(len(conditions), conditions)


def _of_address(connectivity: Connectivity, block: IPBlock, peer: int) -> Condition:
    bit = 1 << peer - connectivity.offset
    network = parse_cidr(block.cidr or "")
    if network is not None and connectivity.space.of_network(network) & bit:
        for index, each in enumerate(block.except_ or ()):
            without = parse_cidr(each)
            if without is not None and connectivity.space.of_network(without) & bit:
                return Condition(
                    f"the address is in {each}, which is left out of {block.cidr}", block.at("except", index)
                )
    return Condition(f"the address is not in {block.cidr}", block.at("cidr"))


def _pods_in_block(connectivity: Connectivity, peer: int) -> str:
    profile = connectivity.profile
    on_host = connectivity.classes.on_host_network >> peer & 1
    if on_host:
        return f"with {profile.name}, an ipBlock does not match the addresses of nodes"
    if profile.ip_block_matches_pods is False:
        return f"with {profile.name}, an ipBlock does not match the addresses of pods"
    return "the block does not contain the addresses of pods"


def _of_namespace(connectivity: Connectivity, policy: PolicySets, written: Peer, peer: int) -> Iterator[Condition]:
    name = connectivity.classes.every[peer].namespace
    if written.namespace_selector is None:
        if name != policy.namespace:
            where = "another namespace" if name in (OTHER_NAMESPACES, None) else f"namespace {name}"
            text = f"without namespaceSelector only pods in namespace {policy.namespace} match, the pod is in {where}"
            yield Condition(text, written.at("podSelector", key=True))
        return
    namespaces = connectivity.classes.namespaces
    position = namespaces.names.index(name)
    labels: Mapping[str, str] = {}
    if name is not None and name != OTHER_NAMESPACES:
        labels = known_labels(name, connectivity.cluster.namespaces().get(name))
    for requirement, single, place in _requirements(written.namespace_selector, written, "namespaceSelector"):
        if namespaces.matching(single).possible >> position & 1:
            continue
        if requirement.key == NAME_LABEL and requirement.operator == "In":
            where = "another one" if name in (OTHER_NAMESPACES, None) else name
            yield Condition(f"namespace {' or '.join(requirement.values)} is expected, the pod is in {where}", place())
        else:
            yield Condition(_differs(requirement, labels, "the namespace"), place())


def _of_labels(connectivity: Connectivity, written: Peer, peer: int) -> Iterator[Condition]:
    if written.pod_selector is None:
        return
    pods = connectivity.classes.every[peer]
    for requirement, single, place in _requirements(written.pod_selector, written, "podSelector"):
        if not connectivity.classes.matching(single).possible >> peer & 1:
            yield Condition(_differs(requirement, pods.labels, "the pod"), place())


def _requirements(
    selector: LabelSelector, written: Peer, field: str
) -> Iterator[tuple[Requirement, LabelSelector, Callable[[], Place]]]:
    """Yield each requirement of a selector, as a selector of its own, with what gives its place."""
    for key, value in (selector.match_labels or {}).items():
        single = LabelSelector({"matchLabels": {key: value}})
        yield single.requirements[0], single, lambda key=key: written.at(field, "matchLabels", key)  # type: ignore[misc]  # bound
    for index, each in enumerate(selector.match_expressions or ()):
        expression = {"key": each.key, "operator": each.operator, "values": list(each.values)}
        single = LabelSelector({"matchExpressions": [expression]})
        yield each, single, lambda index=index: written.at(field, "matchExpressions", index)  # type: ignore[misc]  # bound


def _differs(requirement: Requirement, labels: Mapping[str, str], subject: str) -> str:
    """Return what a requirement expects, and what there is: `label tier expects front, the pod has back`."""
    key, operator, values = requirement
    has = f"{subject} has {labels[key] or 'an empty one'}" if key in labels else f"{subject} has none"
    wanted = " or ".join(each or "an empty value" for each in values)
    match operator:
        case "In":
            return f"label {key} expects {wanted}, {has}"
        case "NotIn":
            return f"label {key} must not be {wanted}, {has}"
        case "Exists":
            return f"label {key} is expected, {has}"
        case "DoesNotExist":
            return f"label {key} must not exist, {has}"
        case _:
            return f"operator `{operator}` is not valid, and matches nothing"


def _of_ports(policy_rule: PolicyRule, listed: PortSet, ports: PortSet, *, outside: bool) -> Condition:
    """Return why none of the ports that are asked about is one that a rule lists."""
    entries = policy_rule.ports or ()
    nearest = min(entries, key=lambda each: not _same_number(each, ports))
    place = nearest.at("port") if nearest.port is not None else nearest.place
    if len(entries) > 1 and not _same_number(nearest, ports):
        place = policy_rule.at("ports")
    names = [each for each in (port.ports() for port in entries) if isinstance(each, NamedPort)]
    if listed != NONE:
        return Condition(f"allows {listed}, not {ports}", place)
    if names and outside:
        return Condition("a port by its name matches no addresses outside of the cluster", place)
    if names:
        return Condition(f"the destination declares no {names[0].protocol.value} port named {names[0].name}", place)
    return Condition("the port is not valid, and matches nothing", place)


def _same_number(port: Port, ports: PortSet) -> bool:
    """Tell whether an entry lists one of some ports in another protocol."""
    listed = port.ports()
    return isinstance(listed, PortRange) and any(
        each.first <= listed.last and listed.first <= each.last for each in ports.ranges()
    )
