"""NetworkPolicy, networking.k8s.io/v1.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.selectors import LabelSelector, selector_of
from k8snetlint.model.values import items, mapping, number, number_or_text, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snetlint.source.document import Source
    from k8snetlint.source.paths import FieldPath, Place

INGRESS, EGRESS = "Ingress", "Egress"
_SAYS_ALLOW = re.compile(r"(?:^|[^a-z])(?:allow|permit|open)", re.IGNORECASE)
_SAYS_DENY = re.compile(r"(?:^|[^a-z])(?:deny|block|isolat)", re.IGNORECASE)


class NetworkPolicy(Resource):
    """A policy as written; what the API server would default is asked for by name.

    Slots:
        pod_selector: None if missing or null, which the server reads as the empty selector.
        policy_types: None if missing or null.
        ingress, egress: None if missing or null; an empty list allows nothing.
    """

    __slots__ = ("egress", "ingress", "pod_selector", "policy_types", "spec_keys")

    def __init__(
        self,
        value: dict[str, object],
        source: Source,
        document: int,
        root: FieldPath = (),
        unknown_fields: Iterable[FieldPath] = (),
    ) -> None:
        super().__init__(value, source, document, root, unknown_fields)
        spec = mapping(value.get("spec"))
        self.spec_keys = frozenset(spec)
        self.pod_selector = selector_of(spec.get("podSelector"))
        types = spec.get("policyTypes")
        self.policy_types = tuple(str(each) for each in types) if isinstance(types, list) else None
        self.ingress = _rules(spec, "ingress", INGRESS, self)
        self.egress = _rules(spec, "egress", EGRESS, self)

    @property
    def says_allow(self) -> bool:
        """Whether the name says that the policy allows."""
        return _SAYS_ALLOW.search(self.name or "") is not None

    @property
    def says_deny(self) -> bool:
        """Whether the name says that the policy denies."""
        return _SAYS_DENY.search(self.name or "") is not None

    @property
    def selects_every_pod(self) -> bool:
        """Whether every pod of the namespace is selected."""
        return self.pod_selector is None or self.pod_selector.is_empty

    def effective_policy_types(self) -> tuple[str, ...]:
        """Return the policy types after the server's defaulting: an empty list counts as missing.

        Source: pkg/apis/networking/v1/defaults.go
        """
        if self.policy_types:
            return self.policy_types
        return (INGRESS, EGRESS) if self.egress else (INGRESS,)

    def isolates(self, direction: str) -> bool:
        """Tell whether the pods that it selects are isolated for `Ingress` or `Egress`."""
        return direction in self.effective_policy_types()

    def rules(self, direction: str | None = None) -> Iterator[PolicyRule]:
        """Yield the rules of one direction, or of both."""
        if direction in (None, INGRESS):
            yield from self.ingress or ()
        if direction in (None, EGRESS):
            yield from self.egress or ()

    def selectors(self) -> Iterator[tuple[LabelSelector, Place]]:
        """Yield every selector that is written, with its place."""
        if self.pod_selector is not None:
            yield self.pod_selector, self.at("spec", "podSelector")
        for each in self.rules():
            for peer in each.peers or ():
                if peer.namespace_selector is not None:
                    yield peer.namespace_selector, peer.at("namespaceSelector")
                if peer.pod_selector is not None:
                    yield peer.pod_selector, peer.at("podSelector")


class PolicyRule:
    """One entry of `ingress` or `egress`.

    Slots:
        direction: `Ingress` or `Egress`.
        peer_field: the field of its peers, `from` or `to`.
        peers, ports: None if not written, empty if written as null or an empty list.
    """

    __slots__ = ("_place", "direction", "peer_field", "peers", "ports")

    def __init__(self, value: dict[str, object], direction: str, place: Place) -> None:
        self._place = place
        self.direction = direction
        self.peer_field = "from" if direction == INGRESS else "to"
        self.peers: tuple[Peer, ...] | None = None
        if self.peer_field in value:
            entries = enumerate(items(value[self.peer_field]))
            self.peers = tuple(Peer(mapping(each), self.at(self.peer_field, index)) for index, each in entries)
        self.ports: tuple[Port, ...] | None = None
        if "ports" in value:
            entries = enumerate(items(value["ports"]))
            self.ports = tuple(Port(mapping(each), self.at("ports", index)) for index, each in entries)

    def at(self, *path: str | int) -> Place:
        """Return the place of a field of the rule."""
        return self._place.to(*path)


class Peer:
    """One entry of `from` or `to`; a selector is None if missing or null."""

    __slots__ = ("_place", "ip_block", "namespace_selector", "pod_selector")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self._place = place
        self.pod_selector = selector_of(value.get("podSelector"))
        self.namespace_selector = selector_of(value.get("namespaceSelector"))
        block = value.get("ipBlock")
        self.ip_block = IPBlock(block) if isinstance(block, dict) else None

    def at(self, *path: str | int) -> Place:
        """Return the place of a field of the peer."""
        return self._place.to(*path)


class IPBlock:
    """The addresses of `cidr` without those of `except_`, as written."""

    __slots__ = ("cidr", "except_")

    def __init__(self, value: dict[str, object]) -> None:
        self.cidr = text(value.get("cidr"))
        self.except_ = tuple(each for each in items(value.get("except")) if isinstance(each, str))


class Port:
    """One entry of `ports`: a number, a name, or None for all ports of the protocol.

    Slots:
        protocol: as written, None if missing; the server then takes TCP.
    """

    __slots__ = ("_place", "end_port", "port", "protocol")

    def __init__(self, value: dict[str, object], place: Place) -> None:
        self._place = place
        self.port = number_or_text(value.get("port"))
        self.end_port = number(value.get("endPort"))
        self.protocol = text(value.get("protocol"))

    @property
    def effective_protocol(self) -> str:
        """The protocol after defaulting."""
        return self.protocol or "TCP"

    def at(self, *path: str | int) -> Place:
        """Return the place of a field of the port."""
        return self._place.to(*path)


def _rules(spec: dict[str, object], field: str, direction: str, policy: NetworkPolicy) -> tuple[PolicyRule, ...] | None:
    entries = spec.get(field)
    if not isinstance(entries, list):
        return None
    return tuple(
        PolicyRule(mapping(each), direction, policy.at("spec", field, index)) for index, each in enumerate(entries)
    )
