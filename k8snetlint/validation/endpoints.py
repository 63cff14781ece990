"""Addresses that an endpoint can have, as the API server takes them.

Source: `ValidateEndpointIP` of
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from k8snetlint.model.addresses import parse_ip


def endpoint_faults(text: str) -> list[str]:
    """Check an address of an endpoint; a text that is not an IP address has no faults here."""
    address = parse_ip(text)
    if address is None:
        return []
    number, is_v4 = address.value, address.family == 4
    if not number:
        return [f"may not be unspecified ({text})"]
    if number >> 24 == 127 if is_v4 else number == 1:
        return ["may not be in the loopback range (127.0.0.0/8, ::1/128)"]
    if number >> 16 == 0xA9FE if is_v4 else number >> 118 == 0xFE80 >> 6:
        return ["may not be in the link-local range (169.254.0.0/16, fe80::/10)"]
    # Any flags of a multicast address of IPv6 are taken, whatever the sentence says.
    if number >> 8 == 0xE00000 if is_v4 else (number >> 112) & 0xFF0F == 0xFF02:
        return ["may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"]
    return []
