"""How the API server validates IP addresses and CIDRs: since Kubernetes 1.36 strictly, before with warnings.

Source: https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/util/validation/ip.go
"""

from __future__ import annotations

from k8snetlint.model.addresses import parse_cidr, parse_ip

NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"


def ip_faults(text: str, *, strict: bool) -> list[str]:
    """Return what is wrong with an address in an old field."""
    address = parse_ip(text)
    if address is None:
        return [NO_IP]
    if not strict:
        return []
    if address.leading_zeros:
        return ["must not have leading 0s"]
    return ["must not be an IPv4-mapped IPv6 address"] if address.mapped else []


def cidr_faults(text: str, *, strict: bool) -> list[str]:
    """Return what is wrong with a network in an old field."""
    network = parse_cidr(text)
    if network is None:
        return [NO_CIDR]
    if not strict:
        return []
    if network.leading_zeros:
        return ["must not have leading 0s in IP or prefix length"]
    if network.address.mapped:
        return ["must not have an IPv4-mapped IPv6 address"]
    return ["must not have bits set beyond the prefix length"] if network.has_host_bits else []


def ip_warnings(field: str, text: str) -> list[str]:
    """Return what the server warns of in an address that it takes (since Kubernetes 1.33)."""
    address = parse_ip(text)
    if address is None:
        return []
    if address.leading_zeros or address.mapped:
        return [f'{field}: non-standard IP address "{text}" is invalid: use "{address}"']
    if address.family == 6 and str(address) != text:
        return [f'{field}: IPv6 address "{text}" should be in RFC 5952 canonical format ("{address}")']
    return []


def cidr_warnings(field: str, text: str) -> list[str]:
    """Return what the server warns of in a network that it takes (since Kubernetes 1.33)."""
    network = parse_cidr(text)
    if network is None:
        return []
    address = network.address
    warnings = []
    if network.has_host_bits:
        single = f"{address}/{32 if address.family == 4 and not address.mapped else 128}"
        warnings.append(
            f'{field}: CIDR value "{text}" is ambiguous in this context (should be "{network}" or "{single}"?)'
        )
    if network.leading_zeros or address.mapped:
        warnings.append(f'{field}: non-standard CIDR value "{text}" is invalid: use "{network}"')
    if not warnings and address.family == 6 and str(network) != text:
        warnings.append(f'{field}: IPv6 CIDR value "{text}" should be in RFC 5952 canonical format ("{network}")')
    return warnings
