"""What rules about wide peers and special ports of NetworkPolicies say, and keep silent about."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import policy_as_json

from k8snetlint import Config, Report, Source, lint
from k8snetlint.model.environment import Environment

WEB: dict[str, Any] = {"matchLabels": {"app": "web"}}
PLAIN: dict[str, Any] = {"podSelector": WEB, "policyTypes": ["Ingress", "Egress"]}


def check(spec: object) -> Report:
    """Lint one NetworkPolicy."""
    return lint([Source.of("policy.json", policy_as_json(spec))], Config())


def ids(report: Report) -> set[str]:
    return {finding.id for finding in report.findings}


METADATA = "netpol-world-egress-includes-metadata"
ALL: dict[str, Any] = {"cidr": "0.0.0.0/0"}


def egress(block: object, ports: object = None) -> dict[str, Any]:
    """Return the spec of a policy with an egress rule to a block."""
    return {**PLAIN, "egress": [{"to": [{"ipBlock": block}], **({"ports": ports} if ports else {})}]}


@pytest.mark.parametrize(
    ("spec", "is_reported"),
    [
        pytest.param(egress(ALL), True, id="all addresses"),
        pytest.param(egress({"cidr": "128.0.0.0/1"}), True, id="the half that contains it"),
        pytest.param(egress({"cidr": "0.0.0.0/1"}), False, id="the other half"),
        pytest.param(egress({"cidr": "::/0"}), True, id="all addresses of IPv6"),
        pytest.param(egress({"cidr": "::/0", "except": ["fd00::/8"]}), False, id="IPv6 with an except"),
        pytest.param(egress({**ALL, "except": ["169.254.0.0/16"]}), False, id="a wider except"),
        pytest.param(egress({**ALL, "except": ["10.0.0.0/8"]}), True, id="another except"),
        pytest.param(egress({**ALL, "except": ["a"]}), True, id="an except that is invalid"),
        pytest.param(egress(ALL, [{"port": 80}]), True, id="port 80"),
        pytest.param(egress(ALL, [{"port": 1, "endPort": 1000}]), True, id="a range with port 80"),
        pytest.param(egress(ALL, [{"port": 80, "protocol": "UDP"}]), False, id="port 80 of UDP"),
        pytest.param(egress(ALL, [{"port": "http"}]), False, id="a name, which no address has"),
        pytest.param(egress({"cidr": "a/0"}), False, id="an invalid CIDR"),
        pytest.param({**egress(ALL), "policyTypes": ["Ingress"]}, False, id="egress is not isolated"),
    ],
)
def test_the_metadata_service(spec: object, *, is_reported: bool) -> None:
    assert (METADATA in ids(check(spec))) == is_reported


SPECIAL = "netpol-ipblock-special-address"
SERVICE = """
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {clusterIP: 10.96.10.10, ports: [{port: PORT}]}
"""


@pytest.mark.parametrize(
    ("cidr", "is_reported"),
    [
        pytest.param("127.0.0.0/8", True, id="loopback"),
        pytest.param("127.0.0.0/7", False, id="more than loopback"),
        pytest.param("::1/128", True, id="loopback of IPv6"),
        pytest.param("::/128", True, id="no address of IPv6"),
        pytest.param("::/0", False, id="all addresses of IPv6"),
        pytest.param("0.0.0.0/0", False, id="all addresses"),
        pytest.param("239.1.2.0/24", True, id="multicast"),
        pytest.param("224.0.0.0/3", False, id="more than multicast"),
        pytest.param("ff02::1/128", True, id="multicast of IPv6"),
        pytest.param("230.a/8", False, id="an invalid CIDR"),
    ],
)
def test_special_addresses(cidr: str, *, is_reported: bool) -> None:
    spec = {**PLAIN, "egress": [{"to": [{"ipBlock": {"cidr": cidr}}]}]}
    assert (SPECIAL in ids(check(spec))) == is_reported


@pytest.mark.parametrize(
    ("cidr", "port", "is_reported"),
    [
        pytest.param("10.96.10.10/32", "5432", True, id="the address of a Service"),
        pytest.param("10.96.10.0/24", "5432", False, id="a network with the address of a Service"),
        pytest.param("10.96.10.11/32", "5432", False, id="another address"),
        pytest.param("10.96.10.10/32", "53", False, id="a DNS Service, at whose address a cache on nodes may answer"),
    ],
)
def test_addresses_of_services(cidr: str, port: str, *, is_reported: bool) -> None:
    text = policy_as_json({**PLAIN, "egress": [{"to": [{"ipBlock": {"cidr": cidr}}]}]})
    found = lint([Source.of("a.yaml", text + SERVICE.replace("PORT", port))], Config())
    assert (SPECIAL in ids(found)) == is_reported


@pytest.mark.parametrize(
    ("peers", "port", "severity"),
    [
        pytest.param([{"ipBlock": {"cidr": "0.0.0.0/0"}}], {"port": 5432}, "warning", id="all addresses"),
        pytest.param([{"ipBlock": {"cidr": "::/0"}}], {"port": 22}, "warning", id="all addresses of IPv6"),
        pytest.param([{"namespaceSelector": {}}], {"port": 5432}, "info", id="all namespaces"),
        pytest.param([{"namespaceSelector": {}, "podSelector": {}}], {"port": 5432}, "info", id="all pods of them"),
        pytest.param([{"namespaceSelector": {}, "podSelector": WEB}], {"port": 5432}, None, id="some pods of them"),
        pytest.param([{"podSelector": {}}], {"port": 5432}, None, id="the pods of the namespace"),
        pytest.param(None, {"port": 5432}, None, id="no peers, as charts write it"),
        pytest.param([{"ipBlock": {"cidr": "10.0.0.0/8"}}], {"port": 5432}, None, id="some addresses"),
        pytest.param([{"ipBlock": {"cidr": "0.0.0.0/0"}}], {"port": 443}, None, id="another port"),
        pytest.param([{"ipBlock": {"cidr": "0.0.0.0/0"}}], {"port": 5432, "protocol": "UDP"}, None, id="UDP"),
    ],
)
def test_sensitive_ports(peers: object, port: object, severity: str | None) -> None:
    spec = {**PLAIN, "ingress": [{"ports": [port], **({"from": peers} if peers else {})}]}
    found = [each for each in check(spec).findings if each.id == "netpol-sensitive-port-cluster-wide"]
    assert [each.severity.word for each in found] == ([severity] if severity else [])


SHOP = {"name": "web", "namespace": "shop"}
AMBIENT = "\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: MODE}}\n"
FROM_WEB: dict[str, Any] = {"from": [{"podSelector": WEB}]}


@pytest.mark.parametrize(
    ("mode", "rules", "is_reported"),
    [
        pytest.param("ambient", [{**FROM_WEB, "ports": [{"port": 80}]}], True, id="a port of the application only"),
        pytest.param("none", [{**FROM_WEB, "ports": [{"port": 80}]}], False, id="the namespace is not in the mesh"),
        pytest.param("ambient", [{**FROM_WEB, "ports": [{"port": 80}]}, {}], False, id="another rule for everything"),
        pytest.param("ambient", [FROM_WEB], False, id="all ports"),
        pytest.param("ambient", [{**FROM_WEB, "ports": [{"port": 15008}]}], False, id="the port of the mesh"),
        pytest.param(
            "ambient", [{**FROM_WEB, "ports": [{"port": 15000, "endPort": 15010}]}], False, id="a range with this port"
        ),
        pytest.param(
            "ambient", [{**FROM_WEB, "ports": [{"port": 15008, "protocol": "UDP"}]}], True, id="this port of UDP"
        ),
        pytest.param(
            "ambient",
            [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 80}]}],
            False,
            id="addresses are not in the mesh",
        ),
    ],
)
def test_the_port_of_the_mesh(mode: str, rules: object, *, is_reported: bool) -> None:
    text = policy_as_json({**PLAIN, "policyTypes": ["Ingress"], "ingress": rules}, metadata=SHOP)
    found = lint([Source.of("a.yaml", text + AMBIENT.replace("MODE", mode))], Config())
    assert ("netpol-mesh-port-blocked" in ids(found)) == is_reported


def test_a_policy_of_another_kind_may_allow_the_mesh() -> None:
    rules = [{**FROM_WEB, "ports": [{"port": 80}]}]
    text = policy_as_json({**PLAIN, "policyTypes": ["Ingress"], "ingress": rules}, metadata=SHOP)
    custom = "\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\n"
    found = lint([Source.of("a.yaml", text + AMBIENT.replace("MODE", "ambient") + custom)], Config())
    assert "netpol-mesh-port-blocked" not in ids(found)


NETWORKS = Environment(pod_cidrs=("10.128.0.0/14", "fd00:1::/48"), service_cidrs=("172.30.0.0/16",))


@pytest.mark.parametrize(
    ("cidr", "environment", "severity"),
    [
        pytest.param("10.129.0.0/16", NETWORKS, "warning", id="inside the network of the pods"),
        pytest.param("10.128.0.0/14", NETWORKS, "warning", id="the network of the pods"),
        pytest.param("fd00:1::/64", NETWORKS, "warning", id="inside the second one"),
        pytest.param("172.30.4.4/32", NETWORKS, "warning", id="the address of a Service"),
        pytest.param("10.0.0.0/8", NETWORKS, "info", id="around the network of the pods"),
        pytest.param("0.0.0.0/0", NETWORKS, None, id="all addresses"),
        pytest.param("10.244.0.0/16", NETWORKS, None, id="a usual network, but others are configured"),
        pytest.param("10.244.0.0/16", Environment(), "info", id="a usual network"),
        pytest.param("10.104.1.0/24", Environment(), "info", id="inside a usual network"),
        pytest.param("10.0.0.0/8", Environment(), None, id="around usual networks"),
        pytest.param("10.10.0.0/16", Environment(), None, id="another private network"),
        pytest.param("10.42.0.0", Environment(), None, id="an invalid CIDR"),
    ],
)
def test_networks_of_the_cluster(cidr: str, environment: Environment, severity: str | None) -> None:
    text = policy_as_json({**PLAIN, "egress": [{"to": [{"ipBlock": {"cidr": cidr}}]}]})
    report = lint([Source.of("policy.json", text)], Config(environment=environment))
    found = [each.severity.word for each in report.findings if each.id == "netpol-ipblock-overlaps-cluster"]
    assert found == ([severity] if severity else [])
