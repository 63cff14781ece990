"""Addresses and networks, as the API server reads them: against Python's `ipaddress`, where both must agree."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from k8snetlint.model.addresses import parse_cidr, parse_ip
from k8snetlint.validation.addresses import NO_CIDR, NO_IP, cidr_faults, cidr_warnings, ip_faults, ip_warnings

EACH = settings(max_examples=400, deadline=None)
ZEROS, MAPPED = "must not have leading 0s", "must not be an IPv4-mapped IPv6 address"
GROUPS = st.lists(st.sampled_from((0, 0, 0, 1, 0xFFFF)) | st.integers(0, 0xFFFF), min_size=8, max_size=8)
V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
V6 = GROUPS.map(lambda groups: ipaddress.IPv6Address(b"".join(group.to_bytes(2, "big") for group in groups)))
NOT_MAPPED = V6.filter(lambda address: address.ipv4_mapped is None)
TEXTS = st.text(alphabet="0123456789afAF:./", max_size=20)


def strictly(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return what Python reads; it takes zones, which no text of these tests has."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


@EACH
@given(text=TEXTS | V4.map(str) | V6.map(str) | V6.map(lambda address: address.exploded))
@example("1:2:3:4:5:6:7::")
@example("1:2:3:4:5:6:7:8::")
@example("::1.2.3.4")
@example("1.2.3.4::")
@example("00001::")
def test_what_both_read_is_the_same_address(text: str) -> None:
    """What is taken strictly is what Python takes; a mapped address is one of IPv4 to Go, and refused."""
    read, expected = parse_ip(text), strictly(text)
    if expected is None:
        assert ip_faults(text, strict=True) in ([NO_IP], [ZEROS])
        return
    assert read is not None
    mapped = expected.ipv4_mapped if isinstance(expected, ipaddress.IPv6Address) else None
    assert (read.value, read.mapped) == (int(mapped or expected), mapped is not None)
    assert read.family == (4 if mapped else expected.version)
    assert ip_faults(text, strict=True) == ([MAPPED] if mapped else [])
    assert ip_faults(text, strict=False) == []


@EACH
@given(address=V4 | NOT_MAPPED)
def test_an_address_is_written_as_rfc_5952_has_it(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert str(parse_ip(address.exploded)) == address.compressed
    assert ip_warnings("a", address.compressed) == []


@EACH
@given(address=V4)
def test_a_mapped_address_is_written_as_one_of_ipv4(address: ipaddress.IPv4Address) -> None:
    text = f"::ffff:{address}"
    assert str(parse_ip(text)) == str(address)
    assert ip_warnings("a", text) == [f'a: non-standard IP address "{text}" is invalid: use "{address}"']


@EACH
@given(address=V4 | NOT_MAPPED, prefix=st.integers(0, 128))
def test_a_network_is_the_same_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, prefix: int) -> None:
    text = f"{address}/{prefix}"
    cidr = parse_cidr(text)
    if prefix > address.max_prefixlen:
        assert cidr is None
        assert cidr_faults(text, strict=False) == [NO_CIDR]
        return
    network = ipaddress.ip_network(text, strict=False)
    assert cidr is not None
    assert str(cidr) == str(network)
    beyond = "must not have bits set beyond the prefix length"
    assert cidr_faults(text, strict=True) == ([] if network.network_address == address else [beyond])


@EACH
@given(network=V4, prefix=st.integers(0, 32), address=V4)
@example(ipaddress.IPv4Address("10.0.0.0"), 8, ipaddress.IPv4Address("10.255.255.255"))
@example(ipaddress.IPv4Address("10.0.0.0"), 8, ipaddress.IPv4Address("11.0.0.0"))
def test_a_network_contains_its_addresses(
    network: ipaddress.IPv4Address, prefix: int, address: ipaddress.IPv4Address
) -> None:
    cidr, inside = parse_cidr(f"{network}/{prefix}"), parse_ip(str(address))
    assert cidr is not None
    assert inside is not None
    assert (inside in cidr) is (address in ipaddress.ip_network(f"{network}/{prefix}", strict=False))


@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        pytest.param("010.0.0.1", [], [ZEROS], id="zeros are decimal, and refused since 1.36"),
        pytest.param("::00001", [], [ZEROS], id="in a group of IPv6 only where it has more than four digits"),
        pytest.param("::0001", [], [], id="four are ordinary"),
        pytest.param("::ffff:010.0.0.1", [], [ZEROS], id="zeros are told before mapping"),
        pytest.param("::ffff:a00:1", [], [MAPPED], id="mapped in hexadecimal digits"),
        pytest.param("fe80::1%eth0", [NO_IP], [NO_IP], id="no zones"),
        pytest.param("10.0.0.1/32", [NO_IP], [NO_IP], id="no network"),
        pytest.param("10.0.0.256", [NO_IP], [NO_IP], id="a byte is a byte"),
        pytest.param("10.0.1", [NO_IP], [NO_IP], id="four bytes"),
        pytest.param("10.0.0.1\n", [NO_IP], [NO_IP], id="no line end"),
        pytest.param("10.0.0.\u0661", [NO_IP], [NO_IP], id="no digits of other scripts"),
        pytest.param("", [NO_IP], [NO_IP], id="nothing"),
    ],
)
def test_addresses_that_python_reads_otherwise(text: str, lenient: list[str], strict: list[str]) -> None:
    assert ip_faults(text, strict=False) == lenient
    assert ip_faults(text, strict=True) == strict


MAPPED_BITS = "::ffff:10.0.0.1/104"
CIDR_ZEROS, CIDR_MAPPED = f"{ZEROS} in IP or prefix length", "must not have an IPv4-mapped IPv6 address"


@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        pytest.param("10.0.0.0/08", [], [CIDR_ZEROS], id="zeros in the prefix"),
        pytest.param("010.0.0.1/8", [], [CIDR_ZEROS], id="only the first fault is told"),
        pytest.param("::ffff:10.0.0.1/104", [], [CIDR_MAPPED], id="mapped before bits beyond the prefix"),
        pytest.param("10.0.0.0/255.0.0.0", [NO_CIDR], [NO_CIDR], id="no masks"),
        pytest.param("10.0.0.0/+8", [NO_CIDR], [NO_CIDR], id="no signs"),
        pytest.param("10.0.0.0/", [NO_CIDR], [NO_CIDR], id="no missing prefix"),
        pytest.param("10.0.0.0", [NO_CIDR], [NO_CIDR], id="no address alone"),
        pytest.param("10.0.0.0/8/8", [NO_CIDR], [NO_CIDR], id="one prefix"),
        pytest.param("10.0.0.0/" + "9" * 5000, [NO_CIDR], [NO_CIDR], id="no number that Python refuses to read"),
    ],
)
def test_networks_that_python_reads_otherwise(text: str, lenient: list[str], strict: list[str]) -> None:
    assert cidr_faults(text, strict=False) == lenient
    assert cidr_faults(text, strict=True) == strict


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("10.0.0.0/8", [], id="nothing of an ordinary one"),
        pytest.param(
            "10.0.0.1/8",
            ['CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)'],
            id="a network or an address",
        ),
        pytest.param(
            MAPPED_BITS,
            [
                f'CIDR value "{MAPPED_BITS}" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/128"?)',
                f'non-standard CIDR value "{MAPPED_BITS}" is invalid: use "10.0.0.0/8"',
            ],
            id="both, where it is mapped as well",
        ),
        pytest.param(
            "2001:DB8::/32",
            ['IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")'],
            id="large letters",
        ),
    ],
)
def test_what_is_warned_of(text: str, said: list[str]) -> None:
    assert cidr_warnings("a", text) == [f"a: {each}" for each in said]


def test_a_mapped_network_is_one_of_ipv4() -> None:
    cidr, inside, outside = parse_cidr("::ffff:10.0.0.0/104"), parse_ip("10.1.2.3"), parse_ip("11.0.0.0")
    assert cidr is not None
    assert inside is not None
    assert outside is not None
    assert inside in cidr
    assert outside not in cidr
