"""Which Service a backend of an Ingress means, and what it means that there is no such Service.

That it is wrong is said only where the manifests evidently show the Services of the namespace, or where another name is
so near that nothing else can be right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.answers import MISSPELT, OTHER_NAMESPACE, CannotKnow, Match, NoMatch, Suggestion
from k8snetlint.evidence.namespaces import written_namespace
from k8snetlint.model.aspects import NAME, PORTS, ROUTES, SELECTORS
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.namespace import BUILT_IN_NAMESPACES
from k8snetlint.model.spelling import typo_distance
from k8snetlint.source.templates import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import IngressBackend
    from k8snetlint.model.service import Service

_ALWAYS = (("default", "kubernetes"), ("kube-system", "kube-dns"))
"""Services of every cluster."""
_ACTIONS = "alb.ingress.kubernetes.io/actions."
_USE_ANNOTATION = "use-annotation"
"""With this port, the name of a Service is that of an action in an annotation.

Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#actions
"""
_REDIRECTS = (
    "nginx.ingress.kubernetes.io/permanent-redirect",
    "nginx.ingress.kubernetes.io/temporal-redirect",
)
_SUFFIXES = ("-service", "-svc", "service", "svc")
"""What many append to the name of a Service, and others do not."""
_ENOUGH = 2
"""So many other backends find their Services where the manifests contain those of the namespace."""


def is_used(ingress: Ingress, backend: IngressBackend) -> bool:
    """Tell whether requests are sent to the Service of a backend: an annotation may replace it."""
    annotations = ingress.annotations
    if backend.port == _USE_ANNOTATION or (annotations and f"{_ACTIONS}{backend.service_name}" in annotations):
        return False
    return annotations.keys().isdisjoint(_REDIRECTS)


def services_meant(cluster: Cluster, ingress: Ingress, name: str) -> list[Service]:
    """Return the Services of a name that may be in the namespace of an Ingress."""
    answers, key = cluster.index.answers, (services_meant, name, cluster.known_namespace_of(ingress))
    known: list[Service] | None = answers.get(key)
    if known is None:
        names = cluster.index.service_names
        known = answers[key] = list(names.members.of(names.by_name[name] & _within(cluster, ingress)))
    return known


def backend_service(cluster: Cluster, ingress: Ingress, name: str) -> Match[list[Service]] | NoMatch | CannotKnow:
    """Return the Services that a backend of an Ingress may mean, or what it means that no Service matches."""
    found = services_meant(cluster, ingress, name)
    if found:
        return Match(found)
    for why in _unknown(cluster, ingress, name):
        return CannotKnow(why)
    here = _plain_here(cluster, ingress)
    near = _misspelt(cluster, ingress, here, name) or _in_other_namespace(cluster, ingress, name)
    if not near and not cluster.environment.whole_cluster:
        for why in _missing(cluster, ingress, here):
            return CannotKnow(why)
    return NoMatch(near, here.bit_count())


def is_evidently_applied(cluster: Cluster, ingress: Ingress, services: list[Service]) -> bool:
    """Tell whether some Services are all applied with an Ingress, and no variant of them is applied instead."""
    names = cluster.index.service_names
    here = _plain_here(cluster, ingress)
    if any(not here & names.members.bit_of(each) for each in services):
        return False
    if all(each.source is ingress.source for each in services):
        return True
    name, namespace = services[0].name or "", cluster.known_namespace_of(ingress)
    return cluster.index.elsewhere.service(name, namespace) is None


def lacks_port(service: Service, port: int | str) -> bool:
    """Tell whether a Service has ports, all of them are known, and none of them has a number or a name."""
    if service.type == "ExternalName" or not service.ports or not service.knows(NAME, PORTS, SELECTORS):
        return False
    if any(each.port is None or is_placeholder(each.name or "") for each in service.ports):
        return False
    return all(port not in (each.port, each.name) for each in service.ports)


def _within(cluster: Cluster, ingress: Ingress) -> int:
    """Return which Services may be in the namespace of an Ingress."""
    members = cluster.index.service_names.members
    namespace = cluster.known_namespace_of(ingress)
    return members.everything if namespace is None else members.within((namespace,))


def _plain_here(cluster: Cluster, ingress: Ingress) -> int:
    """Return the Services that are evidently applied with an Ingress, in its namespace."""
    names = cluster.index.service_names
    together = names.members.same_application(ingress, named=bool(written_namespace(cluster, ingress)))
    return _within(cluster, ingress) & together & names.seen & names.plain


def _unknown(cluster: Cluster, ingress: Ingress, name: str) -> Iterator[str]:
    """Yield why not even a suggestion would be certain."""
    names, namespace = cluster.index.service_names, cluster.namespace_of(ingress)
    external = cluster.environment.external
    if is_placeholder(name) or is_placeholder(namespace):
        yield "the name or the namespace contains a placeholder"
    if ingress.patched & {NAME, ROUTES}:
        yield "a patch changes the Ingress"
    if f"{namespace}/{name}" in external.services or namespace in external.namespaces:
        yield f"Service {namespace}/{name} is declared external"
    if (namespace, name) in _ALWAYS:
        yield "every cluster has this Service"
    if name in names.unreadable:
        yield f"Service {name} cannot be read"
    if names.unnamed & _within(cluster, ingress):
        yield "the name of a Service contains a placeholder"
    other = cluster.index.elsewhere.service(name, cluster.known_namespace_of(ingress))
    if other:
        yield f"only {other.source.name} has this Service, and it is not applied together with this object"


def _missing(cluster: Cluster, ingress: Ingress, here: int) -> Iterator[str]:
    """Yield why there may be a Service that no manifest shows."""
    namespace = cluster.namespace_of(ingress)
    if not here:
        yield f"the manifests contain no Service in namespace {namespace}"
    if namespace in BUILT_IN_NAMESPACES and namespace != "default":
        yield f"the cluster itself has Services in namespace {namespace}"
    yield from cluster.doubts
    producer = cluster.index.namespace_set_of(ingress).pod_producer
    if producer:
        yield producer
    names = cluster.index.service_names
    in_same_file = here & names.members.by_source[ingress.source]
    if not in_same_file and _resolving(cluster).get(cluster.known_namespace_of(ingress), 0) < _ENOUGH:
        yield "no other backend finds its Service, so the Services of the namespace may be defined elsewhere"


def _resolving(cluster: Cluster) -> dict[str | None, int]:
    """Return how many backends find their Service, by namespaces."""
    answers = cluster.index.answers
    counts: dict[str | None, int] | None = answers.get("resolving backends")
    if counts is None:
        counts = answers["resolving backends"] = {}
        for ingress in cluster.known(Ingress):
            namespace = cluster.known_namespace_of(ingress)
            found = {each.service_name for each in ingress.backends()}
            resolved = sum(bool(services_meant(cluster, ingress, name)) for name in found if name)
            counts[namespace] = counts.get(namespace, 0) + resolved
    return counts


def _misspelt(cluster: Cluster, ingress: Ingress, here: int, name: str) -> Suggestion | None:
    """Return a similar name of a Service; one with another suffix must be in the same folder."""
    names = cluster.index.service_names
    distances = {each: typo_distance(name, each) for each in names.similar(name, here)}
    near = {each: far for each, far in distances.items() if far is not None}
    nearest = [each for each, far in near.items() if far == min(near.values())]
    if not nearest:
        here &= names.members.by_folder[ingress.folder]
        nearest = [each for end in _SUFFIXES for each in _with_other_end(name, end) if here & names.by_name[each]]
    if len(set(nearest)) != 1:
        return None
    service = names.members.first(here & names.by_name[nearest[0]])
    return _suggestion(MISSPELT, name, service, f"Service {service.name}", nearest[0])


def _with_other_end(name: str, end: str) -> Iterator[str]:
    """Yield a name with a suffix, and without it."""
    yield name + end
    if len(name) > len(end) and name.endswith(end):
        yield name.removesuffix(end)


def _in_other_namespace(cluster: Cluster, ingress: Ingress, name: str) -> Suggestion | None:
    """Return the only Service of a name, if it is evidently applied with an Ingress, but in another namespace."""
    names = cluster.index.service_names
    near = names.by_name[name] & names.seen & names.plain
    if not cluster.applied_together:
        near &= names.members.by_folder[ingress.folder]
    if near.bit_count() != 1 or not written_namespace(cluster, ingress):
        return None
    service = names.members.first(near)
    if not written_namespace(cluster, service):
        return None
    label = f"Service {service.name} is in namespace {cluster.namespace_of(service)}"
    return _suggestion(OTHER_NAMESPACE, name, service, label, "")


def _suggestion(kind: str, name: str, service: Service, label: str, replacement: str) -> Suggestion:
    return Suggestion(kind, "name", name, replacement, label, service, service.at("metadata", "name"))
