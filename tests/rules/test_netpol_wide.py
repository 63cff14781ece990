"""What rules about wide peers and special ports of NetworkPolicies say, and keep silent about."""

from __future__ import annotations

from typing import Any

import pytest
from manifests import policy_as_json

from k8snetlint import Config, Report, Source, lint

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
