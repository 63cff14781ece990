"""Destinations that are Services without a selector."""

from __future__ import annotations

import pytest
from manifests import cluster_of

from k8snetlint.connectivity.answers import answers, ends_of, ends_of_destination
from k8snetlint.connectivity.destinations import find_destination, parse_destination
from k8snetlint.connectivity.engine import Connectivity
from k8snetlint.connectivity.query import parse_peer
from k8snetlint.finding import ConfigError
from k8snetlint.model.environment import Environment
from k8snetlint.rules.usual_objects import workload

WEB = workload("Deployment", "web", namespace="shop")
DB = workload("Pod", "db-0", namespace="shop")
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}, {podSelector: {}}], ports: [{port: 5432}]}]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {ports: [{name: sql, port: 80}, {name: metrics, port: 90}]}
"""


def endpoints(address: str, target: str = "", ports: str = "{name: sql, port: 5432}", where: str = "shop") -> str:
    """Return Endpoints of the Service."""
    reference = f", targetRef: {{kind: Pod, name: {target}}}" if target else ""
    subset = f"{{addresses: [{{ip: {address}{reference}}}], ports: [{ports}]}}"
    return f"apiVersion: v1\nkind: Endpoints\nmetadata: {{name: db, namespace: {where}}}\nsubsets: [{subset}]\n"


def endpoint_slice(address: str, target: str = "", service: str = "db") -> str:
    """Return an EndpointSlice of the Service."""
    reference = f", targetRef: {{kind: Pod, name: {target}}}" if target else ""
    labels = f"labels: {{kubernetes.io/service-name: {service}}}"
    return (
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\n"
        f"metadata: {{name: db-1, namespace: shop, {labels}}}\n"
        f"endpoints: [{{addresses: [{address}]{reference}}}]\nports: [{{name: sql, port: 5432}}]\n"
    )


def answer(destination: str, *manifests: str, environment: Environment | None = None) -> list[str]:
    connectivity = Connectivity(cluster_of(WEB, DB, POLICY, SERVICE, *manifests, environment=environment))
    found = find_destination(connectivity, parse_destination(destination))
    ends = ends_of_destination(connectivity, found)
    return [
        f"{verdict} {', '.join(map(str, each.destinations))} {ports}"
        for each in answers(connectivity, ends_of(connectivity, parse_peer("shop/web")), ends, found)
        for verdict, ports in each.verdicts()
    ]


@pytest.mark.parametrize(
    ("manifests", "found"),
    [
        pytest.param((endpoints("192.0.2.7"),), ["allowed 192.0.2.7/32 TCP 5432"], id="an address"),
        pytest.param((endpoints("198.51.100.7"),), ["denied 198.51.100.7/32 TCP 5432"], id="an address outside"),
        pytest.param((endpoint_slice("192.0.2.7"),), ["allowed 192.0.2.7/32 TCP 5432"], id="an EndpointSlice"),
        pytest.param((endpoints("10.0.0.7", "db-0"),), ["allowed shop/db-0 TCP 5432"], id="a pod"),
        pytest.param((endpoint_slice("10.0.0.7", "db-0"),), ["allowed shop/db-0 TCP 5432"], id="a pod of a slice"),
        pytest.param(
            (endpoints("192.0.2.7"), endpoint_slice("198.51.100.7")),
            ["allowed 192.0.2.7/32 TCP 5432", "denied 198.51.100.7/32 TCP 5432"],
            id="both",
        ),
        pytest.param(
            (endpoints("192.0.2.7", ports="{name: sql, port: 5433}"),), ["denied 192.0.2.7/32 TCP 5433"], id="a port"
        ),
    ],
)
def test_a_service_without_a_selector(manifests: tuple[str, ...], found: list[str]) -> None:
    assert answer("db.shop.svc:80", *manifests) == found


@pytest.mark.parametrize(
    "manifests",
    [
        pytest.param((), id="nothing is listed"),
        pytest.param((endpoints("192.0.2.7", where="other"),), id="another namespace"),
        pytest.param((endpoint_slice("192.0.2.7", service="other"),), id="another Service"),
        pytest.param((endpoints("192.0.2.7", ports="{name: other, port: 1}"),), id="another port"),
        pytest.param((endpoints("10.0.0.7", "db-9"),), id="a pod that no manifest shows"),
        pytest.param((endpoints("nowhere"),), id="no address"),
    ],
)
def test_nobody_knows_where_a_service_leads(manifests: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match="Service shop/db selects no pods, and no manifest shows where"):
        answer("db.shop.svc:80", *manifests)


def test_an_address_of_pods_is_a_pod_that_no_manifest_shows() -> None:
    with pytest.raises(ConfigError, match="no manifest shows where"):
        answer("db.shop.svc:80", endpoints("10.244.1.7"), environment=Environment(pod_cidrs=("10.244.0.0/16",)))


def test_another_name_is_named() -> None:
    alias = SERVICE.replace("name: db", "name: alias").replace(
        "spec: {", "spec: {type: ExternalName, externalName: db.example.com, "
    )

    with pytest.raises(ConfigError, match=r"another name for `db[.]example[.]com`"):
        answer("alias.shop.svc:80", alias)
