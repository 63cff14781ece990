"""IP addresses and CIDRs as the API server reads them.

Python's `ipaddress` differs: it takes zones (`fe80::1%eth0`) and netmasks (`10.0.0.0/255.0.0.0`), and no leading zeros.

Source: k8s.io/utils/internal/third_party/forked/golang/net, and apimachinery's pkg/util/validation/ip.go
"""

from __future__ import annotations

import functools

_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")
_MAPPED = 0xFFFF


class _Value:
    """Is equal to another one if all slots are; to import dataclasses takes longer than to check a file."""

    __slots__: tuple[str, ...] = ()

    def _parts(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in self.__slots__])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._parts()}"


class Address(_Value):
    """An IP address.

    Slots:
        family: 4 or 6; `::ffff:10.0.0.1` is of family 4, as in Go.
        value: the address as a number, of 32 bits in family 4.
        leading_zeros: it is written with zeros that some programs read as octal (`010.0.0.1`).
        mapped: it is an IPv4 address written as IPv6.
    """

    __slots__ = ("family", "leading_zeros", "mapped", "value")

    def __init__(self, family: int, value: int, *, leading_zeros: bool = False, mapped: bool = False) -> None:
        self.family = family
        self.value = value
        self.leading_zeros = leading_zeros
        self.mapped = mapped

    def usual_network(self) -> Network:
        """Return the largest network that begins with the address and ends at a dot or colon.

        `10.1.0.0` is `10.1.0.0/16`, `10.1.0.5` is `10.1.0.5/32`.
        """
        bits, step = _bits(self.family), 8 if self.family == 4 else 16
        zeros = next((low for low in range(bits, 0, -step) if self.value % (1 << low) == 0), 0)
        length = bits - zeros
        return Network(Address(self.family, self.value), length, self.family, self.value, length)

    def __str__(self) -> str:
        return _text(self.family, self.value)


class Network(_Value):
    """A CIDR.

    Slots:
        address: what is written before the slash.
        prefix: what is written after the slash; of a mapped address it counts 128 bits.
        family: 4 or 6.
        first: the lowest address.
        length: how many leading bits are fixed, of the 32 or 128 of the family.
        leading_zeros: address or prefix are written with them.
    """

    __slots__ = ("address", "family", "first", "leading_zeros", "length", "prefix")

    def __init__(
        self, address: Address, prefix: int, family: int, first: int, length: int, *, leading_zeros: bool = False
    ) -> None:
        self.address = address
        self.prefix = prefix
        self.family = family
        self.first = first
        self.length = length
        self.leading_zeros = leading_zeros

    @property
    def last(self) -> int:
        """The highest address."""
        return self.first | ((1 << (_bits(self.family) - self.length)) - 1)

    @property
    def is_single(self) -> bool:
        """It is one address."""
        return self.first == self.last

    @property
    def has_host_bits(self) -> bool:
        """The address has bits beyond the prefix."""
        return self.family != self.address.family or self.first != self.address.value

    def __contains__(self, other: Address | Network) -> bool:
        if isinstance(other, Network):
            return self.family == other.family and self.first <= other.first and other.last <= self.last
        return self.family == other.family and self.first <= other.value <= self.last

    def overlaps(self, other: Network) -> bool:
        """Tell whether an address is in both."""
        return other in self or self in other

    def __str__(self) -> str:
        return f"{_text(self.family, self.first)}/{self.length}"


@functools.lru_cache(maxsize=4096)
def parse_ip(text: str, *, strict: bool = False) -> Address | None:
    """Read an address, None if the API server rejects it.

    Args:
        text: as written.
        strict: as Kubernetes 1.36 and later: no leading zeros, no IPv4-mapped IPv6.
    """
    address = _ipv6(text) if ":" in text else _ipv4(text)
    if address is not None and strict and (address.leading_zeros or address.mapped):
        return None
    return address


@functools.lru_cache(maxsize=4096)
def parse_cidr(text: str, *, strict: bool = False) -> Network | None:
    """Read a CIDR, None if the API server rejects it.

    Args:
        text: as written.
        strict: as Kubernetes 1.36 and later: no leading zeros, no IPv4-mapped IPv6, no bits beyond the prefix.
    """
    before, slash, after = text.partition("/")
    address = parse_ip(before)
    if address is None or not slash or not after or not _DIGITS.issuperset(after):
        return None
    bits = 32 if address.family == 4 and not address.mapped else 128
    if len(after.lstrip("0")) > 3 or int(after) > bits:
        return None
    network = _network(address, int(after), leading_zeros=len(after) > 1 and after[0] == "0")
    if strict and (network.leading_zeros or address.mapped or network.has_host_bits):
        return None
    return network


def _text(family: int, value: int) -> str:
    """Return an address as RFC 5952 has it."""
    import ipaddress  # noqa: PLC0415 - findings only

    return str(ipaddress.IPv4Address(value) if family == 4 else ipaddress.IPv6Address(value))


def _bits(family: int) -> int:
    return 32 if family == 4 else 128


def _network(address: Address, prefix: int, *, leading_zeros: bool) -> Network:
    family, value, length = address.family, address.value, prefix
    if address.mapped:
        # From 96 bits on the mask keeps the mark of a mapped address, and Go takes the network for an IPv4 one.
        family, length = (4, prefix - 96) if prefix >= 96 else (6, prefix)
        value = value if family == 4 else _MAPPED << 32 | value
    host = _bits(family) - length
    return Network(
        address, prefix, family, value >> host << host, length, leading_zeros=leading_zeros or address.leading_zeros
    )


def _ipv4(text: str) -> Address | None:
    parts = text.split(".")
    if len(parts) != 4:
        return None
    value = 0
    zeros = False
    for part in parts:
        if not part or not _DIGITS.issuperset(part) or len(part.lstrip("0")) > 3 or int(part) > 255:
            return None
        zeros = zeros or (len(part) > 1 and part[0] == "0")
        value = value << 8 | int(part)
    return Address(4, value, leading_zeros=zeros)


def _ipv6(text: str) -> Address | None:
    head, ellipsis, tail = text.partition("::")
    left, right = _groups(head, last=not ellipsis), _groups(tail, last=True)
    if left is None or right is None:
        return None
    missing = 8 - len(left[0]) - len(right[0])
    # An ellipsis replaces at least one group.
    if missing < 1 if ellipsis else missing:
        return None
    value = 0
    for group in [*left[0], *[0] * missing, *right[0]]:
        value = value << 16 | group
    zeros = left[1] or right[1]
    if value >> 32 == _MAPPED:
        return Address(4, value & 0xFFFFFFFF, leading_zeros=zeros, mapped=True)
    return Address(6, value, leading_zeros=zeros)


def _groups(text: str, *, last: bool) -> tuple[list[int], bool] | None:
    """Return the 16-bit groups of one side of an IPv6 address, and whether they have illegal leading zeros."""
    groups: list[int] = []
    zeros = False
    parts = text.split(":") if text else []
    for index, part in enumerate(parts):
        if last and index == len(parts) - 1 and "." in part:
            ipv4 = _ipv4(part)
            if ipv4 is None:
                return None
            groups += [ipv4.value >> 16, ipv4.value & 0xFFFF]
            zeros = zeros or ipv4.leading_zeros
            continue
        if not part or not _HEX.issuperset(part) or len(part.lstrip("0")) > 4:
            return None
        # Go's old parser takes any number of zeros, its new one four digits.
        zeros = zeros or len(part) > 4
        groups.append(int(part, 16))
    return groups, zeros
