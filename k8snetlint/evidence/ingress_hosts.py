"""What Ingresses of one host share: regular expressions of ingress-nginx, and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.evidence.ingress_classes import (
    NGINX_PREFIX,
    controller_of,
    is_for_ingress_nginx,
    is_true,
    nginx_annotation,
)
from k8snetlint.model.ingress import Ingress
from k8snetlint.model.tables.ingress_controllers import SEPARATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.ingress import IngressPath

    Group = str | None
    Key = tuple[str | None, str | None, str, str | None]

_ENFORCING = (f"{NGINX_PREFIX}use-regex", f"{NGINX_PREFIX}rewrite-target")
_SHARING = frozenset({"alb.ingress.kubernetes.io/group.name", "nginx.org/mergeable-ingress-type"})
"""Annotations by which Ingresses are merged, in an order that they define."""
_ALL, _WRITTEN = "*", None


def has_regex_paths(cluster: Cluster, host: str | None) -> bool:
    """Tell whether ingress-nginx makes regular expressions of all paths of a host, because of any Ingress."""
    return host in _regex_ingresses(cluster)


def regex_ingress(cluster: Cluster, ingress: Ingress, host: str | None) -> Ingress | None:
    """Return the Ingress because of which the paths of a host in an Ingress are regular expressions, at best itself.

    The annotations `use-regex` and `rewrite-target` count for all paths of a host, whichever Ingress they are in.

    Source: https://github.com/kubernetes/ingress-nginx/blob/main/internal/ingress/controller/template/template.go,
    `enforceRegexModifier`
    """
    by_group = _regex_ingresses(cluster).get(host)
    if by_group is None:
        return None
    if host in _regex_hosts(ingress):
        return ingress
    return next((by_group[group] for group in _groups(cluster, ingress) if group in by_group), None)


def _regex_ingresses(cluster: Cluster) -> dict[str | None, dict[Group, Ingress]]:
    """Return the first Ingress of each group that makes regular expressions, by hosts."""
    answers = cluster.index.answers
    found: dict[str | None, dict[Group, Ingress]] | None = answers.get("regular expressions of hosts")
    if found is None:
        found = answers["regular expressions of hosts"] = {}
        for ingress in cluster.known(Ingress):
            if any(map(ingress.annotations.get, _ENFORCING)) and is_for_ingress_nginx(ingress, cluster):
                for host in _regex_hosts(ingress):
                    by_group = found.setdefault(host, {})
                    for group in _groups(cluster, ingress):
                        by_group.setdefault(group, ingress)
    return found


def _regex_hosts(ingress: Ingress) -> set[str | None]:
    """Return the hosts of which an Ingress makes all paths regular expressions."""
    always = is_true(nginx_annotation(ingress, "use-regex"))
    target = nginx_annotation(ingress, "rewrite-target")
    return {
        each.host
        for each in ingress.rules
        if each.paths and (always or (target and any((path.path or "/") != target for path in each.paths)))
    }


def is_alone_at_its_paths(ingress: Ingress, cluster: Cluster) -> bool:
    """Tell whether an Ingress may not have the same paths as another one.

    It may where an annotation says how they share them, or where each Ingress has an address of its own. An Ingress
    without a class may be one of GKE.
    """
    if is_true(nginx_annotation(ingress, "canary")) or not _SHARING.isdisjoint(ingress.annotations):
        return False
    controller = controller_of(ingress, cluster)
    is_known = bool(controller or ingress.class_name) or is_for_ingress_nginx(ingress, cluster)
    return is_known and controller not in SEPARATE


def same_path_before(
    cluster: Cluster, ingress: Ingress, host: str | None, path: IngressPath
) -> tuple[Ingress, IngressPath] | None:
    """Return the first path that is the same as a path of an Ingress, in this or another one; None if it is the first.

    Paths are the same for one class, host and pathType. Two definitions of one Ingress are alternatives.
    """
    by_group = _first_paths(cluster).get(_key(ingress, host, path), {})
    for group in _groups(cluster, ingress, host=host or ""):
        found = by_group.get(group)
        if found is None or found[1] is path:
            continue
        first = found[0]
        if first is ingress or (first.name, first.namespace) != (ingress.name, ingress.namespace):
            return found
    return None


def _first_paths(cluster: Cluster) -> dict[Key, dict[Group, tuple[Ingress, IngressPath]]]:
    answers = cluster.index.answers
    found: dict[Key, dict[Group, tuple[Ingress, IngressPath]]] | None = answers.get("first paths")
    if found is None:
        found = answers["first paths"] = {}
        alone = (each for each in cluster.known(Ingress) if is_alone_at_its_paths(each, cluster))
        for ingress, rule in ((each, rule) for each in alone for rule in each.rules):
            for path in rule.paths:
                by_group = found.setdefault(_key(ingress, rule.host, path), {})
                for group in _groups(cluster, ingress, host=rule.host or ""):
                    by_group.setdefault(group, (ingress, path))
    return found


def _key(ingress: Ingress, host: str | None, path: IngressPath) -> Key:
    return ingress.class_name, host, path.path or "/", path.path_type


def _groups(cluster: Cluster, ingress: Ingress, *, host: str = "*") -> Iterator[Group]:
    """Yield the groups of Ingresses that are evidently applied to one cluster with an Ingress, and are no alternatives.

    These are all Ingresses of a kustomization, those of one folder, and those whose namespaces are written. Without a
    host, many examples have the same path: those of one file are not alternatives.
    """
    if cluster.applied_together or cluster.environment.whole_cluster:
        yield _ALL
    elif host:
        yield f"folder {ingress.folder}"
        if ingress.namespace:
            yield _WRITTEN
    else:
        yield f"file {ingress.source.name}"
