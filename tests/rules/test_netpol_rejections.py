"""What the rules say that explain why the API server rejects a NetworkPolicy, beyond their pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifests import policy_as_json

from k8snetlint import Config, Finding, Severity, Source, lint
from k8snetlint.edit.editor import apply_edits
from k8snetlint.model.environment import Environment

PLAIN: dict[str, Any] = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress", "Egress"]}
WEB: dict[str, Any] = {"matchLabels": {"app": "web"}}


def findings(text: str, *versions: tuple[int, int]) -> list[Finding]:
    """Return what is said of a policy, without what is not about a rejection."""
    config = Config(environment=Environment(versions=versions)) if versions else Config()
    found = lint([Source.of("policy.yaml", text)], config).findings
    return [each for each in found if each.severity is not Severity.INFO]


def check(spec: object, *versions: tuple[int, int]) -> list[Finding]:
    return findings(policy_as_json({**PLAIN, **spec} if isinstance(spec, dict) else spec), *versions)


def port(**entry: object) -> dict[str, object]:
    return {"ingress": [{"ports": [entry]}]}


def block(cidr: str, *cut: str) -> dict[str, object]:
    """Return an egress rule to addresses."""
    return {"egress": [{"to": [{"ipBlock": {"cidr": cidr, **({"except": list(cut)} if cut else {})}}]}]}


def changed(spec: dict[str, object]) -> Any:
    """Return the spec after the only finding's fix, None if it has none."""
    text = policy_as_json({**PLAIN, **spec})
    (finding,) = findings(text)
    return json.loads(apply_edits(text, finding.fix.edits))["spec"] if finding.fix else None


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        pytest.param({"port": "8080"}, "netpol-quoted-numeric-port", id="quotes"),
        pytest.param({"port": "8000", "endPort": 8080}, "netpol-quoted-numeric-port", id="quotes before a range"),
        pytest.param({"port": "99999"}, "netpol-quoted-numeric-port", id="quotes around what is no port"),
        pytest.param({"port": "HTTP"}, "netpol-port-invalid", id="a name in upper case"),
        pytest.param({"port": ""}, "netpol-port-invalid", id="an empty name"),
        pytest.param({"port": "9000-8000"}, "netpol-port-invalid", id="a range from above"),
        pytest.param({"port": 0}, "netpol-port-invalid", id="port 0"),
        pytest.param({"port": 0, "endPort": 65535}, "netpol-port-invalid", id="a range from 0"),
        pytest.param({"port": 80, "protocol": "icmp"}, "netpol-port-invalid", id="no ports"),
        pytest.param({"port": 80, "protocol": "any"}, "netpol-port-invalid", id="every protocol"),
        pytest.param({"port": 80, "endPort": 79}, "netpol-end-port-invalid", id="an end below"),
        pytest.param({"port": 80, "endPort": 0}, "netpol-end-port-invalid", id="an end that is no port"),
        pytest.param({"endPort": 80}, "netpol-end-port-invalid", id="an end alone"),
        pytest.param({"port": "http", "endPort": 80}, "netpol-end-port-invalid", id="an end beside a name"),
        pytest.param({"port": 70000}, "api-invalid", id="too large, as the server says"),
        pytest.param({"port": "my--port"}, "api-invalid", id="hyphens, as the server says"),
        pytest.param({"port": 80, "endPort": 70000}, "api-invalid", id="an end too large, as the server says"),
        pytest.param({"port": 80, "protocol": "TPC"}, "api-not-supported", id="letters changed, as the server says"),
    ],
)
def test_one_mistake_of_a_port_is_one_finding(entry: dict[str, object], rule: str) -> None:
    (finding,) = check(port(**entry))

    assert finding.id == rule
    assert finding.severity is Severity.ERROR
    assert finding.rejected


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        pytest.param({"port": "80:90"}, [{"port": 80, "endPort": 90}], id="a range with a colon"),
        pytest.param({"port": "80-90", "protocol": "UDP"}, [{"port": 80, "endPort": 90, "protocol": "UDP"}], id="UDP"),
        pytest.param({"port": "80, 443"}, [{"port": 80}, {"port": 443}], id="a list"),
        pytest.param(
            {"protocol": "UDP", "port": "1,2,3"},
            [{"protocol": "UDP", "port": each} for each in (1, 2, 3)],
            id="three of a protocol, in their order",
        ),
        pytest.param({"port": "udp/53"}, [{"port": 53, "protocol": "UDP"}], id="a protocol before it"),
        pytest.param({"protocol": "TCP", "port": "53/tcp"}, [{"protocol": "TCP", "port": 53}], id="the same protocol"),
        pytest.param({"protocol": "UDP", "port": "53/tcp"}, None, id="another protocol"),
        pytest.param({"port": "80,70000"}, None, id="a list with what is no port"),
        pytest.param({"port": "90-80"}, None, id="a range from above"),
        pytest.param({"port": 0, "endPort": 90}, [{"port": 1, "endPort": 90}], id="a range from 0"),
        pytest.param({"port": -1, "protocol": "UDP"}, [{"protocol": "UDP"}], id="every port of UDP"),
        pytest.param(
            {"protocol": "tcp/udp", "port": 53},
            [{"protocol": "TCP", "port": 53}, {"protocol": "UDP", "port": 53}],
            id="two protocols",
        ),
        pytest.param({"protocol": "QUIC", "port": 443}, [{"protocol": "UDP", "port": 443}], id="what UDP carries"),
        pytest.param({"protocol": "ICMP"}, None, id="ICMP"),
        pytest.param({"port": 90, "endPort": 80}, [{"port": 80, "endPort": 90}], id="an end below"),
        pytest.param({"port": "http", "endPort": 80}, None, id="an end beside a name"),
    ],
)
def test_how_a_port_is_mended(entry: dict[str, object], after: list[object] | None) -> None:
    spec = changed(port(**entry))

    assert (spec["ingress"][0]["ports"] if spec else None) == after
    assert spec is None or not findings(policy_as_json(spec))


