"""The apiVersions of old installation manifests of CNI plugins, and the versions whose manifests do without them.

A version is the first one whose manifest, or whose release notes, were read.
"""

from __future__ import annotations

from typing import NamedTuple

_CALICO = "https://github.com/projectcalico/calico"
_FLANNEL = "https://github.com/flannel-io/flannel"
_RBAC = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")


class Mended(NamedTuple):
    """From which version on the manifest of a plugin does without an apiVersion of a kind.

    Attributes:
        instead: the apiVersion that it uses; empty if it does without the object.
    """

    plugin: str
    api_version: str
    kinds: tuple[str, ...]
    since: str
    instead: str
    source: str


MENDED = (
    Mended(
        "calico",
        "apiextensions.k8s.io/v1beta1",
        ("CustomResourceDefinition",),
        "3.15",
        "apiextensions.k8s.io/v1",
        f"{_CALICO}/blob/v3.15.0/_includes/release-notes/v3.15.0-release-notes.md",
    ),
    Mended("calico", "policy/v1beta1", ("PodDisruptionBudget",), "3.25", "policy/v1", f"{_CALICO}/issues/4570"),
    Mended("calico", "policy/v1beta1", ("PodSecurityPolicy",), "3.24", "", f"{_CALICO}/pull/6270"),
    Mended("calico", "extensions/v1beta1", ("DaemonSet", "Deployment"), "3.18", "apps/v1", f"{_CALICO}/tree/v3.18.1"),
    Mended("calico", "apps/v1beta1", ("Deployment",), "3.18", "apps/v1", f"{_CALICO}/tree/v3.18.1"),
    Mended("calico", "rbac.authorization.k8s.io/v1beta1", _RBAC, "3.18", "rbac.authorization.k8s.io/v1", _CALICO),
    Mended("flannel", "extensions/v1beta1", ("DaemonSet",), "0.12", "apps/v1", f"{_FLANNEL}/tree/v0.12.0"),
    Mended(
        "flannel",
        "rbac.authorization.k8s.io/v1beta1",
        _RBAC,
        "0.14",
        "rbac.authorization.k8s.io/v1",
        f"{_FLANNEL}/tree/v0.14.0",
    ),
    Mended("flannel", "policy/v1beta1", ("PodSecurityPolicy",), "0.19.1", "", f"{_FLANNEL}/pull/1586"),
)


def mended(plugin: str, api_version: str, kind: str) -> Mended | None:
    """Return from when on a plugin does without an apiVersion of a kind, None if that is not known."""
    key = ("calico" if plugin == "canal" else plugin, api_version)
    return next((each for each in MENDED if (each.plugin, each.api_version) == key and kind in each.kinds), None)


def without_removed_apis(plugin: str) -> str | None:
    """Return from which version on the manifests of a plugin need no removed API, None if that is not known."""
    versions = [each.since for each in MENDED if each.plugin == ("calico" if plugin == "canal" else plugin)]
    return max(versions, key=lambda version: [int(part) for part in version.split(".")], default=None)
