"""Which Secret a certificate of an Ingress means, and what it contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.namespaces import written_namespace
from k8snetlint.model.aspects import NAME
from k8snetlint.model.resource import Resource
from k8snetlint.model.spelling import Spellings, typo_distance
from k8snetlint.model.values import mapping

if TYPE_CHECKING:
    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import Ingress

    ByName = dict[tuple[str | None, str], list[Resource]]

_ISSUERS = (
    "cert-manager.io/",
    "acme.cert-manager.io/",
    "certmanager.k8s.io/",
    "kubernetes.io/tls-acme",
    "cert.gardener",
)
"""How annotations begin by which something makes the Secret.

Source: https://cert-manager.io/docs/usage/ingress/
"""
_ELSEWHERE = "projectcontour.io/tls-cert-namespace"
"""With this annotation the Secret is in another namespace."""
_MAKE_SECRETS = frozenset({"Certificate", "ExternalSecret", "ClusterExternalSecret", "VaultStaticSecret", "PushSecret"})
"""Kinds of objects that make Secrets of any name.

Sources: https://cert-manager.io/docs/, https://external-secrets.io/, https://developer.hashicorp.com/vault/docs/
"""


class Secrets:
    """The Secrets of a scope, and what makes Secrets.

    Slots:
        by_name: the Secrets, and all other objects of kinds without a class, by namespace and name.
        spellings: the names of the Secrets, by namespace.
        made: the namespaces in which Secrets of any name may be made; None is any namespace.
    """

    __slots__ = ("by_name", "made", "spellings")

    def __init__(self, cluster: Cluster) -> None:
        self.by_name: ByName = {}
        self.made: set[str | None] = set()
        names: dict[str | None, list[str]] = {}
        for each in cluster.known(Resource):
            namespace, name = cluster.known_namespace_of(each), each.name or ""
            self.by_name.setdefault((namespace, name), []).append(each)
            if is_secret(each) and each.knows(NAME):
                names.setdefault(namespace, []).append(name)
            elif is_secret(each) or each.kind in _MAKE_SECRETS:
                self.made.add(namespace)
        self.spellings = {namespace: Spellings(dict.fromkeys(each)) for namespace, each in names.items()}


def is_secret(resource: Resource) -> bool:
    """Tell whether an object is a Secret."""
    return (resource.group, resource.kind) == ("", "Secret")


def secret_meant(cluster: Cluster, ingress: Ingress, name: str) -> Resource | None:
    """Return the only Secret of a name in the namespace of an Ingress, None without one."""
    found = _secrets(cluster).by_name.get((cluster.known_namespace_of(ingress), name), ())
    return found[0] if len(found) == 1 and is_secret(found[0]) else None


def similar_secret(cluster: Cluster, ingress: Ingress, name: str) -> Resource | None:
    """Return the only Secret of the namespace with nearly a name that nothing has; None if anything may make it."""
    secrets, namespace = _secrets(cluster), cluster.known_namespace_of(ingress)
    if (namespace, name) in secrets.by_name or secrets.made & {namespace, None} or _ELSEWHERE in ingress.annotations:
        return None
    spellings = secrets.spellings.get(namespace)
    if (
        spellings is None
        or not _is_together(cluster, ingress)
        or any(each.startswith(_ISSUERS) for each in ingress.annotations)
    ):
        return None
    near = [each for each in spellings.near(name) if typo_distance(name, each) is not None]
    return secret_meant(cluster, ingress, near[0]) if len(near) == 1 else None


def keys_of(cluster: Cluster, secret: Resource) -> frozenset[str] | None:
    """Return the keys of a Secret, None if they are not known."""
    if cluster.definition_of is None or secret.patches:
        return None
    value = mapping(cluster.definition_of(secret))
    return frozenset(map(str, (*mapping(value.get("data")), *mapping(value.get("stringData")))))


def _is_together(cluster: Cluster, ingress: Ingress) -> bool:
    return cluster.applied_together or bool(written_namespace(cluster, ingress))


def _secrets(cluster: Cluster) -> Secrets:
    answers = cluster.index.answers
    found: Secrets | None = answers.get("secrets")
    if found is None:
        found = answers["secrets"] = Secrets(cluster)
    return found
