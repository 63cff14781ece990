"""IP addresses and CIDRs as the API server reads them: older and newer Go functions, which differ.

The sloppy reading takes leading zeros, as decimals; the strict one, since Kubernetes 1.36, does not. Neither knows
zones. Python's `ipaddress` reads zones and netmasks and refuses leading zeros.

Sources: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/validation/ip.go and
https://github.com/kubernetes/utils/blob/master/internal/third_party/forked/golang/net/ip.go
"""

from __future__ import annotations

import re
from typing import NamedTuple

NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
_V4, _V6 = 32, 128
_MAPPED = 0xFFFF << 32


class Address(NamedTuple):
    """An address: its number, and its bits, 32 or 128.

    As in Go, an IPv4-mapped IPv6 address is one of IPv4; `written` has the bits of what is written.
    """

    number: int
    bits: int
    written: int

    @property
    def is_v4(self) -> bool:
        """Whether it is an address of IPv4, or one that is mapped to IPv6."""
        return self.bits == _V4

    def __str__(self) -> str:
        if self.bits == _V4:
            return ".".join(str(self.number >> shift & 255) for shift in (24, 16, 8, 0))
        return _v6_text(self.number)


class Cidr(NamedTuple):
    """A network: its address as it is written, and the length of its prefix, which counts from `address.written`."""

    address: Address
    prefix: int

    @property
    def network(self) -> Address:
        """The address without the bits beyond the prefix."""
        written = self._number_written()
        masked = written >> (self.address.written - self.prefix) << (self.address.written - self.prefix)
        return _normal(masked, self.address.written)

    def contains(self, address: Address) -> bool:
        """Tell whether an address lies in it, as `net.IPNet.Contains` does."""
        network = self.network
        if network.bits != address.bits:
            return False
        bits = self.prefix
        if network.bits < self.address.written:
            # A mapped address with a prefix of IPv6: Go masks with its last 32 bits.
            bits = max(0, self.prefix - (_V6 - _V4))
        shift = network.bits - bits
        return network.number >> shift == address.number >> shift

    def _number_written(self) -> int:
        mapped = self.address.written == _V6 and self.address.bits == _V4
        return self.address.number | _MAPPED if mapped else self.address.number

    def __str__(self) -> str:
        network = self.network
        prefix = self.prefix
        if network.bits < self.address.written:
            prefix -= _V6 - _V4
        return f"{network}/{prefix}"


def parse_ip(text: str) -> Address | None:
    """Return an address, None if the sloppy reading takes none."""
    for letter in text:
        if letter == ".":
            number = _v4(text)
            return None if number is None else Address(number, _V4, _V4)
        if letter == ":":
            number = _v6(text)
            return None if number is None else _normal(number, _V6)
    return None


def parse_cidr(text: str) -> Cidr | None:
    """Return a network, None if the sloppy reading takes none."""
    address, slash, prefix = text.partition("/")
    if not slash:
        return None
    number, bits = _v4(address), _V4
    if number is None:
        number, bits = _v6(address), _V6
    if number is None or not re.fullmatch("[0-9]+", prefix):
        return None
    # Go stops reading a number that becomes too large; what is longer than this is.
    if len(prefix.lstrip("0")) > 3 or int(prefix) > bits:
        return None
    return Cidr(_normal(number, bits), int(prefix))


def ip_faults(text: str, *, strict: bool) -> list[str]:
    """Return what is wrong with an address in an old field."""
    address = parse_ip(text)
    if address is None:
        return [NO_IP]
    if not strict:
        return []
    if _has_leading_zeros(text):
        return ["must not have leading 0s"]
    return ["must not be an IPv4-mapped IPv6 address"] if address.bits < address.written else []


def cidr_faults(text: str, *, strict: bool) -> list[str]:
    """Return what is wrong with a network in an old field."""
    cidr = parse_cidr(text)
    if cidr is None:
        return [NO_CIDR]
    if not strict:
        return []
    address, _, prefix = text.partition("/")
    if _has_leading_zeros(address) or (len(prefix) > 1 and prefix[0] == "0"):
        return ["must not have leading 0s in IP or prefix length"]
    if cidr.address.bits < cidr.address.written:
        return ["must not have an IPv4-mapped IPv6 address"]
    return ["must not have bits set beyond the prefix length"] if cidr.network != cidr.address else []


