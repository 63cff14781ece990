"""Facts about a cluster that are not in its manifests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

OLDEST = (1, 25)
NEWEST = (1, 37)

IP_FAMILIES = ("IPv4", "IPv6")

Version = tuple[int, int]
"""A Kubernetes minor version, `(1, 37)`."""

DNS_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
"""A part of a host name."""
_QUOTED = 60
_VERSION = r"v?(\d{1,4})\.(\d{1,4})(?:\.\d+)?(?:[-+].*)?"


def format_version(version: Version) -> str:
    """Return `1.37`."""
    return f"{version[0]}.{version[1]}"


SUPPORTED = f"{format_version(OLDEST)} to {format_version(NEWEST)}"


def parse_version(text: str) -> Version:
    """Read a Kubernetes version: `1.34`, `v1.34.2`.

    Raises:
        ConfigError: not a version, or outside what the shipped schemas cover.
    """
    match = re.fullmatch(_VERSION, text.strip())
    if not match:
        raise ConfigError(f"`{shorten(text)}` is not a Kubernetes version; write one from {SUPPORTED}")
    version = (int(match[1]), int(match[2]))
    if not OLDEST <= version <= NEWEST:
        raise ConfigError(f"Kubernetes {format_version(version)} is not known; supported is {SUPPORTED}")
    return version


def parse_namespace(text: str) -> str:
    """Read the name of a namespace.

    Raises:
        ConfigError: it is not a valid name.
    """
    if not re.fullmatch(DNS_LABEL, text):
        raise ConfigError(f"`{shorten(text)}` is not a namespace's name")
    return text


def shorten(text: str) -> str:
    """Return what an error quotes of a text."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


class NodePorts(NamedTuple):
    """The ports that a cluster gives to Services of type NodePort, `first`..`last`, both included."""

    first: int = 30000
    last: int = 32767

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def parse_node_ports(text: str) -> NodePorts:
    """Read `--service-node-port-range`: `30000-32767`, `30000+2767`, or one port.

    Raises:
        ConfigError: not a range, or outside 1-65535.

    Source: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
    """
    match = re.fullmatch(r"(\d{1,5})(?:([-+])(\d{1,5}))?", text.strip())
    if not match:
        raise ConfigError(f"`{shorten(text)}` is not a port range; write for example 30000-32767")
    first = int(match[1])
    last = first if match[3] is None else int(match[3]) + (first if match[2] == "+" else 0)
    if not 1 <= first <= last <= 65535:
        raise ConfigError(f"`{text}` is not a port range within 1-65535")
    return NodePorts(first, last)


def parse_cidr(text: str) -> str:
    """Read a network: `10.96.0.0/12`, `fd00:10:96::/108`.

    Raises:
        ConfigError: no network in CIDR notation.
    """
    from ipaddress import ip_network  # noqa: PLC0415 - only if one is given

    try:
        if re.fullmatch(r"[^/]+/\d{1,3}", text.strip()):
            return str(ip_network(text.strip()))
    except ValueError:
        pass
    raise ConfigError(f"`{shorten(text)}` is not a CIDR; write for example 10.96.0.0/12")


def parse_cluster_domain(text: str) -> str:
    """Read the domain of the cluster's DNS names: `cluster.local`.

    Raises:
        ConfigError: no domain.
    """
    if len(text) > 253 or not re.fullmatch(rf"{DNS_LABEL}(\.{DNS_LABEL})*", text):
        raise ConfigError(f"`{shorten(text)}` is not a domain; write for example cluster.local")
    return text


def parse_ingress_controller(text: str) -> str:
    """Read which pods serve Ingresses: `ingress-nginx?app.kubernetes.io/name=ingress-nginx`.

    Raises:
        ConfigError: no namespace, or no labels.
    """
    namespace, _, labels = text.strip().partition("?")
    pairs = [each.partition("=") for each in labels.split(",")]
    if not re.fullmatch(DNS_LABEL, namespace) or not all(key and equals for key, equals, _ in pairs):
        example = "ingress-nginx?app.kubernetes.io/name=ingress-nginx"
        raise ConfigError(f"`{shorten(text)}` is not namespace?label=value; write for example {example}")
    return text.strip()


def parse_ip_family(text: str) -> str:
    """Read an IP family.

    Raises:
        ConfigError: none of the two.
    """
    family = next((each for each in IP_FAMILIES if each.lower() == text.strip().lower()), None)
    if family is None:
        raise ConfigError(f"`{shorten(text)}` is not an IP family; use {' or '.join(IP_FAMILIES)}")
    return family


class External(NamedTuple):
    """What exists elsewhere and is never missing: names, `key=value` and `namespace/name`."""

    namespaces: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


class Environment(NamedTuple):
    """Facts about one cluster.

    Attributes:
        versions: the Kubernetes versions to check for, oldest first; a finding that is not true for all names them.
        node_ports: the range of node ports.
        namespace: the namespace of objects that name none; None means it is not given.
        whole_cluster: nothing else is in the cluster than what the manifests show.
        bare: what no manifest shows does not exist, not even pods of a namespace of which none is shown. With this, the
            states before and after a change are compared, to find what the change removes.
        name: the name of the cluster, empty if there is only one.
        service_cidrs: the networks of Services' addresses; none if they are not given.
        ip_families: the cluster's IP families, the first one first; none if they are not given.
        external: what exists although no manifest shows it.
        cni: the CNI plugin, `calico`; empty if it is not given.
        pod_cidrs: the networks of pods' addresses; none if they are not given.
        cluster_domain: the domain of the cluster's DNS names.
        ingress_controllers: the pods that serve Ingresses, `namespace?label=value`; none if they are not given.
    """

    versions: tuple[Version, ...] = (NEWEST,)
    node_ports: NodePorts = NodePorts()
    namespace: str | None = None
    whole_cluster: bool = False
    name: str = ""
    external: External = External()
    service_cidrs: tuple[str, ...] = ()
    ip_families: tuple[str, ...] = ()
    bare: bool = False
    cni: str = ""
    pod_cidrs: tuple[str, ...] = ()
    cluster_domain: str = "cluster.local"
    ingress_controllers: tuple[str, ...] = ()

    def common(self, others: Iterable[Environment]) -> Environment:
        """Return an environment that rejects what others reject as well: node ports, and Services' addresses."""
        every = [self, *others]
        cidrs, families = {each.service_cidrs for each in every}, {each.ip_families for each in every}
        ranges = [each.node_ports for each in every]
        return self._replace(
            node_ports=NodePorts(min(each.first for each in ranges), max(each.last for each in ranges)),
            service_cidrs=self.service_cidrs if len(cidrs) == 1 else (),
            ip_families=self.ip_families if len(families) == 1 else (),
        )
