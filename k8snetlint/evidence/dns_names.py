"""What becomes of the host names in the manifests of a cluster: each is looked up once, for all rules."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.evidence.dns_services import NamedServices, services_by_name
from k8snetlint.evidence.unseen_services import UnseenServices, may_be_service
from k8snetlint.finding import Part
from k8snetlint.model.aspects import overlap
from k8snetlint.model.dns_names import ClusterName, Form, illegal_part, parse_host
from k8snetlint.model.tables.domains import may_be_public
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place

_NO_SVC = "the name does not say that it is that of a Service"
_RESOLVED_ELSEWHERE = ("Ingress", "Service")
"""Kinds whose names are not resolved by pods of their namespace."""


class Fate(enum.Enum):
    """What becomes of a name.

    FOUND: it is the name of Services that are known.
    MISSING: the namespace has no such Service.
    OTHER_NAMESPACE: one other namespace has it.
    SWAPPED: there is such a Service if the names of Service and namespace are exchanged.
    UNKNOWN_NAMESPACE: no manifest shows the namespace.
    POD: it is the name of a pod by its address.
    OTHER_DOMAIN: another domain than the cluster's follows `svc` or `pod`.
    ILLEGAL: no Service can have the name.
    """

    FOUND = enum.auto()
    MISSING = enum.auto()
    OTHER_NAMESPACE = enum.auto()
    SWAPPED = enum.auto()
    UNKNOWN_NAMESPACE = enum.auto()
    POD = enum.auto()
    OTHER_DOMAIN = enum.auto()
    ILLEGAL = enum.auto()


class UsedName(NamedTuple):
    """A name in a field, and what becomes of it.

    Attributes:
        resource: the object that contains it.
        use: where it is written.
        name: what it means.
        fate: what becomes of it.
        services: the Services that it means, or one that is probably meant.
        near: what to write instead of the name; empty if it is not known.
        open: why it may exist although no manifest shows it; empty if there is no reason.
        doubt: why that is not certain although the manifests show other Services of its namespace; empty if it is.
    """

    resource: Resource
    use: DnsUse
    name: ClusterName
    fate: Fate
    services: tuple[Resource, ...] = ()
    near: str = ""
    open: str = ""
    doubt: str = ""

    @property
    def at(self) -> Place:
        """The field."""
        return self.resource.at(*self.use.path)

    @property
    def within(self) -> Part:
        """The name in the value of the field."""
        return Part(self.use.host, self.use.start)

    @property
    def is_short(self) -> bool:
        """Whether it is the name of a Service alone."""
        return not self.name.namespace


def used_names(cluster: Cluster) -> tuple[UsedName, ...]:
    """Return the names of a cluster that are judged, in the order of the text."""
    answers = cluster.index.answers
    found: tuple[UsedName, ...] | None = answers.get("used names")
    if found is None:
        using = [each for each in cluster.resources if each.dns and each.dns.uses]
        found = answers["used names"] = _look_up(cluster, using) if using else ()
    return found


def _look_up(cluster: Cluster, using: list[Resource]) -> tuple[UsedName, ...]:
    lookup = _Lookup(cluster)
    names = (lookup.name_of(each, use) for each in using for use in _uses(each))
    return lookup.settled([each for each in names if each is not None])


def names_with(cluster: Cluster, fate: Fate) -> Iterator[UsedName]:
    """Yield the names of which the same becomes."""
    return (each for each in used_names(cluster) if each.fate is fate)


def names_of(cluster: Cluster, resource: Resource) -> list[UsedName]:
    """Return the names in one object."""
    answers = cluster.index.answers
    by_resource: dict[Resource, list[UsedName]] | None = answers.get("used names by resource")
    if by_resource is None:
        by_resource = answers["used names by resource"] = {}
        for each in used_names(cluster):
            by_resource.setdefault(each.resource, []).append(each)
    return by_resource.get(resource, [])


def _uses(resource: Resource) -> Iterator[DnsUse]:
    """Yield the names of an object in fields that no patch touches."""
    if resource.dns is None:
        return
    if not resource.patches:
        yield from resource.dns.uses
        return
    touched = [each for patch in resource.patches for each in patch.touched]
    for use in resource.dns.uses:
        path = tuple("*" if isinstance(step, int) else str(step) for step in use.path)
        if not any(overlap(each, path) for each in touched):
            yield use


class _Lookup:
    """Looks up names.

    Args:
        cluster: the scope.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._services: NamedServices = services_by_name(cluster)
        self._domains = ("", cluster.environment.cluster_domain)
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
            return self._in_namespace(resource, use, name)
        if not use.scheme and not use.named:
            return None
        if not name.namespace:
            return self._short(resource, use, name)
        return self._partial(resource, use, meanings)

    def settled(self, names: list[UsedName]) -> tuple[UsedName, ...]:
        """Return names; those that are missing are open unless the manifests show Services of their namespace."""
        resolving = {self._space_of(each) for each in names if each.fate is Fate.FOUND}
        return tuple([self._settled(each, resolving) if each.doubt else each for each in names])

    def _settled(self, used: UsedName, resolving: set[str]) -> UsedName:
        """Return a name as it is if its file has a Service of its namespace, or another name of it resolves."""
        space = self._space_of(used)
        if used.open or space in resolving or self._unseen.is_in_file(space, used.resource.source):
            return used
        return used._replace(open=used.doubt)

    def _space_of(self, used: UsedName) -> str:
        return used.name.namespace or self._cluster.namespace_of(used.resource)

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
        return self._missing(resource, use, name)

    def _missing(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName:
        """Judge the name of a Service that no manifest shows, in a namespace of which they show Services."""
        space, is_short = name.namespace or self._cluster.namespace_of(resource), not name.namespace
        why = self._unseen.why(name.service, space, short=is_short)
        typo = None if why else self._services.similar_short(name.service, space)
        if typo:
            found, near = tuple(self._services.named(typo, space)), _rename(use.host, name, service=typo)
            return UsedName(resource, use, name, Fate.MISSING, found, near)
        # A name without `svc` may be that of something else than a Service.
        whole = self._cluster.environment.whole_cluster
        doubt = self._unseen.why_uncounted(space) if name.qualified or whole else _NO_SVC
        return UsedName(resource, use, name, Fate.MISSING, open=why, doubt=doubt)

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
        if may_be_public(name.namespace) or not self._services.has_namespace(name.namespace):
            return None
        return self._in_namespace(resource, use, name)

    def _short(self, resource: Resource, use: DnsUse, name: ClusterName) -> UsedName | None:
        """Look up the name of a Service in the namespace of its client."""
        if resource.kind in _RESOLVED_ELSEWHERE or is_placeholder(resource.namespace or ""):
            return None
        services, own = self._services, self._cluster.known_namespace_of(resource)
        if own == "":
            return None
        called = services.named(name.service, own)
        if called:
            return UsedName(resource, use, name, Fate.FOUND, tuple(called))
        if own is None or services.may_be_in(name.service, own):
            return None
        others = services.namespaces_of(name.service)
        if len(others) == 1:
            near = f"{name.service}.{others[0]}"
            found = tuple(services.named(name.service, others[0]))
            return UsedName(resource, use, name, Fate.OTHER_NAMESPACE, found, near)
        similar = services.similar(name.service, own)
        if similar:
            return UsedName(resource, use, name, Fate.MISSING, tuple(services.named(similar, own)), similar)
        is_shown = services.has_namespace(own) and may_be_service(use, resource)
        return self._missing(resource, use, name) if is_shown else None


def _rename(host: str, name: ClusterName, *, service: str = "", namespace: str = "") -> str:
    """Return a host name with another Service or another namespace."""
    labels = host.split(".")
    at = (1 if name.hostname else 0) + (2 if name.port else 0)
    labels[at] = service or labels[at]
    if namespace:
        labels[at + 1] = namespace
    return ".".join(labels)
