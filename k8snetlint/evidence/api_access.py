"""Which pods use the Kubernetes API: bindings grant their ServiceAccounts access to it.

Bindings and roles are read again for that, so it is asked only where something depends on it.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snetlint.model.resource import Resource
from k8snetlint.model.values import items, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.model.cluster import Cluster
    from k8snetlint.model.workload import Workload

_GROUP = "rbac.authorization.k8s.io"
_BINDINGS = ("ClusterRoleBinding", "RoleBinding")
_BUILT_IN = frozenset({"admin", "cluster-admin", "edit", "system:auth-delegator", "view"})
"""ClusterRoles of every cluster that are for clients of the API."""

Granted = tuple["str | None", Resource]
"""The namespace of a ServiceAccount, None if it is not written, and the binding that grants it access."""


def has_bindings(cluster: Cluster) -> bool:
    """Tell whether a manifest grants access to the API at all; no file is read for that."""
    answers = cluster.index.answers
    known: bool | None = answers.get(has_bindings)
    if known is None:
        known = any(each.group == _GROUP and each.kind in _BINDINGS for each in cluster.known(Resource))
        answers[has_bindings] = known
    return known


def access_of(cluster: Cluster, workload: Workload) -> Resource | None:
    """Return a binding that grants the pods of a workload access to the API, None if no manifest shows one."""
    account = workload.service_account
    if not account or account == "default" or workload.is_patched_at(*workload.template, "spec", "serviceAccountName"):
        return None
    granted = _granted(cluster).get(account, ())
    # A kustomization changes subjects as it changes namespaces; both are compared as they are written, too.
    namespaces = {cluster.known_namespace_of(workload), (workload.origin or workload).namespace, None}
    workloads = cluster.index.workloads
    bit = workloads.bit_of(workload)
    near = (each for each in granted if each[0] in namespaces)
    together = (each for where, each in near if bit & workloads.same_application(each, named=bool(where)))
    binding = next(together, None)
    return None if binding is None or account in _without_token(cluster) else binding


def _granted(cluster: Cluster) -> dict[str, list[Granted]]:
    """Return the bindings of roles for clients of the API, by the names of ServiceAccounts."""
    answers = cluster.index.answers
    known: dict[str, list[Granted]] | None = answers.get(access_of)
    if known is None:
        known = answers[access_of] = {}
        every = [each for each in cluster.known(Resource) if each.group == _GROUP and not each.patches]
        roles = {_role_key(cluster, each, each.kind, _written_name(each)): each for each in every}
        for binding in every if cluster.definition_of is not None else ():
            if binding.kind in _BINDINGS:
                for namespace, name in _subjects(cluster, binding, roles):
                    known.setdefault(name, []).append((namespace, binding))
    return known


def _role_key(cluster: Cluster, near: Resource, kind: str, name: str) -> tuple[str, str, str | None]:
    """Return what identifies a role: a Role is in the namespace of its bindings."""
    return kind, name, cluster.known_namespace_of(near) if kind == "Role" else ""


def _written_name(resource: Resource) -> str:
    return (resource.origin or resource).name or ""


def _subjects(
    cluster: Cluster, binding: Resource, roles: dict[tuple[str, str, str | None], Resource]
) -> Iterator[tuple[str | None, str]]:
    """Yield the namespaces and names of the ServiceAccounts to which a binding grants access to the API."""
    value = mapping(cluster.definition_of(binding)) if cluster.definition_of is not None else {}
    accounts = [each for each in map(mapping, items(value.get("subjects"))) if each.get("kind") == "ServiceAccount"]
    reference = mapping(value.get("roleRef"))
    kind, role = text(reference.get("kind")) or "", text(reference.get("name")) or ""
    if accounts and _is_for_clients(cluster, roles.get(_role_key(cluster, binding, kind, role)), role):
        yield from ((text(each.get("namespace")), text(each.get("name")) or "") for each in accounts)


def _is_for_clients(cluster: Cluster, role: Resource | None, name: str) -> bool:
    """Tell whether a role is for clients of the API.

    Roles that allow to `use` a policy for pods, or URLs of metrics, do not show that pods call the API.
    """
    if role is None:
        return name in _BUILT_IN
    value = mapping(cluster.definition_of(role)) if cluster.definition_of is not None else {}
    return any(
        each.get("resources") and {*filter(None, map(text, items(each.get("verbs"))))} - {"use"}
        for each in map(mapping, items(value.get("rules")))
    )


def _without_token(cluster: Cluster) -> frozenset[str]:
    """Return the names of the ServiceAccounts whose pods get no token unless they ask for one."""
    answers = cluster.index.answers
    known: frozenset[str] | None = answers.get(_without_token)
    if known is None:
        accounts = (each for each in cluster.known(Resource) if each.kind == "ServiceAccount" and not each.group)
        known = answers[_without_token] = frozenset(
            _written_name(each)
            for each in accounts
            if cluster.definition_of is not None
            and mapping(cluster.definition_of(each)).get("automountServiceAccountToken") is False
        )
    return known