def test_what_follows_a_list_of_ports_keeps_its_place() -> None:
    spec = changed({"ingress": [{"ports": [{"port": 22}, {"port": "80,443"}, {"port": 53}]}]})

    assert [each["port"] for each in spec["ingress"][0]["ports"]] == [22, 80, 443, 53]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        pytest.param("10.0.0.5", "10.0.0.5/32", id="an address"),
        pytest.param("2001:db8::5", "2001:db8::5/128", id="an address of IPv6"),
        pytest.param("010.0.0.5", None, id="an address that is written twice wrong"),
        pytest.param("10.1.0.0", None, id="an address that looks like a network"),
        pytest.param("::", None, id="every address, of one family or both"),
        pytest.param("any", None, id="every address in a word"),
        pytest.param("10.0.0.0/255.255.255.0", "10.0.0.0/24", id="a netmask"),
        pytest.param("10.0.0.5/255.255.255.0", None, id="a netmask, with bits beyond it"),
        pytest.param("10.1.*", "10.1.0.0/16", id="one wildcard"),
        pytest.param("10.*.*.*", "10.0.0.0/8", id="three wildcards"),
        pytest.param("10.0.0.0-10.0.1.255", "10.0.0.0/23", id="a range that is a network"),
        pytest.param("10.0.0.1-10.0.0.254", None, id="a range that is none"),
        pytest.param("10/8", "10.0.0.0/8", id="numbers that are left out"),
        pytest.param("10.1/8", None, id="numbers that are left out, and bits beyond the prefix"),
        pytest.param("10.0.0.0/33", None, id="too many bits"),
        pytest.param("::/129", None, id="too many bits of IPv6"),
        pytest.param(" 10.0.0.0/8\n", "10.0.0.0/8", id="white space"),
        pytest.param("10.0.0.0/8,172.16.0.0/12", None, id="a list"),
        pytest.param("*.example.com", None, id="a DNS name"),
    ],
)
def test_what_is_no_cidr(text: str, after: str | None) -> None:
    (finding,) = check(block(text))
    spec = changed(block(text))

    assert finding.id == "netpol-cidr-invalid"
    assert (spec["egress"][0]["to"][0]["ipBlock"]["cidr"] if spec else None) == after
    assert spec is None or not findings(policy_as_json(spec))


@pytest.mark.parametrize("text", ["x.x.x.x/24", "foo", "10.0.0.0/", "/8", "fe80::1%eth0/64", "10.0.0.0/24/8"])
def test_what_nobody_can_read_is_left_to_the_api_server(text: str) -> None:
    assert [each.id for each in check(block(text))] == ["api-invalid"]


