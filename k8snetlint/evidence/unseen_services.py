"""Whether a namespace may have a Service that no manifest shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.namespace import BUILT_IN_NAMESPACES
from k8snetlint.model.tables.controllers import OPERATOR_SERVICES
from k8snetlint.model.tables.domains import HOST_SCHEMES, NO_HOSTS

if TYPE_CHECKING:
    from k8snetlint.evidence.dns_services import NamedServices
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Source

_MOST_CLIENTS = 2
"""What more objects than this use, and no manifest shows, exists elsewhere."""
_NEARLY_ALL = 0.9


class UnseenServices:
    """Services that may exist although no manifest shows them.

    Args:
        cluster: the scope.
        services: those that are known.
    """

    def __init__(self, cluster: Cluster, services: NamedServices) -> None:
        self._cluster = cluster
        self._services = services
        self._whole = cluster.environment.whole_cluster
        self._producers: dict[str | None, str] = {}
        self._shares: dict[str, float] = {}
        self._files: dict[Source, set[str | None]] | None = None

    def why(self, name: str, namespace: str | None, *, short: bool) -> str:
        """Return why a Service may exist although nothing in its namespace is similar; empty if there is no reason.

        Args:
            name: its name.
            namespace: its namespace; None if it is open.
            short: objects use its name without the namespace.
        """
        if self._whole:
            return ""
        if name in OPERATOR_SERVICES:
            return f"Service {name} is created by an operator"
        if namespace in BUILT_IN_NAMESPACES and namespace != "default":
            return f"the cluster itself has Services in namespace {namespace}"
        if self._services.has_placeholder:
            return "the name of a Service is a placeholder"
        why = self._cluster.doubts[0] if self._cluster.doubts else self._producer(namespace)
        return why or self._why_elsewhere(name, "" if short else namespace or "")

    def _why_elsewhere(self, name: str, namespace: str) -> str:
        """Return why a Service is probably defined elsewhere; the namespace is as it is written in names."""
        clients = self._cluster.index.run.dns_clients.get(namespace, {}).get(name, ())
        if len(clients) <= _MOST_CLIENTS:
            return ""
        return f"{len(clients)} objects use this name, so Service {name} is probably defined elsewhere"

    def why_uncounted(self, namespace: str) -> str:
        """Return why the manifests may not contain all Services of a namespace, empty if nearly all are there.

        Services of charts and operators are in no manifest. Where the manifests have nine of ten that are named, they
        have all.
        """
        if self._whole:
            return ""
        if namespace not in self._shares:
            asked = self._cluster.index.run.dns_clients.get(namespace, {})
            answered = sum(bool(self._services.named(each, namespace)) for each in asked)
            self._shares[namespace] = answered / len(asked) if asked else 0
        if self._shares[namespace] >= _NEARLY_ALL:
            return ""
        return f"the manifests may not contain all Services of namespace {namespace}"

    def is_in_file(self, namespace: str | None, source: Source) -> bool:
        """Tell whether a file has a Service of a namespace."""
        if self._files is None:
            self._files = {}
            for space, each in self._services.every():
                self._files.setdefault(each.source, set()).add(space)
        return namespace in self._files.get(source, ())

    def _producer(self, namespace: str | None) -> str:
        if namespace not in self._producers:
            index = self._cluster.index
            found = index.known_namespaces.by_name[namespace] if namespace else 0
            chosen = index.namespace_set(found)
            self._producers[namespace] = chosen.unreadable or chosen.pod_producer if found or not namespace else ""
        return self._producers[namespace]


def may_be_service(use: DnsUse, resource: Resource) -> bool:
    """Tell whether a name without a namespace is that of a host, and not evidently of another one than a Service."""
    host, is_own = use.host, use.host == resource.name and use.named and hasattr(resource, "template")
    if is_own or host in NO_HOSTS or not host.islower() or (resource.dns and resource.dns.configured):
        return False
    return use.named or use.scheme in HOST_SCHEMES
