"""NetworkPolicy, networking.k8s.io/v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

import enum
import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from k8snetlint.model.aspects import SELECTORS
from k8snetlint.model.ports import policy_ports
from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import LabelSelector, selector_of
from k8snetlint.model.values import entries, number, number_or_text, struct, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snetlint.model.ports import NamedPort, PortRange
    from k8snetlint.source.document import Place, Source
    from k8snetlint.source.paths import FieldPath

_SAYS_ALLOW = r"(?i)(?:^|[^a-z])(?:allow|permit|open)"
_SAYS_DENY = r"(?i)(?:^|[^a-z])(?:deny|block|isolat)"


class Direction(enum.StrEnum):
    """Which way traffic goes, seen from the selected pods; the value is its name in `policyTypes`."""

    INGRESS = "Ingress"
    EGRESS = "Egress"

    @property
    def rules_field(self) -> str:
        """The field of the spec that lists its rules: `ingress` or `egress`."""
        return self.value.lower()

    @property
    def peer_field(self) -> str:
        """The field of a rule that lists its peers: `from` or `to`."""
        return "from" if self is Direction.INGRESS else "to"

    @property
    def opposite(self) -> Direction:
        """The direction of the same connection at its other end."""
        return Direction.EGRESS if self is Direction.INGRESS else Direction.INGRESS


class NetworkPolicy(Resource):
    """A policy as written; defaults of the API server have methods of their own.

    Slots:
        pod_selector: None if missing or null, which the server reads as the empty selector.
        selects_by_null: the podSelector is spelled `null` or `~`, and not just left empty: whoever reads it noted that.
        spec_fields: the fields that are written in the spec, if only as null; None if it is missing or null itself.
        policy_types: None if missing or null.
        ingress, egress: None if missing or null; an empty list allows nothing.
        written_selectors: all of them, without the places that `selectors` makes.
        peers, ports, ip_blocks: those of all rules.
        is_misspelt: a field outside of the metadata is unknown: it is probably a misspelt rule, selector or direction.
    """

    __slots__ = (
        *("_isolated", "_rules", "egress", "ingress", "ip_blocks", "is_misspelt", "peers"),
        *("pod_selector", "policy_types", "ports", "selects_by_null", "spec_fields", "written_selectors"),
    )

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        spec = struct(value.get("spec"))
        self.spec_fields = None if value.get("spec") is None else tuple(spec)
        self.pod_selector = selector_of(spec.get("podSelector"))
        self.selects_by_null = False
        types = spec.get("policyTypes")
        # A null entry of a list is its zero value, an empty string.
        self.policy_types = None if types is None else tuple(text(each) or "" for each in entries(types))
        self.ingress = _rules(spec, Direction.INGRESS, self)
        self.egress = _rules(spec, Direction.EGRESS, self)
        # Most rules about policies ask for these.
        self.is_misspelt = any(path[0] != "metadata" for path in self.unknown_fields)
        self._rules = (self.ingress or ()) + (self.egress or ())
        self._isolated = self.computed_policy_types()
        self.peers = tuple([peer for each in self._rules for peer in each.peers or ()])
        written = [selector for each in self.peers for selector in (each.namespace_selector, each.pod_selector)]
        self.written_selectors = tuple([each for each in (self.pod_selector, *written) if each is not None])
        self.ports = tuple([port for each in self._rules for port in each.ports or ()])
        self.ip_blocks = tuple([each.ip_block for each in self.peers if each.ip_block is not None])

    @property
    def says_allow(self) -> bool:
        """Whether the name of the policy contains a word like allow."""
        return re.search(_SAYS_ALLOW, self.name or "") is not None

    @property
    def says_deny(self) -> bool:
        """Whether the name of the policy contains a word like deny."""
        return re.search(_SAYS_DENY, self.name or "") is not None

    @property
    def selects_every_pod(self) -> bool:
        """Whether every pod of the namespace is selected."""
        return self.pod_selector is None or self.pod_selector.is_empty

    def computed_policy_types(self) -> tuple[str, ...]:
        """Return the policy types as the API server stores them.

        An empty list is defaulted like a missing one; Egress comes with the first egress rule, so `egress: []` without
        policyTypes isolates nothing.

        Source: pkg/apis/networking/v1/defaults.go
        """
        if self.policy_types:
            return self.policy_types
        return (Direction.INGRESS, Direction.EGRESS) if self.egress else (Direction.INGRESS,)

    def isolates(self, direction: Direction) -> bool:
        """Tell whether the pods that it selects are isolated for a direction."""
        return direction in self._isolated

    def rules(self, direction: Direction | None = None) -> tuple[PolicyRule, ...]:
        """Return the rules of one direction, or of both."""
        if direction is None:
            return self._rules
        return (self.ingress if direction is Direction.INGRESS else self.egress) or ()

    def selectors(self) -> Iterator[tuple[LabelSelector, Callable[[], Place]]]:
        """Yield every selector that is written, with what gives its place: hardly anybody asks for it."""
        if self.pod_selector is not None:
            yield self.pod_selector, partial(self.at, "spec", "podSelector")
        for peer in self.peers:
            if peer.namespace_selector is not None:
                yield peer.namespace_selector, partial(peer.at, "namespaceSelector")
            if peer.pod_selector is not None:
                yield peer.pod_selector, partial(peer.at, "podSelector")

    def texts_of(self, aspect: str) -> Iterable[str]:
        """Return what is written of an aspect."""
        if aspect != SELECTORS:
            return super().texts_of(aspect)
        return chain.from_iterable([each.texts() for each in self.written_selectors])

    def selector_at(self, path: FieldPath) -> LabelSelector | None:
        """Return the selector that is written at a path, None without one."""
        match path:
            case ("spec", "podSelector"):
                return self.pod_selector
            case ("spec", field, int(number), _, int(index), which) if field in ("ingress", "egress"):
                rules = (self.ingress if field == "ingress" else self.egress) or ()
                peer = (rules[number].peers or ())[index]
                return peer.pod_selector if which == "podSelector" else peer.namespace_selector
            case _:
                return None


class PolicyRule:
    """One entry of `ingress` or `egress`.

    Slots:
        peer_field: the field of its peers, `from` or `to`.
        peers, ports: None if not written, empty if written as null or an empty list.
        allows_everything: whether nothing at all is written in it.
    """

    __slots__ = ("allows_everything", "direction", "peer_field", "peers", "place", "ports")

    def __init__(self, value: dict[str, object], direction: Direction, place: Place) -> None:
        self.place = place
        self.direction = direction
        # Not so for a rule that contains a misplaced field only: `to` under ingress was written for a reason.
        self.allows_everything = not value
        self.peer_field = direction.peer_field
        self.peers: tuple[Peer, ...] | None = None
        if self.peer_field in value:
            peers = enumerate(entries(value[self.peer_field]))
            self.peers = tuple([Peer(struct(each), self, index) for index, each in peers])
        self.ports: tuple[Port, ...] | None = None
        if "ports" in value:
            ports = enumerate(entries(value["ports"]))
            self.ports = tuple([Port(struct(each), self, index) for index, each in ports])

    def numbers(self) -> list[tuple[Port, int]]:
        """Return the ports that are single numbers, with these."""
        ports = self.ports or ()
        return [(port, port.port) for port in ports if isinstance(port.port, int) and port.end_port is None]

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the rule."""
        return self.place.to(*path, key=key)


