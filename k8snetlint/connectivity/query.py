"""Peers as users write them: `shop/web`, `shop/Deployment/web`, `shop?app=web`, `10.0.0.1`, `internet`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.connectivity.namespaces import OTHER_NAMESPACES
from k8snetlint.connectivity.peers import workload_peer
from k8snetlint.connectivity.pods import INGRESS_CONTROLLER
from k8snetlint.finding import ConfigError
from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.model.bitsets import bits_of
from k8snetlint.model.labels import LabelIndex
from k8snetlint.model.selectors import LabelSelector
from k8snetlint.source.similar import closest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.connectivity.engine import Connectivity
    from k8snetlint.model.addresses import Address, Network
    from k8snetlint.model.workload import Workload

INTERNET = "internet"
ANY_NAMESPACE = "any-namespace"


class PeerQuery(NamedTuple):
    """A peer as it is asked for; one of workloads, address, network and special is given.

    Attributes:
        text: as written.
        namespace, kind, name: which workload; empty where any will do.
        labels: the labels of pods that are asked for.
        address, network: addresses outside of the cluster.
        special: `internet`, `any-namespace` or `ingress-controller`; empty for the others.
    """

    text: str
    namespace: str = ""
    kind: str = ""
    name: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    address: Address | None = None
    network: Network | None = None
    special: str = ""


def parse_peer(text: str) -> PeerQuery:
    """Read a peer.

    Raises:
        ConfigError: it does not have one of the forms above.
    """
    if text in (INTERNET, ANY_NAMESPACE, INGRESS_CONTROLLER):
        return PeerQuery(text, special=text)
    address, network = parse_ip(text), parse_cidr(text)
    if address is not None or network is not None:
        return PeerQuery(text, address=address, network=network)
    where, question, wanted = text.partition("?")
    parts = where.split("/")
    if question:
        pairs = [tuple(each.partition("=")[::2]) for each in wanted.split(",")]
        if len(parts) == 1 and parts[0] and all(key for key, _ in pairs):
            return PeerQuery(text, namespace=parts[0], labels=tuple((key, value) for key, value in pairs))
    elif (
        parse_ip(parts[0]) is None
        and 1 <= len(parts) <= 3
        and all(re.fullmatch(r"[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?", each) for each in parts)
    ):
        namespace, kind, name = parts[0] if len(parts) > 1 else "", parts[1] if len(parts) > 2 else "", parts[-1]
        return PeerQuery(text, namespace=namespace, kind=kind, name=name)
    raise ConfigError(
        f"`{text}` is not a peer; write namespace/name, namespace/kind/name, namespace?label=value, an IP address or "
        f"CIDR, {INTERNET}, {ANY_NAMESPACE} or {INGRESS_CONTROLLER}"
    )


def workloads(connectivity: Connectivity, query: PeerQuery) -> list[Workload]:
    """Return the workloads that a peer names, in the order of the manifests.

    Raises:
        ConfigError: it names workloads, but none that a manifest shows.
    """
    every = list(connectivity.classes.class_of)
    if query.labels:
        found = labelled(connectivity, query)
    else:
        named = connectivity.named.get(query.name, ()) if query.name else ()
        found = [each for each in named if _is_named(connectivity, each, query)]
    if not found and not (query.special or query.address or query.network):
        raise ConfigError(f"no workload `{query.text}`{_suggestion(connectivity, every, query)}")
    return found


def _is_named(connectivity: Connectivity, workload: Workload, query: PeerQuery) -> bool:
    peer = workload_peer(connectivity, workload)
    return (
        query.name in (peer.name, workload.name)
        and query.namespace in ("", peer.namespace)
        and query.kind.lower() in ("", peer.workload.lower(), workload.kind.lower())
    )


def labelled(connectivity: Connectivity, query: PeerQuery) -> list[Workload]:
    """Return the workloads whose pods have the labels of a query, in its namespace."""
    every = list(connectivity.classes.class_of)
    index = LabelIndex(each.pod_labels for each in every)
    matching = index.matching(LabelSelector({"matchLabels": dict(query.labels)}))
    return [
        each
        for number, each in enumerate(every)
        if matching >> number & 1 and workload_peer(connectivity, each).namespace == query.namespace
    ]


def _suggestion(connectivity: Connectivity, every: Iterable[Workload], query: PeerQuery) -> str:
    names = dict.fromkeys(str(workload_peer(connectivity, each)) for each in every)
    near = None if query.labels else closest(query.text, names, limit=3)
    same = [each for each in names if each.rpartition("/")[2] == query.name]
    if near or same:
        return f"; did you mean `{near or same[0]}`?"
    return f"; the manifests define {len(names)}, for example `{next(iter(names))}`" if names else ""


def numbers(connectivity: Connectivity, query: PeerQuery) -> int:
    """Return the set of the peers that are asked for.

    Raises:
        ConfigError: it names workloads, but none that a manifest shows.
    """
    classes, space, offset = connectivity.classes, connectivity.space, connectivity.offset
    if query.special == INTERNET:
        return connectivity.addresses
    if query.special == INGRESS_CONTROLLER:
        return bits_of(number for number, each in enumerate(classes.every) if each.role == INGRESS_CONTROLLER)
    if query.special:
        elsewhere = enumerate(classes.every)
        return bits_of(number for number, each in elsewhere if each.namespace == OTHER_NAMESPACES and not each.role)
    if query.address is not None:
        return space.of_address(query.address) << offset
    if query.network is not None:
        return space.touching(query.network) << offset
    bits = 0
    for each in workloads(connectivity, query):
        bits |= 1 << classes.class_of[each]
    return bits
