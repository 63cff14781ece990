"""The Services that a scope and the other scopes of its run show, by the names that the DNS gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.services_by_name import ServicesByName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.resource import Resource

ALWAYS_THERE = frozenset({("kubernetes", "default"), ("kube-dns", "kube-system")})
"""Services of every cluster."""


class NamedServices:
    """The Services by their names: those of the run where a namespace is written, those of the scope where it is not.

    Args:
        cluster: the scope.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._external = cluster.environment.external
        self._run = cluster.index.run.service_names
        unwritten = cluster.unplaced_services()
        self._own = ServicesByName((each, cluster.known_namespace_of(each)) for each in unwritten)
        self._unwritten = frozenset(unwritten)
        # Manifests of one folder go to one namespace, even if it is open which one.
        in_open = (each for each in unwritten if cluster.known_namespace_of(each) is None)
        self._by_folder = ServicesByName((each, each.folder) for each in in_open)

    def named(self, name: str, namespace: str | None) -> list[Resource]:
        """Return the Services of a name in a namespace; None is the one that nobody has written."""
        own = self._own.named(name, namespace)
        return own if namespace is None else [*self._run.named(name, namespace), *own]

    def may_be_in(self, name: str, namespace: str | None) -> bool:
        """Tell whether a Service of the name may be in a namespace although no manifest puts it there."""
        if (name, namespace) in ALWAYS_THERE or namespace in self._external.namespaces:
            return True
        if f"{namespace}/{name}" in self._external.services or self._own.named(name, None):
            return True
        if namespace is None:
            external = self._external.namespaces or any(each.endswith(f"/{name}") for each in self._external.services)
            return bool(external) or name in self._run.by_name or name in self._own.by_name
        return any(each not in self._unwritten for each in self._run.named(name, None))

    def mentions(self, name: str, namespace: str) -> bool:
        """Tell whether a Service has the name, or the name of the namespace, or is in the namespace."""
        run, own = self._run.by_name, self._own.by_name
        is_name = name in run or name in own or namespace in run or namespace in own
        return is_name or self.has_namespace(namespace)

    def namespaces_of(self, name: str) -> list[str]:
        """Return the namespaces that have a Service of the name."""
        return list(dict.fromkeys((*self._run.namespaces_of(name), *self._own.namespaces_of(name))))

    def has_namespace(self, namespace: str | None) -> bool:
        """Tell whether a Service of a namespace is known."""
        return namespace in self._run.by_namespace or namespace in self._own.by_namespace

    @property
    def has_placeholder(self) -> bool:
        """Whether the name of a Service is a placeholder."""
        return self._run.has_placeholder

    def similar(self, name: str, namespace: str | None) -> str | None:
        """Return the Service of a namespace of which a name is a typo, None without exactly one."""
        run = self._run.similar(name, namespace) if namespace is not None else ()
        return nearest((*run, *self._own.similar(name, namespace)))

    def similar_short(self, name: str, namespace: str | None) -> str | None:
        """Return the Service with a short name of which a name is a typo, if nothing else explains it, as `similar`."""
        run = self._run.similar_short(name, namespace) if namespace is not None else ()
        return nearest((*run, *self._own.similar_short(name, namespace)))

    def similar_in_folder(self, name: str, folder: str) -> Resource | None:
        """Return the Service of a folder of which a name is a typo; it goes to a namespace that is open."""
        near = nearest(self._by_folder.similar(name, folder)) or nearest(self._by_folder.similar_short(name, folder))
        return self._by_folder.named(near, folder)[0] if near else None

    def every(self) -> Iterator[tuple[str | None, Resource]]:
        """Yield the Services with their namespaces."""
        yield from self._run.every()
        yield from self._own.every()

    def similar_namespace(self, name: str, namespace: str) -> str | None:
        """Return the namespace with a Service of the name of which another one is a typo, None without exactly one."""
        own = self._own.similar_namespaces(name, namespace)
        return nearest((*self._run.similar_namespaces(name, namespace), *own))


def services_by_name(cluster: Cluster) -> NamedServices:
    """Return the Services of a cluster by their names, always the same object."""
    answers = cluster.index.answers
    found: NamedServices | None = answers.get("dns services")
    if found is None:
        found = answers["dns services"] = NamedServices(cluster)
    return found