_SELECTORS = ("podSelector", "namespaceSelector")


class Peer:
    """One entry of `from` or `to`; what is missing or null is None.

    Slots:
        nulls: the selectors that are written as null.
    """

    __slots__ = ("_index", "_rule", "ip_block", "namespace_selector", "nulls", "pod_selector")

    def __init__(self, value: dict[str, object], rule: PolicyRule, index: int) -> None:
        self._rule = rule
        self._index = index
        self.pod_selector = selector_of(value.get("podSelector"))
        self.namespace_selector = selector_of(value.get("namespaceSelector"))
        self.nulls: tuple[str, ...] = ()
        if None in value.values():
            self.nulls = tuple([each for each in _SELECTORS if each in value and value[each] is None])
        block = value.get("ipBlock")
        self.ip_block = None if block is None else IPBlock(struct(block), self.at("ipBlock"))

    @property
    def place(self) -> Place:
        """The place of the peer."""
        return self.at()

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the peer."""
        return self._rule.place.to(self._rule.peer_field, self._index, *path, key=key)


class IPBlock:
    """The addresses of `cidr` without those of `except_`, as written; `except_` is None if missing or null."""

    __slots__ = ("cidr", "except_", "place")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self.place = place
        self.cidr = text(value.get("cidr"))
        cut = value.get("except")
        self.except_ = None if cut is None else tuple(text(each) or "" for each in entries(cut))

    def networks(self) -> Iterator[tuple[str, FieldPath]]:
        """Yield `cidr` and each entry of `except`, with their paths in the block; nothing for a missing cidr."""
        if self.cidr:
            yield self.cidr, ("cidr",)
        for index, each in enumerate(self.except_ or ()):
            yield each, ("except", index)

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the block."""
        return self.place.to(*path, key=key)


class Port:
    """One entry of `ports`, as written.

    Slots:
        port: a number, a name, or None for all ports of the protocol.
        protocol: None if missing or null; an empty one is rejected.
    """

    __slots__ = ("_index", "_rule", "end_port", "port", "protocol")

    def __init__(self, value: dict[str, object], rule: PolicyRule, index: int) -> None:
        self._rule = rule
        self._index = index
        self.port = number_or_text(value.get("port"))
        self.end_port = number(value.get("endPort"))
        self.protocol = text(value.get("protocol"))

    @property
    def effective_protocol(self) -> str:
        """The protocol after defaulting."""
        return "TCP" if self.protocol is None else self.protocol

    def ports(self) -> PortRange | NamedPort | None:
        """Return which ports it names, None if the API server rejects it."""
        return policy_ports(self.port, self.end_port, self.protocol)

    @property
    def place(self) -> Place:
        """The place of the port."""
        return self.at()

    def at(self, *path: str | int, key: bool = False) -> Place:
        """Return the place of a field of the port."""
        return self._rule.place.to("ports", self._index, *path, key=key)


def _rules(spec: dict[str, object], direction: Direction, policy: NetworkPolicy) -> tuple[PolicyRule, ...] | None:
    field = direction.rules_field
    written = spec.get(field)
    if written is None:
        return None
    rules = enumerate(entries(written))
    return tuple([PolicyRule(struct(each), direction, policy.at("spec", field, index)) for index, each in rules])
