"""Services whose answer depends on the server's version, and what no golden document can show.

The expectations are read from the sources of each release: `release-1.32` stands for
https://github.com/kubernetes/kubernetes/tree/release-1.32, and so on.
"""

from __future__ import annotations

from typing import Any

import pytest

from k8snetlint.model.environment import Environment, parse_version
from k8snetlint.validation.admission import Validation, causes_of, first_causes, validation_of
from k8snetlint.validation.server import Server, servers_of

PORTS = [{"port": 80}]
LOAD_BALANCER = {"type": "LoadBalancer", "ports": PORTS}
HINTS, MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
INVALID = "was accepted, but will be invalid in a future Kubernetes release"
LOOPS = "which may cause controller apply-loops"
NETWORKS = ("10.96.0.0/12", "fd00:10:96::/108")


def service(spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": "a", **metadata}, "spec": spec}


def server(version: str, *service_cidrs: str) -> Server:
    return servers_of(Environment(versions=(parse_version(version),), service_cidrs=service_cidrs))[0]


def validation() -> Validation:
    found = validation_of("", "Service")
    assert found
    return found


def causes(value: dict[str, Any], by: Server) -> list[tuple[str, str, str]]:
    """Return what the server names: the causes of the first stage that finds any."""
    return [(each.field, each.type, each.detail) for each in first_causes(value, validation(), by)]


def warnings(value: dict[str, Any], version: str) -> list[str]:
    return [each.text for each in validation().warnings(value, server(version))]


@pytest.mark.parametrize(
    ("value", "versions", "expected"),
    [
        # release-1.35, release-1.36: RelaxedServiceNameValidation in pkg/features/kube_features.go
        pytest.param(
            service({"ports": PORTS}, name="1a"),
            ("1.25", "1.35", "1.36", "1.37"),
            ([("metadata.name", "Invalid")], []),
            id="a name may begin with a digit since 1.36",
        ),
        # release-1.35, release-1.36: StrictIPCIDRValidation in pkg/features/kube_features.go
        pytest.param(
            service({"ports": PORTS, "externalIPs": ["010.0.0.1"]}),
            ("1.25", "1.35", "1.36", "1.37"),
            ([], [("spec.externalIPs[0]", "Invalid")]),
            id="leading zeros are refused since 1.36",
        ),
        pytest.param(
            service({**LOAD_BALANCER, "loadBalancerSourceRanges": ["10.0.0.1/8"]}),
            ("1.25", "1.35", "1.36", "1.37"),
            ([], [("spec.LoadBalancerSourceRanges[0]", "Invalid")]),
            id="bits beyond the prefix are refused since 1.36",
        ),
        pytest.param(
            service({"ports": PORTS, "clusterIP": "::ffff:10.96.0.10"}),
            ("1.25", "1.35", "1.36", "1.37"),
            ([], [("spec.clusterIPs[0]", "Invalid")]),
            id="a mapped address is refused since 1.36",
        ),
        # release-1.32, release-1.33: ValidateService in pkg/apis/core/validation/validation.go
        pytest.param(
            service({"type": "LoadBalancer", "ports": [{"port": 10250}]}),
            ("1.25", "1.32", "1.33", "1.37"),
            ([("spec.ports[0]", "Invalid")], []),
            id="the kubelet's port is refused until 1.32",
        ),
        # release-1.30 drops the field (dropServiceDisabledFields, gate off), release-1.31 has the gate on
        pytest.param(
            service({"ports": PORTS, "trafficDistribution": "PreferNear"}),
            ("1.30", "1.30", "1.31", "1.37"),
            ([], [("spec.trafficDistribution", "NotSupported")]),
            id="trafficDistribution is dropped in 1.30",
        ),
        # release-1.33, release-1.34: PreferSameTrafficDistribution in pkg/features/kube_features.go
        pytest.param(
            service({"ports": PORTS, "trafficDistribution": "PreferSameZone"}),
            ("1.31", "1.33", "1.34", "1.37"),
            ([("spec.trafficDistribution", "NotSupported")], []),
            id="PreferSameZone is known since 1.34",
        ),
        # release-1.28, release-1.29: validateServiceExternalTrafficPolicy
        pytest.param(
            service({"ports": PORTS, "externalIPs": ["192.0.2.1"], "externalTrafficPolicy": "Local"}),
            ("1.25", "1.28", "1.29", "1.37"),
            ([("spec.externalTrafficPolicy", "Invalid")], []),
            id="externalIPs make a service externally accessible since 1.29",
        ),
        # release-1.29, release-1.30: ValidateService
        pytest.param(
            service({**LOAD_BALANCER, "loadBalancerSourceRanges": ["10.0.0.0/8", "x", "y"]}),
            ("1.25", "1.29", "1.30", "1.37"),
            (
                [("spec.LoadBalancerSourceRanges", "Invalid")],
                [("spec.LoadBalancerSourceRanges[1]", "Invalid"), ("spec.LoadBalancerSourceRanges[2]", "Invalid")],
            ),
            id="each source range is named since 1.30",
        ),
        # release-1.26, release-1.27: ValidateService
        pytest.param(
            service({"ports": PORTS}, annotations={HINTS: "Auto", MODE: "Disabled"}),
            ("1.25", "1.26", "1.27", "1.37"),
            ([], [(f"metadata.annotations[{MODE}]", "Invalid")]),
            id="topology annotations are compared since 1.27",
        ),
    ],
)
def test_causes_by_version(
    value: dict[str, Any],
    versions: tuple[str, str, str, str],
    expected: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    """The first two versions are the ends of what was, the last two those of what is."""
    old, new = expected
    for version, said in zip(versions, (old, old, new, new), strict=True):
        assert [each[:2] for each in causes(value, server(version))] == said, version


@pytest.mark.parametrize(
    ("value", "versions", "old", "new"),
    [
        # release-1.26 warns of nothing; release-1.27: pkg/api/service/warnings.go, and so on
        pytest.param(
            service({"ports": PORTS}, annotations={HINTS: "Auto"}),
            ("1.26", "1.27"),
            [],
            [f"annotation {HINTS} is deprecated, please use {MODE} instead"],
            id="topology-aware hints",
        ),
        pytest.param(
            service({"ports": PORTS, "externalName": "a"}),
            ("1.27", "1.28"),
            [],
            ['spec.externalName is ignored when spec.type is not "ExternalName"'],
            id="externalName of another type",
        ),
        pytest.param(
            service({"type": "ExternalName", "externalName": "a", "externalIPs": ["192.0.2.1"]}),
            ("1.27", "1.28"),
            [],
            ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
            id="externalIPs of an ExternalName",
        ),
        pytest.param(
            service({"clusterIP": "None", "loadBalancerIP": "192.0.2.1", "sessionAffinity": "ClientIP"}),
            ("1.33", "1.34"),
            [],
            [
                "spec.loadBalancerIP is ignored for headless services",
                "spec.SessionAffinity is ignored for headless services",
            ],
            id="what headless services ignore",
        ),
        pytest.param(
            service({"ports": PORTS, "trafficDistribution": "PreferClose"}),
            ("1.34", "1.35"),
            [],
            ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
            id="PreferClose",
        ),
        pytest.param(
            service({"ports": PORTS, "externalIPs": ["192.0.2.1"]}),
            ("1.35", "1.36"),
            [],
            ["spec.externalIPs is deprecated and may no longer be implemented in some clusters"],
            id="externalIPs",
        ),
        pytest.param(
            service({"ports": PORTS, "clusterIP": "2001:DB8::1"}),
            ("1.26", "1.27"),
            [],
            [
                (
                    'spec.clusterIPs[0]: IPv6 address "2001:DB8::1" is not in RFC 5952 canonical format '
                    f'("2001:db8::1"), {LOOPS}'
                )
            ],
            id="a spelling of IPv6 is warned of",
        ),
        pytest.param(
            service({"ports": PORTS, "clusterIP": "2001:DB8::1"}),
            ("1.32", "1.33"),
            [
                (
                    'spec.clusterIPs[0]: IPv6 address "2001:DB8::1" is not in RFC 5952 canonical format '
                    f'("2001:db8::1"), {LOOPS}'
                )
            ],
            ['spec.clusterIPs[0]: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")'],
            id="a spelling of IPv6 is warned of in other words",
        ),
        pytest.param(
            service({"ports": PORTS, "loadBalancerIP": "010.0.0.1"}),
            ("1.32", "1.33"),
            [
                (
                    "spec.loadBalancerIP: IP address was accepted, but will be invalid in a future Kubernetes release: "
                    'ParseAddr("010.0.0.1"): IPv4 field has octet with leading zero'
                )
            ],
            ['spec.loadBalancerIP: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"'],
            id="leading zeros",
        ),
        pytest.param(
            service(
                {**LOAD_BALANCER, "loadBalancerSourceRanges": ["010.0.0.0/8", "10.0.0.0/08", "::FFFF:1.2.3.4/128"]}
            ),
            ("1.32", "1.33"),
            [
                (
                    f'spec.loadBalancerSourceRanges[0]: IP prefix {INVALID}: netip.ParsePrefix("010.0.0.0/8"): '
                    'ParseAddr("010.0.0.0"): IPv4 field has octet with leading zero'
                ),
                (
                    f'spec.loadBalancerSourceRanges[1]: IP prefix {INVALID}: netip.ParsePrefix("10.0.0.0/08"): '
                    'bad bits after slash: "08"'
                ),
                (
                    'spec.loadBalancerSourceRanges[2]: IPv6 prefix "::FFFF:1.2.3.4/128" is not in RFC 5952 canonical '
                    'format ("::ffff:1.2.3.4/128"), which may cause controller apply-loops'
                ),
            ],
            [
                'spec.loadBalancerSourceRanges[0]: non-standard CIDR value "010.0.0.0/8" is invalid: use "10.0.0.0/8"',
                'spec.loadBalancerSourceRanges[1]: non-standard CIDR value "10.0.0.0/08" is invalid: use "10.0.0.0/8"',
                (
                    'spec.loadBalancerSourceRanges[2]: non-standard CIDR value "::FFFF:1.2.3.4/128" is invalid: use '
                    '"1.2.3.4/32"'
                ),
            ],
            id="networks",
        ),
    ],
)
def test_warnings_by_version(value: dict[str, Any], versions: tuple[str, str], old: list[str], new: list[str]) -> None:
    """Both versions take the service; the second one is the first that says something new."""
    assert [causes(value, server(version)) for version in versions] == [[], []]
    assert [warnings(value, version) for version in versions] == [old, new]


def test_words_that_have_changed() -> None:
    policy = service({"ports": PORTS, "externalTrafficPolicy": "Local"})
    only = {version: causes(policy, server(version))[0][2] for version in ("1.28", "1.29")}
    assert only == {
        "1.28": "Invalid value: \"Local\": may only be set when `type` is 'NodePort' or 'LoadBalancer'",
        "1.29": 'Invalid value: "Local": may only be set for externally-accessible services',
    }
    field = service({**LOAD_BALANCER, "loadBalancerSourceRanges": ["a", "b"]})
    note = service(LOAD_BALANCER, annotations={RANGES: "10.0.0.0/8, a"})
    listed = "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 "
    assert causes(field, server("1.29")) == [
        ("spec.LoadBalancerSourceRanges", "Invalid", f'Invalid value: "[a b]": {listed}')
    ]
    assert causes(note, server("1.29")) == [
        (f"metadata.annotations[{RANGES}]", "Invalid", f'Invalid value: "10.0.0.0/8, a": {listed}')
    ]
    kubelet = causes(service({"type": "LoadBalancer", "ports": [{"port": 10250}]}), server("1.32"))
    assert kubelet[0][2] == "Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet"


@pytest.mark.parametrize(
    ("address", "refused_by"),
    [
        # pkg/registry/core/service/ipallocator: bitmap.go until 1.33, ipallocator.go since 1.34
        ("fd00:10:96::1", []),
        ("fd00:10:96::ffff", []),
        ("fd00:10:96::1:0", ["1.33"]),
        ("fd00:10:96::f:ffff", ["1.33"]),
        ("fd00:10:96::", ["1.33", "1.34"]),
        ("fd00:10:96::10:0", ["1.33", "1.34"]),
        ("10.96.0.0", ["1.33", "1.34"]),
        ("10.96.0.1", []),
        ("10.111.255.254", []),
        ("10.111.255.255", ["1.33", "1.34"]),
    ],
)
def test_addresses_of_a_network(address: str, refused_by: list[str]) -> None:
    value = service({"ports": PORTS, "clusterIP": address})
    assert [version for version in ("1.33", "1.34") if causes(value, server(version, *NETWORKS))] == refused_by


@pytest.mark.parametrize(
    "spec",
    [
        {"clusterIP": "192.0.2.1"},
        {"ipFamilies": ["IPv6"]},
        {"ipFamilyPolicy": "RequireDualStack"},
        {"clusterIP": "10.96.0.10", "clusterIPs": ["10.96.0.10", "fd00::1"], "ipFamilyPolicy": "PreferDualStack"},
    ],
)
def test_a_cluster_that_is_not_told_is_not_judged(spec: dict[str, Any]) -> None:
    value = service({"ports": PORTS, **spec})
    assert causes(value, server("1.37")) == []
    assert causes(value, server("1.37", "10.96.0.0/12")) != []


@pytest.mark.parametrize(
    ("number", "ports", "why"),
    [
        (80, PORTS, "provided port is not in the valid range. The range of valid ports is 30000-32767"),
        (30080, [{"port": 80, "nodePort": 30080}], "provided port is already allocated"),
        (30081, [{"port": 80, "nodePort": 30080}], ""),
    ],
)
def test_a_port_for_health_checks_that_cannot_be_had(number: int, ports: list[dict[str, Any]], why: str) -> None:
    """The server answers with an internal error that names no field."""
    spec = {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": number, "ports": ports}
    said = f"failed to allocate requested HealthCheck NodePort {number}: {why}"
    assert causes(service(spec), server("1.37")) == ([("", "InternalError", said)] if why else [])


def test_ports_that_are_the_same_get_the_same_node_port() -> None:
    """The server then names a node port that it has chosen; the linter names the port alone."""
    same = [{"name": "a", "port": 80}, {"name": "b", "port": 80}]
    value = service({"type": "NodePort", "ports": same})
    named = [each[:2] for each in causes(value, server("1.37"))]
    assert sorted(named) == [("spec.ports[1]", "Duplicate"), ("spec.ports[1].nodePort", "Duplicate")]
    told = causes_of(value, validation(), server("1.37"))
    assert [(each.field, each.path) for each in told] == [("spec.ports[1]", ("spec", "ports", 1))]
    none = service({"type": "LoadBalancer", "allocateLoadBalancerNodePorts": False, "ports": same})
    assert [each[0] for each in causes(none, server("1.37"))] == ["spec.ports[1]"]


def test_what_all_stages_find_is_told_at_once() -> None:
    """A port that is wrong is the target port as well, and is told once."""
    spec = {
        "type": "NodePort",
        "clusterIP": "x",
        "ipFamilies": ["IPv5"],
        "ports": [{"port": 0, "nodePort": 1}],
        "sessionAffinity": "x",
    }
    told = causes_of(service(spec), validation(), server("1.37", *NETWORKS))
    assert [each.field for each in told] == [
        "spec.ipFamilies[0]",
        "spec.clusterIPs[0]",
        "spec.ports[0].nodePort",
        "spec.ports[0].port",
        "spec.sessionAffinity",
    ]


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"clusterIP": "x"}, ("spec", "clusterIP")),
        ({"clusterIP": "x", "clusterIPs": ["x"]}, ("spec", "clusterIPs", 0)),
        ({"clusterIP": "None", "type": "NodePort"}, ("spec", "clusterIP")),
        ({"type": "ExternalName", "externalName": "a", "clusterIP": "None"}, ("spec", "clusterIP")),
        ({"ports": [{"port": 80, "targetPort": 0}, {"port": -1, "name": "a"}]}, ("spec", "ports", 1, "port")),
        ({"type": "LoadBalancer", "loadBalancerSourceRanges": ["x"]}, ("spec", "loadBalancerSourceRanges", 0)),
        ({"ipFamilies": ["IPv4", "IPv6"]}, ("spec", "ipFamilies")),
        (
            {"type": "NodePort", "ports": [{"port": 80, "name": "a"}, {"port": 80, "nodePort": 1}]},
            ("spec", "ports", 1, "nodePort"),
        ),
    ],
)
def test_paths_are_those_that_are_written(spec: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = first_causes(service({"ports": PORTS, **spec}), validation(), Server())
    assert path in [each.path for each in found]
