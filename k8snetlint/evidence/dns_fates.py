"""What becomes of a host name in a manifest."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.finding import Part

if TYPE_CHECKING:
    from k8snetlint.model.dns_names import ClusterName
    from k8snetlint.model.dns_uses import DnsUse
    from k8snetlint.model.resource import Resource
    from k8snetlint.source.document import Place


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
        own: the namespace in which a name without one is looked up; None if it is open.
    """

    resource: Resource
    use: DnsUse
    name: ClusterName
    fate: Fate
    services: tuple[Resource, ...] = ()
    near: str = ""
    open: str = ""
    doubt: str = ""
    own: str | None = ""

    @property
    def at(self) -> Place:
        """The field."""
        return self.resource.at(*self.use.path)

    @property
    def within(self) -> Part:
        """The name in the value of the field."""
        return Part(self.use.host, self.use.start)

    @property
    def namespace(self) -> str | None:
        """The namespace in which the Service is looked up, None if it is open."""
        return self.name.namespace or self.own

    @property
    def is_short(self) -> bool:
        """Whether it is the name of a Service alone."""
        return not self.name.namespace