@pytest.mark.parametrize(
    ("spec"),
    [
        pytest.param(port(port="${PORT}"), id="port"),
        pytest.param(port(port="{{ .Values.port }}-90"), id="a range"),
        pytest.param(port(port=80, protocol="${PROTOCOL}"), id="protocol"),
        pytest.param(block("${CIDR}"), id="cidr"),
        pytest.param(block("10.0.0.1/${BITS}"), id="a part of a cidr"),
        pytest.param(block("10.0.0.0/8", "<your network>"), id="except"),
        pytest.param({"policyTypes": ["${TYPE}"]}, id="policyTypes"),
    ],
)
def test_a_placeholder_is_no_mistake(spec: dict[str, object]) -> None:
    assert check(spec) == []


BITS = "10.1.2.3/8 has bits set beyond the prefix length: it can mean the network 10.0.0.0/8 or the address 10.1.2.3/32"


@pytest.mark.parametrize(
    ("versions", "message", "severity"),
    [
        pytest.param([(1, 37)], BITS, Severity.ERROR, id="rejected"),
        pytest.param([(1, 35)], f"{BITS}; Kubernetes 1.36 rejects it", Severity.WARNING, id="warned of"),
        pytest.param([(1, 30)], f"{BITS}; Kubernetes 1.36 rejects it", Severity.WARNING, id="taken in silence"),
        pytest.param([(1, 34), (1, 36)], f"{BITS} (Kubernetes 1.36)", Severity.ERROR, id="both"),
    ],
)
def test_bits_beyond_the_prefix_length(versions: list[tuple[int, int]], message: str, severity: Severity) -> None:
    (finding,) = check(block("10.1.2.3/8"), *versions)

    assert (finding.id, finding.message, finding.severity) == ("netpol-cidr-host-bits", message, severity)
    assert finding.rejected is (severity is Severity.ERROR)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        pytest.param("10.1.0.0/8", "it can mean the network 10.0.0.0/8 or the network 10.1.0.0/16", id="of a network"),
        pytest.param("fe80::1/10", "it can mean the network fe80::/10 or the address fe80::1/128", id="of IPv6"),
        pytest.param("010.0.0.0/8", "it can mean 10.0.0.0/8 or, in octal numbers, 8.0.0.0/8", id="octal"),
        pytest.param("08.0.0.0/8", "it is 8.0.0.0/8", id="no octal number"),
        pytest.param("10.0.0.0/08", "it is 10.0.0.0/8", id="zeros of the prefix"),
        pytest.param("2001:00db8::/32", "it is 2001:db8::/32", id="zeros of IPv6"),
        pytest.param("::ffff:10.0.0.0/104", "the IPv4 form is 10.0.0.0/8", id="IPv4 in IPv6"),
    ],
)
def test_networks_that_say_two_things(text: str, end: str) -> None:
    (finding,) = check(block(text))

    assert finding.id == "netpol-cidr-host-bits"
    assert finding.message.endswith(end)


@pytest.mark.parametrize(
    ("cidr", "cut", "rule", "said"),
    [
        pytest.param("10.0.0.0/8", "11.0.0.0/16", "except-not-strict-subset", "outside", id="outside"),
        pytest.param("10.0.0.0/8", "fd00::/8", "except-not-strict-subset", "IPv6", id="another family"),
        pytest.param("10.0.0.0/8", "10.0.0.0/8", "except-not-strict-subset", "the whole cidr", id="equal"),
        pytest.param("10.0.0.0/8", "0.0.0.0/0", "except-not-strict-subset", "larger", id="larger"),
        pytest.param("10.0.0.0/8", "10.0.0.5/8", "cidr-host-bits", "the address 10.0.0.5/32", id="one address of it"),
        pytest.param("10.0.0.0/8", "11.0.0.5/16", "except-not-strict-subset", "outside", id="outside, and more bits"),
        pytest.param("10.0.0.0/8", "10.0.0.5", "cidr-invalid", "10.0.0.5/32", id="an address"),
    ],
)
@pytest.mark.parametrize("version", [(1, 34), (1, 37)])
def test_except(version: tuple[int, int], cidr: str, cut: str, rule: str, said: str) -> None:
    (finding,) = check(block(cidr, cut), version)

    assert finding.id == f"netpol-{rule}"
    assert said in finding.message
    assert finding.field == "spec.egress[0].to[0].ipBlock.except[0]"


