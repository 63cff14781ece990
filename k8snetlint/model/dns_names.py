"""Host names as the DNS of a cluster reads them.

Source: https://github.com/kubernetes/dns/blob/master/docs/specification.md
"""

from __future__ import annotations

import enum
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

SVC, POD = "svc", "pod"
"""The labels that stand in front of the cluster's domain."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_LEGAL = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!\Z)|\Z))+", re.IGNORECASE)
_ADDRESS = re.compile(r"\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}")
_ADDRESS_6 = re.compile(r"[0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7}")
_PROTOCOLS = ("_tcp", "_udp", "_sctp")
_LONGEST_LABEL, _LONGEST_NAME = 63, 253
_DOTTED = 4
"""How many labels an IPv4 address has."""


class Form(enum.Enum):
    """What a name means.

    SERVICE: `web.prod.svc`, `web.prod`, `web`; with a pod in front of it `db-0.db.prod.svc`.
    POD: `10-1-2-3.prod.pod`, the pod with an address.
    DOTTED: an address with dots in front of a name of the cluster: it never resolves.
    """

    SERVICE = enum.auto()
    POD = enum.auto()
    DOTTED = enum.auto()


class ClusterName(NamedTuple):
    """A name of a Service or a pod.

    Attributes:
        form: what it means.
        service: the name of the Service; empty for a pod's own name.
        namespace: that of the Service or pod; empty for the one of the client.
        hostname: the pod behind the Service: a name, or an address with dashes; empty for the Service itself.
        port: the name of the port in an SRV record, empty for none.
        protocol: that of the SRV record, `TCP`.
        address: the address of a pod as it is written.
        domain: what follows `svc` or `pod`; empty if nothing does.
        qualified: `svc` or `pod` is written: it is meant as a name of a cluster.
    """

    form: Form
    service: str = ""
    namespace: str = ""
    hostname: str = ""
    port: str = ""
    protocol: str = ""
    address: str = ""
    domain: str = ""
    qualified: bool = False

    @property
    def is_address(self) -> bool:
        """Whether the pod behind the Service is named by its address."""
        return is_dashed_address(self.hostname)


@functools.lru_cache(8192)
def parse_host(host: str) -> tuple[ClusterName, ...]:
    """Return what a host name may mean in a cluster, the more usual first; nothing if it cannot be one.

    Upper and lower case are the same: names of Services have lower case, and the DNS compares without case.
    """
    labels = host.lower().removesuffix(".").split(".")
    port, protocol = "", ""
    if len(labels) > 2 and labels[0][:1] == "_" and labels[1] in _PROTOCOLS:
        port, protocol = labels[0][1:], labels[1][1:].upper()
        labels = labels[2:]
    end = next((at for at, label in enumerate(labels) if at > 1 and label in (SVC, POD)), None)
    if end is not None:
        domain = ".".join(labels[end + 1 :])
        name = functools.partial(ClusterName, port=port, protocol=protocol, domain=domain, qualified=True)
        return (_pod if labels[end] == POD else _service)(labels[:end], name)
    return _short(labels, functools.partial(ClusterName, port=port, protocol=protocol) if port else ClusterName)


def _pod(labels: list[str], name: Callable[..., ClusterName]) -> tuple[ClusterName, ...]:
    if len(labels) == _DOTTED + 1 and all(map(_is_number, labels[:_DOTTED])):
        return (name(Form.DOTTED, namespace=labels[-1], address=".".join(labels[:_DOTTED])),)
    if len(labels) == 2 and is_dashed_address(labels[0]):
        return (name(Form.POD, namespace=labels[1], address=labels[0]),)
    return ()


def _service(labels: list[str], name: Callable[..., ClusterName]) -> tuple[ClusterName, ...]:
    if len(labels) > _DOTTED and all(map(_is_number, labels[:_DOTTED])):
        service = labels[_DOTTED] if len(labels) > _DOTTED + 1 else ""
        return (name(Form.DOTTED, service, labels[-1], address=".".join(labels[:_DOTTED])),)
    match labels:
        case [service, namespace]:
            return (name(Form.SERVICE, service, namespace),)
        case [hostname, service, namespace]:
            return (name(Form.SERVICE, service, namespace, hostname),)
        case _:
            return ()


def _short(labels: list[str], name: Callable[..., ClusterName]) -> tuple[ClusterName, ...]:
    """Return what a name means that the resolver completes with `svc` or a namespace."""
    if all(map(_is_number, labels)):
        return ()
    match labels:
        case [service]:
            return (name(Form.SERVICE, service),)
        case [first, second]:
            return name(Form.SERVICE, first, second), name(Form.SERVICE, second, "", first)
        case [hostname, service, namespace]:
            return (name(Form.SERVICE, service, namespace, hostname),)
        case _:
            return ()


def is_dashed_address(label: str) -> bool:
    """Tell whether a label is an address with dashes instead of dots or colons."""
    return "-" in label and bool(_ADDRESS.fullmatch(label) or (label.count("-") > 4 and _ADDRESS_6.fullmatch(label)))


def is_address_possible(dashed: str) -> bool:
    """Tell whether each part of an IPv4 address with dashes or dots is one; others are not looked at."""
    parts = re.split(r"[-.]", dashed)
    return len(parts) != _DOTTED or not all(map(_is_number, parts)) or all(int(each) <= 255 for each in parts)


@functools.lru_cache(8192)
def illegal_part(host: str) -> tuple[str, str] | None:
    """Return a part of a name that makes it illegal, and why; None without one.

    The first labels of an SRV name begin with an underscore.
    """
    name = host.removesuffix(".")
    if len(name) <= _LONGEST_NAME and _LEGAL.fullmatch(name):
        return None
    if len(name) > _LONGEST_NAME:
        return name, f"has {len(name)} characters, and a name has at most {_LONGEST_NAME}"
    labels = name.split(".")
    if len(labels) > 2 and labels[0][:1] == "_" and labels[1].lower() in _PROTOCOLS:
        labels = labels[2:]
    for label in labels:
        why = _what_is_wrong(label)
        if why:
            return label, why
    return None


def _what_is_wrong(label: str) -> str:
    if not label:
        return "is empty"
    if len(label) > _LONGEST_LABEL:
        return f"has {len(label)} characters, and a label has at most {_LONGEST_LABEL}"
    if _LABEL.fullmatch(label):
        return ""
    return "contains an underscore" if "_" in label else "begins or ends with a dash"


def _is_number(label: str) -> bool:
    return label.isascii() and label.isdecimal()
