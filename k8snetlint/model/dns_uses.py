"""What an object says about DNS: the host names in its fields, and what configures the DNS itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from k8snetlint.source.paths import FieldPath

COREFILE = "Corefile"
"""The key of a ConfigMap that configures CoreDNS."""
KUBE_DNS = "kube-dns"
"""The Service of the cluster's DNS: pods know its address from the kubelet."""


class DnsUse(NamedTuple):
    """A host name in a field.

    Attributes:
        path: the field.
        host: the name, as it is written.
        start: its offset in the value.
        port: what stands behind it, or what is usual for the scheme; None if it is not known.
        written: whether the port is written.
        scheme: that of its URL; empty without one.
        named: the variable is called after a host, and the name is its value.
        value: the whole value if it is short and of one line; empty otherwise.
    """

    path: FieldPath
    host: str
    start: int
    port: int | None
    written: bool
    scheme: str
    named: bool
    value: str


class DnsFacts(NamedTuple):
    """What an object says about DNS.

    Attributes:
        uses: the host names in its fields.
        hostname, subdomain: those of its pods; None if not written, or a placeholder.
        corefile: the configuration of CoreDNS in it; None without one, or with a placeholder.
        configured: its pods have a `dnsConfig`.
    """

    uses: tuple[DnsUse, ...] = ()
    hostname: str | None = None
    subdomain: str | None = None
    corefile: str | None = None
    configured: bool = False