@pytest.mark.parametrize(
    ("types", "after", "safe"),
    [
        pytest.param(["ingress"], ["Ingress"], True, id="lower case"),
        pytest.param(["Both"], ["Ingress", "Egress"], True, id="both"),
        pytest.param(["Ingress", "All"], ["Ingress", "Egress"], True, id="all beside one"),
        pytest.param(["Egress,Ingress"], ["Ingress", "Egress"], True, id="two in one"),
        pytest.param(["Egress"] * 3, ["Egress"], True, id="one of them thrice"),
        pytest.param(["Ingress", "Egress", "ingress"], ["Ingress", "Egress"], True, id="three"),
        pytest.param(["Outbound"], ["Egress"], False, id="another word"),
        pytest.param(["inbound", "outbound", "all"], ["Ingress", "Egress"], False, id="other words"),
    ],
)
def test_policy_types(types: list[str], after: list[str], *, safe: bool) -> None:
    (finding,) = check({"policyTypes": types})

    assert finding.id == "netpol-policy-types-invalid"
    assert finding.fix
    assert finding.fix.safe is safe
    assert changed({"policyTypes": types})["policyTypes"] == after


def test_a_type_that_stands_twice_is_taken() -> None:
    report = lint([Source.of("policy.yaml", policy_as_json({**PLAIN, "policyTypes": ["Egress"] * 2}))], Config())
    (finding,) = (each for each in report.findings if each.id == "netpol-policy-types-invalid")

    assert (finding.severity, finding.fix, finding.rejected) == (Severity.INFO, None, False)


@pytest.mark.parametrize(
    ("peer", "said"),
    [
        pytest.param({}, "the peer is empty", id="empty"),
        pytest.param(None, "the peer is empty", id="null"),
        pytest.param({"ipBlock": None}, "the peer is empty", id="a null ipBlock"),
        pytest.param({"podSelector": None}, "podSelector is null", id="a null selector"),
        pytest.param({"podSelector": None, "namespaceSelector": None}, "are null", id="two null selectors"),
    ],
)
def test_a_peer_that_names_nobody(peer: object, said: str) -> None:
    (finding,) = check({"ingress": [{"from": [peer]}]})

    assert finding.id == "netpol-empty-peer"
    assert said in finding.message


def test_a_peer_whose_fields_are_misplaced_is_not_empty() -> None:
    assert "netpol-empty-peer" not in {each.id for each in check({"ingress": [{"from": [{"cidr": "10.0.0.0/8"}]}]})}


def test_a_selector_beside_an_ip_block_becomes_a_peer() -> None:
    other: dict[str, object] = {"podSelector": {}}
    cidr = {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}
    spec = changed({"ingress": [{"from": [{"ipBlock": cidr, "podSelector": WEB, "namespaceSelector": {}}, other]}]})

    assert spec["ingress"][0]["from"] == [{"podSelector": WEB, "namespaceSelector": {}}, {"ipBlock": cidr}, other]
    assert not findings(policy_as_json(spec))


def test_a_port_that_is_no_name_is_not_told_to_mean_nothing_to_an_ip_block() -> None:
    egress = {"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"port": "443/TCP"}]}

    assert [each.id for each in check({"egress": [egress]})] == ["netpol-port-invalid"]


def test_no_comment_accepts_what_is_rejected() -> None:
    text = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 10.1.2.3/8  # k8snetlint: ignore[netpol-cidr-host-bits] it was always so
"""
    assert "netpol-cidr-host-bits" in {each.id for each in findings(text, (1, 37))}
    assert "netpol-cidr-host-bits" not in {each.id for each in findings(text, (1, 34))}


TEXTS = st.text(alphabet="0123456789./:*-, \nafTCPudp", max_size=20) | st.from_regex(
    r"\A([0-9]{1,3}[.:/*-]){1,8}[0-9]{1,3}\Z"
)
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "port": TEXTS | st.integers(-2, 70000),
        "endPort": st.integers(-2, 70000),
        "protocol": TEXTS | st.sampled_from(["TCP", "udp", "ICMP", "TCP/UDP", "all"]),
    },
)


@given(st.lists(ENTRIES, max_size=3), TEXTS, st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=4))
def test_a_safe_fix_leaves_nothing_of_its_finding(
    ports: list[dict[str, object]], cidr: str, cut: list[str], types: list[str]
) -> None:
    text = policy_as_json({**PLAIN, **block(cidr, *cut), "ingress": [{"ports": ports}], "policyTypes": types})
    before = findings(text)

    for finding in before:
        assert finding.id != "internal-error"
        assert "\n" not in finding.message
        if finding.fix and finding.fix.safe and finding.id.startswith("netpol-"):
            after = findings(apply_edits(text, finding.fix.edits))
            assert (finding.id, finding.field) not in {(each.id, each.field) for each in after}
