"""A naive evaluator of NetworkPolicies, one pair and one port after the other, on the plain values of manifests.

It shares nothing with the engine: no classes of pods, no sets, not the model. All labels, namespaces and pods are those
of the manifests. What the API leaves to CNI plugins is MAYBE.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from __future__ import annotations

import ipaddress
from typing import Any

NO, MAYBE, YES = 0, 1, 2
"""Denied, allowed by some plugins or from some nodes, allowed."""

Value = dict[str, Any]


class Pod:
    """A pod: the labels and the ports of its template."""

    def __init__(self, value: Value, namespaces: dict[str, dict[str, str]]) -> None:
        template = value if value["kind"] == "Pod" else value["spec"]["template"]
        self.namespace: str = value["metadata"]["namespace"]
        self.name: str = value["metadata"]["name"]
        self.labels: dict[str, str] = template["metadata"].get("labels", {})
        self.host_network: bool = template["spec"].get("hostNetwork", False)
        self.namespace_labels = namespaces[self.namespace]
        self.ports = [port for each in template["spec"]["containers"] for port in each.get("ports", [])]


def allowed(source: Pod | str, destination: Pod | str, protocol: str, port: int, policies: list[Value]) -> int:
    """Return whether a connection is allowed; addresses are texts."""
    sent = YES
    if isinstance(source, Pod):
        sent = _direction(source, destination, "Egress", (protocol, port), policies)
        if isinstance(destination, Pod) and destination.host_network:
            sent = max(sent, MAYBE)
    received = YES
    if isinstance(destination, Pod):
        received = _direction(destination, source, "Ingress", (protocol, port), policies)
        if isinstance(source, Pod) and source.host_network:
            received = max(received, MAYBE)
    return min(sent, received)


def _direction(pod: Pod, peer: Pod | str, direction: str, port: tuple[str, int], policies: list[Value]) -> int:
    destination = pod if direction == "Ingress" else peer
    if pod.host_network:
        return YES
    best, isolated = NO, False
    for policy in policies:
        spec = policy["spec"]
        if policy["metadata"]["namespace"] != pod.namespace or not _selects(spec.get("podSelector"), pod.labels):
            continue
        types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
        if direction not in types:
            continue
        isolated = True
        for rule in spec.get(direction.lower()) or []:
            peers = rule.get("from" if direction == "Ingress" else "to")
            matching = YES if not peers else max(_matches(each, peer, pod.namespace) for each in peers)
            if rule.get("ports") and not any(_names(each, port, destination) for each in rule["ports"]):
                continue
            best = max(best, matching)
    return best if isolated else YES


def _matches(wanted: Value, peer: Pod | str, namespace: str) -> int:
    block = wanted.get("ipBlock")
    if block:
        if isinstance(peer, Pod):
            return MAYBE
        address = ipaddress.ip_address(peer)
        if address not in ipaddress.ip_network(block["cidr"]):
            return NO
        return NO if any(address in ipaddress.ip_network(each) for each in block.get("except", [])) else YES
    if isinstance(peer, str) or peer.host_network:
        return NO
    if "namespaceSelector" in wanted:
        inside = _selects(wanted["namespaceSelector"], peer.namespace_labels)
    else:
        inside = peer.namespace == namespace
    return YES if inside and _selects(wanted.get("podSelector"), peer.labels) else NO


def _selects(selector: Value | None, labels: dict[str, str]) -> bool:
    selector = selector or {}
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for each in selector.get("matchExpressions", []):
        key, values = each["key"], each.get("values", [])
        match each["operator"]:
            case "In":
                holds = key in labels and labels[key] in values
            case "NotIn":
                holds = key not in labels or labels[key] not in values
            case "Exists":
                holds = key in labels
            case _:
                holds = key not in labels
        if not holds:
            return False
    return True


def _names(entry: Value, port: tuple[str, int], destination: Pod | str) -> bool:
    protocol, number = port
    if entry.get("protocol", "TCP") != protocol:
        return False
    wanted: int | str | None = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return isinstance(destination, Pod) and any(
            each.get("name") == wanted and each.get("protocol", "TCP") == protocol and each["containerPort"] == number
            for each in destination.ports
        )
    last: int = entry.get("endPort", wanted)
    return wanted <= number <= last
