"""What is wrong with a configuration of CoreDNS."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.dns_servers import dns_services
from k8snetlint.model.corefile import Corefile, Server, Token, Zone, address_of, covers, parse_corefile
from k8snetlint.model.spelling import typo_distance
from k8snetlint.model.tables.controllers import DNS_NAMESPACE
from k8snetlint.model.tables.coredns import PLUGINS, REMOVED
from k8snetlint.source.similar import closest, distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource

_MAIN = "coredns"
"""The name of the ConfigMap that kubeadm makes."""
_LOOPBACK = ("localhost", "::1")
_USUAL = "cluster.local"
_LETTERS = 2
_ROOT = ("", "*")


class Mistake(NamedTuple):
    """What is wrong, where (None for the whole file), and what was probably meant."""

    message: str
    at: Token | None
    near: str = ""


def mistakes(cluster: Cluster, resource: Resource, text: str) -> Iterator[Mistake]:
    """Yield what is wrong with the Corefile of a ConfigMap."""
    corefile = parse_corefile(text)
    if corefile.error:
        at, why = corefile.error
        yield Mistake(f"the Corefile is not well formed: {why}", at)
        return
    is_main = resource.name == _MAIN and cluster.known_namespace_of(resource) == DNS_NAMESPACE
    addresses = {each.cluster_ip for each in dns_services(cluster) if each.cluster_ip} if is_main else set()
    yield from _same_zones(corefile)
    for server in corefile.servers:
        yield from _plugins(server)
        yield from _circles(server, addresses)
    if is_main:
        yield from _of_kubernetes(corefile, cluster.environment.cluster_domain)
        yield from _of_servers(corefile, cluster)


def _same_zones(corefile: Corefile) -> Iterator[Mistake]:
    seen: dict[tuple[str, int | None], Zone] = {}
    for server in corefile.servers:
        bound = any(server.plugins_named("bind")) or any(server.plugins_named("view"))
        for zone in () if bound else server.zones:
            if seen.setdefault((zone.name, zone.port), zone) is not zone and zone.port:
                what = f"zone {zone.name or '.'} on port {zone.port} is in two server blocks"
                yield Mistake(f"{what}, so CoreDNS does not start with this configuration", zone.at)


def _plugins(server: Server) -> Iterator[Mistake]:
    for name in (each.name for each in server.plugins):
        if name.text in REMOVED:
            instead = REMOVED[name.text]
            message = f"the plugin {name.text} was removed from CoreDNS, which does not start with this configuration"
            yield Mistake(message, name, instead)
        elif name.text not in PLUGINS:
            near = closest(name.text, PLUGINS)
            if near and typo_distance(name.text, near) is not None:
                message = f"CoreDNS has no plugin {name.text}, so it does not start with this configuration"
                yield Mistake(message, name, near)


def _circles(server: Server, addresses: set[str]) -> Iterator[Mistake]:
    if any(server.plugins_named("bind")):
        return
    ports = {each.port for each in server.zones}
    for forward in server.plugins_named("forward"):
        source = forward.arguments[0].text.lower().removesuffix(".") if forward.arguments else ""
        if not covers({each.name for each in server.zones}, source):
            continue
        for target in forward.arguments[1:]:
            address = address_of(target.text)
            if address is None:
                continue
            host, port = address
            if (_is_loopback(host) and port in ports) or (host in addresses and port == 53):
                where = f"{host}:{port}"
                what = "this server itself" if _is_loopback(host) else "the Service of this server"
                yield Mistake(f"forward sends queries to {where}, which is {what}: they go in a circle", target)


def _is_loopback(host: str) -> bool:
    return host in _LOOPBACK or host.startswith("127.")


def _of_kubernetes(corefile: Corefile, domain: str) -> Iterator[Mistake]:
    """Report a cluster whose domain nobody answers for."""
    found = [(server, plugin) for server in corefile.servers for plugin in server.plugins_named("kubernetes")]
    misspelt = any(closest(each.name.text, ("kubernetes",)) for server in corefile.servers for each in server.plugins)
    if not found and not corefile.imports and not misspelt:
        yield Mistake("no server block has the plugin kubernetes, so names of Services do not resolve", None)
    zones = [
        (each.text.lower().removesuffix("."), each)
        for server, plugin in found
        for each in plugin.arguments or [zone.at for zone in server.zones]
        if not each.text.startswith("{")
    ]
    of_servers = (zone.name for server, plugin in found if not plugin.arguments for zone in server.zones)
    names = [*of_servers, *(name for name, _ in zones)]
    if not found or covers(names, domain):
        return
    for name, at in zones:
        if name.endswith(".arpa") or (domain == _USUAL and distance(name, domain, _LETTERS) > _LETTERS):
            continue
        message = f"the kubernetes plugin answers for {name}, not for the cluster's domain {domain}"
        yield Mistake(message, at, domain)
        return


def _of_servers(corefile: Corefile, cluster: Cluster) -> Iterator[Mistake]:
    """Report queries that no server block answers."""
    zones = [zone for server in corefile.servers for zone in server.zones]
    if corefile.imports or not zones:
        return
    if all(zone.name not in _ROOT for zone in zones):
        yield Mistake("no server block is for the root zone, so names outside of the cluster do not resolve", None)
    for service in dns_services(cluster):
        targets = {each.effective_target_port for each in service.ports if each.port == 53}
        numbers = {each for each in targets if isinstance(each, int)}
        listening = {zone.port for zone in zones}
        if numbers and None not in listening and not numbers & listening and len(numbers) == len(targets):
            port = min(numbers)
            yield Mistake(f"no server block is on port {port}, to which Service kube-dns sends queries", None)
