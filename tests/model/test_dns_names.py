"""Host names as the DNS of a cluster reads them."""

from __future__ import annotations

import pytest

from k8snetlint.model.dns_names import ClusterName, Form, illegal_part, is_address_possible, parse_host

SERVICE = Form.SERVICE


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param("web", ClusterName(SERVICE, "web"), id="a Service of the client's namespace"),
        pytest.param("web.prod", ClusterName(SERVICE, "web", "prod"), id="a Service and its namespace"),
        pytest.param("web.prod.svc", ClusterName(SERVICE, "web", "prod", qualified=True), id="with svc"),
        pytest.param(
            "WEB.Prod.svc.Cluster.local.",
            ClusterName(SERVICE, "web", "prod", domain="cluster.local", qualified=True),
            id="case and the last dot do not matter",
        ),
        pytest.param(
            "db-0.db.prod.svc.k8s.example",
            ClusterName(SERVICE, "db", "prod", "db-0", domain="k8s.example", qualified=True),
            id="a pod of a StatefulSet",
        ),
        pytest.param("db-0.db.prod", ClusterName(SERVICE, "db", "prod", "db-0"), id="a pod, without svc"),
        pytest.param(
            "_http._tcp.web.prod.svc",
            ClusterName(SERVICE, "web", "prod", port="http", protocol="TCP", qualified=True),
            id="an SRV name",
        ),
        pytest.param(
            "10-1-2-3.prod.pod.cluster.local",
            ClusterName(Form.POD, namespace="prod", address="10-1-2-3", domain="cluster.local", qualified=True),
            id="a pod by its address",
        ),
        pytest.param(
            "10.1.2.3.prod.pod",
            ClusterName(Form.DOTTED, namespace="prod", address="10.1.2.3", qualified=True),
            id="an address with dots",
        ),
        pytest.param(
            "10.1.2.3.web.prod.svc",
            ClusterName(Form.DOTTED, "web", "prod", address="10.1.2.3", qualified=True),
            id="an address with dots before a Service",
        ),
        pytest.param("svc.prod.svc", ClusterName(SERVICE, "svc", "prod", qualified=True), id="a Service called svc"),
        pytest.param("a.b.c.d.svc", None, id="too many labels"),
        pytest.param("www.shop.example.com", None, id="a host of the internet"),
        pytest.param("10.1.2.3", None, id="an address"),
        pytest.param("web.prod.pod", None, id="a pod is named by its address"),
    ],
)
def test_parse_host(host: str, expected: ClusterName | None) -> None:
    assert next(iter(parse_host(host)), None) == expected


def test_two_labels_may_be_a_pod_and_its_service() -> None:
    assert parse_host("db-0.db")[1] == ClusterName(SERVICE, "db", "", "db-0")


@pytest.mark.parametrize(
    ("host", "hostname"),
    [("10-1-2-3.web.prod.svc", True), ("2001-db8-0-0-0-0-0-1.web.prod.svc", True), ("db-0.db.prod.svc", False)],
)
def test_a_pod_behind_a_service_by_its_address(host: str, hostname: bool) -> None:  # noqa: FBT001 - a column
    assert parse_host(host)[0].is_address is hostname


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("web.prod.svc", None),
        ("_http._tcp.web.prod.svc", None),
        ("my_web.prod.svc", "my_web"),
        ("web..svc", ""),
        ("-web.prod.svc", "-web"),
        (f"{'a' * 64}.prod.svc", "a" * 64),
        (f"{'a' * 63}.prod.svc", None),
        (".".join(["a" * 60] * 5), ".".join(["a" * 60] * 5)),
    ],
)
def test_illegal_part(host: str, part: str | None) -> None:
    found = illegal_part(host)

    assert (found[0] if found else None) == part


@pytest.mark.parametrize(("address", "possible"), [("10-1-2-255", True), ("10-1-2-256", False), ("10.1.300.1", False)])
def test_an_address_has_bytes(address: str, possible: bool) -> None:  # noqa: FBT001 - a column
    assert is_address_possible(address) is possible
