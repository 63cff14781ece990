"""Which network an address without a right prefix length is probably meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snetlint.model.addresses import Address, Network


def usual(address: Address) -> Network:
    """Return the largest network that begins with an address and ends at a dot or colon.

    `10.1.0.0` is `10.1.0.0/16`, `10.1.0.5` is `10.1.0.5/32`.
    """
    from k8snetlint.model.addresses import Address, Network  # noqa: PLC0415 - few policies have an ipBlock

    bits, step = (32, 8) if address.family == 4 else (128, 16)
    zeros = next((low for low in range(bits, 0, -step) if address.value % (1 << low) == 0), 0)
    length = bits - zeros
    return Network(Address(address.family, address.value), length, address.family, address.value, length)


def is_single(network: Network) -> bool:
    """Tell whether a network is one address."""
    return network.first == network.last
