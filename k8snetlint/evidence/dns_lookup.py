"""Looks up a host name among the Services that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.dns_fates import Fate, UsedName
from k8snetlint.evidence.dns_services import NamedServices, services_by_name
from k8snetlint.evidence.unseen_services import UnseenServices, may_be_service
from k8snetlint.model.dns_names import ClusterName, Form, illegal_part, parse_host
from k8snetlint.model.service import Service
from k8snetlint.model.tables.domains import may_be_public
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.resource import Resource

_NO_SVC = "the name does not say that it is that of a Service"
_RESOLVED_ELSEWHERE = ("Ingress", "Service")
"""Kinds whose names are not resolved by pods of their namespace."""


class Lookup:
    """Looks up names.

    Args:
        cluster: the scope.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._services: NamedServices = services_by_name(cluster)
        self._domains = ("", cluster.environment.cluster_domain)
        self._known: dict[str, UsedName | None] = {}
        self._unseen = UnseenServices(cluster, self._services)

    def name_of(self, resource: Resource, use: DnsUse) -> UsedName | None:
        """Return what becomes of a name, None if it is not a name of the cluster, or nobody knows."""
        meanings = parse_host(use.host)
        if not meanings:
            return None
        name = meanings[0]
        if illegal_part(use.host) and name.domain in self._domains:
            return self._illegal(resource, use, name)
        if name.qualified:
            if name.domain not in self._domains:
                return UsedName(resource, use, name, Fate.OTHER_DOMAIN)
            if name.form is not Form.SERVICE or name.is_address:
                return UsedName(resource, use, name, Fate.POD)
            return self._qualified(resource, use, name)
        used = self._partial(resource, use, meanings) if name.namespace else self._short(resource, use, name)
        return used if use.scheme or use.named or (used and _is_told_by_port(used)) else None

    def _qualified(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName | None:
        """Look up a full name, which means the same wherever it is written."""
        if use.host not in self._known:
            self._known[use.host] = self._in_namespace(resource, use, name)
        known = self._known[use.host]
        return known and known._replace(resource=resource, use=use)

    def settled(self, names: list[UsedName]) -> tuple[UsedName, ...]:
        """Return names; those that are missing are open unless the manifests show Services of their namespace."""
        resolving = {each.namespace for each in names if each.fate is Fate.FOUND}
        return tuple([self._settled(each, resolving) if each.doubt else each for each in names])

    def _settled(self, used: UsedName, resolving: set[str | None]) -> UsedName:
        """Return a name as it is if its file has a Service of its namespace, or another name of it resolves."""
        space = used.namespace
        if used.open or space in resolving or self._unseen.is_in_file(space, used.resource.source):
            return used
        return used._replace(open=used.doubt)

    def _illegal(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName | None:
        """Judge a name that nothing can have; one without `svc` only if a Service is called nearly so."""
        dashed = name.service.replace("_", "-")
        own = name.namespace or self._cluster.known_namespace_of(resource)
        called = self._services.named(dashed, own) if dashed != name.service and own else []
        if not called and not name.qualified:
            return None
        near = _rename(use.host, name, service=dashed) if called else ""
        return UsedName(resource, use, name, Fate.ILLEGAL, tuple(called), near)

    def _in_namespace(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName | None:
        """Look up a name that names its namespace."""
        services, space = self._services, name.namespace
        if not self._cluster.environment.whole_cluster and not services.mentions(name.service, space):
            # Most names are those of other manifests.
            return None
        called = services.named(name.service, space)
        if called:
            return UsedName(resource, use, name, Fate.FOUND, tuple(called))
        if services.may_be_in(name.service, space):
            return None
        swapped = services.named(space, name.service)
        if swapped:
            near = _rename(use.host, name, service=space, namespace=name.service)
            return UsedName(resource, use, name, Fate.SWAPPED, tuple(swapped), near)
        similar = services.similar(name.service, space)
        if similar:
            near = _rename(use.host, name, service=similar)
            return UsedName(resource, use, name, Fate.MISSING, tuple(services.named(similar, space)), near)
        other = services.similar_namespace(name.service, space)
        if other:
            near = _rename(use.host, name, namespace=other)
            found = tuple(services.named(name.service, other))
            return UsedName(resource, use, name, Fate.UNKNOWN_NAMESPACE, found, near)
        return self._elsewhere(resource, use, name)

    def _elsewhere(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName | None:
        """Judge a name that is similar to none that is known."""
        space, whole = name.namespace, self._cluster.environment.whole_cluster
        known = self._services.has_namespace(space)
        if not (whole or known):
            return None
        if not known:
            return UsedName(resource, use, name, Fate.UNKNOWN_NAMESPACE) if name.qualified else None
        others, why = self._services.namespaces_of(name.service), self._unseen.why(name.service, space, short=False)
        if len(others) == 1 and not why:
            near = _rename(use.host, name, namespace=others[0])
            found = tuple(self._services.named(name.service, others[0]))
            return UsedName(resource, use, name, Fate.OTHER_NAMESPACE, found, near)
        return self._missing(resource, use, name, space)

    def _missing(self, resource: Resource, use: DnsUse, name: ClusterName, space: str | None) -> UsedName:
        """Judge the name of a Service that no manifest shows, in a namespace of which they show Services."""
        why = self._unseen.why(name.service, space, short=not name.namespace)
        if why:
            return UsedName(resource, use, name, Fate.MISSING, open=why, own=space)
        typo = None if space is None else self._services.similar_short(name.service, space)
        if typo:
            found, near = tuple(self._services.named(typo, space)), _rename(use.host, name, service=typo)
            return UsedName(resource, use, name, Fate.MISSING, found, near, own=space)
        # A name without `svc` may be that of something else than a Service.
        is_sure = space is not None and (name.qualified or self._cluster.environment.whole_cluster)
        doubt = self._unseen.why_uncounted(space) if space is not None and is_sure else _NO_SVC
        return UsedName(resource, use, name, Fate.MISSING, doubt=doubt, own=space)

    def _partial(self, resource: Resource, use: DnsUse, meanings: tuple[ClusterName, ...]) -> UsedName | None:
        """Look up `web.prod`, or `db-0.db` in the namespace of the client, which may be a host of the internet."""
        name = meanings[0]
        called = self._services.named(name.service, name.namespace)
        if called:
            return UsedName(resource, use, name, Fate.FOUND, tuple(called))
        if resource.kind not in _RESOLVED_ELSEWHERE and len(meanings) > 1:
            own, member = self._cluster.known_namespace_of(resource), meanings[1]
            called = self._services.named(member.service, own) if own else []
            if called:
                return UsedName(resource, use, member._replace(namespace=own or ""), Fate.FOUND, tuple(called))
        is_public = (use.scheme or use.named) and may_be_public(name.namespace)
        if is_public or not self._services.has_namespace(name.namespace):
            return None
        return self._in_namespace(resource, use, name)

    def _short(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName | None:
        """Look up the name of a Service in the namespace of its client."""
        if resource.kind in _RESOLVED_ELSEWHERE or is_placeholder(resource.namespace or ""):
            return None
        services, own = self._services, self._own_namespace(resource)
        if own == "":
            return None
        called = services.named(name.service, own)
        if called:
            return UsedName(resource, use, name, Fate.FOUND, tuple(called), own=own)
        if services.may_be_in(name.service, own):
            return None
        others = services.namespaces_of(name.service) if own is not None else ()
        if len(others) == 1:
            near = f"{name.service}.{others[0]}"
            found = tuple(services.named(name.service, others[0]))
            return UsedName(resource, use, name, Fate.OTHER_NAMESPACE, found, near, own=own)
        similar = self._similar(resource, name, own)
        if similar:
            near = similar[0].name or ""
            return UsedName(resource, use, name, Fate.MISSING, tuple(similar), near, own=own)
        is_shown = services.has_namespace(own) and may_be_service(use, resource)
        return self._missing(resource, use, name, own) if is_shown else None

    def _own_namespace(self, resource: Resource) -> str | None:
        """Return the namespace in which a short name is resolved: that of the pods which read a ConfigMap."""
        own = self._cluster.known_namespace_of(resource)
        if own is not None or resource.kind != "ConfigMap":
            return own
        from k8snetlint.evidence.config_map_users import namespace_of_users  # noqa: PLC0415 - few ConfigMaps are open

        return namespace_of_users(self._cluster, resource)

    def _similar(self, resource: Resource, name: ClusterName, own: str | None) -> list[Resource]:
        """Return the Services of which a short name is a typo."""
        if own is None:
            near = self._services.similar_in_folder(name.service, resource.folder)
            return [near] if near else []
        similar = self._services.similar(name.service, own)
        return self._services.named(similar, own) if similar else []


def _is_told_by_port(used: UsedName) -> bool:
    """Tell whether a word with a port is a name, because the Service that it nearly names has the port."""
    number = used.use.port
    return any(
        number in (port.port, port.effective_target_port)
        for each in used.services
        if isinstance(each, Service)
        for port in each.ports
    )


def _rename(host: str, name: ClusterName, *, service: str = "", namespace: str = "") -> str:
    """Return a host name with another Service or another namespace."""
    labels = host.split(".")
    at = (1 if name.hostname else 0) + (2 if name.port else 0)
    labels[at] = service or labels[at]
    if namespace:
        labels[at + 1] = namespace
    return ".".join(labels)
