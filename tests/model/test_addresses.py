from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from k8snetlint.model.addresses import parse_cidr, parse_ip

IPV4 = st.ip_addresses(v=4)
IPV6 = st.ip_addresses(v=6)
SERVER = json.loads((Path(__file__).parent / "cidr_verdicts.json").read_text(encoding="utf-8"))
"""What Kubernetes 1.37.2 says of an `ipBlock.cidr`: accepted with strict validation, and without."""


@given(IPV4)
def test_ipv4_addresses_are_those_of_ipaddress(address: ipaddress.IPv4Address) -> None:
    parsed = parse_ip(str(address), strict=True)

    assert parsed is not None
    assert (parsed.family, parsed.value) == (4, int(address))


@given(IPV6)
def test_ipv6_addresses_are_those_of_ipaddress(address: ipaddress.IPv6Address) -> None:
    mapped = address.ipv4_mapped
    for text in (str(address), address.exploded, str(address).upper()):
        parsed = parse_ip(text)

        assert parsed is not None
        assert (parsed.family, parsed.value) == ((4, int(mapped)) if mapped else (6, int(address)))
        assert (parse_ip(text, strict=True) is None) == (mapped is not None)


@given(st.text(alphabet="0123:.%/af", max_size=20))
def test_what_ipaddress_refuses_is_refused(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert parse_ip(text, strict=True) is None
    else:
        assert (parse_ip(text) is None) == ("%" in text)


@given(IPV4 | IPV6, st.integers(0, 128), IPV4 | IPV6, st.integers(0, 128))
def test_networks_are_those_of_ipaddress(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    prefix: int,
    other: ipaddress.IPv4Address | ipaddress.IPv6Address,
    other_prefix: int,
) -> None:
    # ipaddress has no mapped networks.
    assume(not any(each.version == 6 and each.ipv4_mapped for each in (address, other)))
    texts = [f"{each}/{min(bits, each.max_prefixlen)}" for each, bits in ((address, prefix), (other, other_prefix))]
    ours, ours_too = (parse_cidr(text) for text in texts)
    theirs, theirs_too = (ipaddress.ip_network(text, strict=False) for text in texts)

    assert ours is not None
    assert ours_too is not None
    assert (ours.first, ours.last) == (int(theirs.network_address), int(theirs.broadcast_address))
    assert ours.has_host_bits == (theirs.network_address != address)
    assert str(ours) == str(theirs)
    assert (ours_too in ours) == (theirs.version == theirs_too.version and theirs_too.subnet_of(theirs))  # type: ignore[arg-type]  # the versions are equal
    assert ours.overlaps(ours_too) == theirs.overlaps(theirs_too)


@pytest.mark.parametrize("text", SERVER)
def test_cidrs_are_read_as_the_api_server_reads_them(text: str) -> None:
    assert {"strict": parse_cidr(text, strict=True) is not None, "sloppy": parse_cidr(text) is not None} == SERVER[text]


@pytest.mark.parametrize(
    ("network", "other", "inside"),
    [
        pytest.param("10.0.0.0/8", "10.1.0.0/16", True, id="a part"),
        pytest.param("10.0.0.0/8", "10.0.0.0/8", True, id="itself"),
        pytest.param("10.0.0.0/16", "10.0.0.0/8", False, id="a wider one"),
        pytest.param("0.0.0.0/0", "::/0", False, id="another family"),
        pytest.param("10.0.0.0/8", "::ffff:10.1.0.0/112", True, id="a mapped one counts as IPv4"),
        pytest.param("::/0", "::ffff:10.1.0.0/112", False, id="a mapped one is no IPv6"),
        pytest.param("::/0", "::ffff:10.1.0.0/80", True, id="a short mask takes the mark of a mapped one away"),
    ],
)
def test_containment(network: str, other: str, inside: bool) -> None:  # noqa: FBT001 - a table's column
    left, right = parse_cidr(network), parse_cidr(other)

    assert left is not None
    assert right is not None
    assert (right in left) is inside