def ip_warnings(field: str, text: str) -> list[str]:
    """Return what the server warns of in an address that it takes (since Kubernetes 1.33)."""
    address = parse_ip(text)
    if address is None:
        return []
    if _has_leading_zeros(text) or address.bits < address.written:
        return [f'{field}: non-standard IP address "{text}" is invalid: use "{address}"']
    if not address.is_v4 and str(address) != text:
        return [f'{field}: IPv6 address "{text}" should be in RFC 5952 canonical format ("{address}")']
    return []


def cidr_warnings(field: str, text: str) -> list[str]:
    """Return what the server warns of in a network that it takes (since Kubernetes 1.33)."""
    cidr = parse_cidr(text)
    if cidr is None:
        return []
    warnings = []
    if cidr.network != cidr.address:
        single = f"{cidr.address}/{cidr.address.written}"
        warnings.append(
            f'{field}: CIDR value "{text}" is ambiguous in this context (should be "{cidr}" or "{single}"?)'
        )
    address, _, prefix = text.partition("/")
    zeros = _has_leading_zeros(address) or (len(prefix) > 1 and prefix[0] == "0")
    if zeros or cidr.address.bits < cidr.address.written:
        warnings.append(f'{field}: non-standard CIDR value "{text}" is invalid: use "{cidr}"')
    if not warnings and not cidr.address.is_v4 and str(cidr) != text:
        warnings.append(f'{field}: IPv6 CIDR value "{text}" should be in RFC 5952 canonical format ("{cidr}")')
    return warnings


def _normal(number: int, bits: int) -> Address:
    if bits == _V6 and number >> _V4 == _MAPPED >> _V4:
        return Address(number & 0xFFFFFFFF, _V4, bits)
    return Address(number, bits, bits)


def _v4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4:
        return None
    number = 0
    for part in parts:
        if not re.fullmatch("[0-9]+", part) or len(part.lstrip("0")) > 3 or int(part) > 255:
            return None
        number = number << 8 | int(part)
    return number


def _v6(text: str) -> int | None:
    head, double, tail = text.partition("::")
    first = _groups(head, last=not double)
    second = _groups(tail, last=True) if double else []
    if first is None or second is None:
        return None
    missing = 8 - len(first) - len(second)
    if (missing < 1) if double else missing:
        return None
    number = 0
    for group in (*first, *[0] * missing, *second):
        number = number << 16 | group
    return number


def _groups(text: str, *, last: bool) -> list[int] | None:
    """Return the groups of one side of an address; the last one may be an address of IPv4."""
    if not text:
        return []
    groups: list[int] = []
    parts = text.split(":")
    for index, part in enumerate(parts):
        if "." in part and last and index == len(parts) - 1:
            number = _v4(part)
            if number is None:
                return None
            groups += [number >> 16, number & 0xFFFF]
        elif not re.fullmatch("[0-9a-fA-F]+", part) or len(part.lstrip("0")) > 4:
            return None
        else:
            groups.append(int(part, 16))
    return groups


def _has_leading_zeros(text: str) -> bool:
    """Tell what the strict reading refuses in an address that the sloppy one takes."""
    if "." in text:
        dotted = text.rpartition(":")[2]
        if any(len(part) > 1 and part[0] == "0" for part in dotted.split(".")):
            return True
    return any(len(part) > 4 for part in text.split(":") if "." not in part)


def _v6_text(number: int) -> str:
    """Return an address as RFC 5952 has it: the longest run of zeros, of two groups at least, is left out."""
    groups = [number >> shift & 0xFFFF for shift in range(112, -1, -16)]
    start, length = 0, 0
    at = 0
    while at < 8:
        end = at
        while end < 8 and groups[end] == 0:
            end += 1
        if end - at > length and end - at > 1:
            start, length = at, end - at
        at = max(end, at + 1)
    texts = [f"{group:x}" for group in groups]
    if not length:
        return ":".join(texts)
    return ":".join(texts[:start]) + "::" + ":".join(texts[start + length :])
