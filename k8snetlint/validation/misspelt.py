"""What an apiVersion and a kind that no API server serves were probably meant to be.

A custom resource has a group with a dot, in lower case; nobody is accused of a typo whose group may be one. So a group
counts as misspelt only if the kind is Kubernetes' own, or a typo of one, and its group is one that no server can have
or nearly the kind's own.

Sources: `ParseGroupVersion` in https://github.com/kubernetes/apimachinery/blob/v0.37.2/pkg/runtime/schema, the
validation of names in https://github.com/kubernetes/apiextensions-apiserver/tree/v0.37.2/pkg/apis/apiextensions, and
the short names of `kubectl api-resources`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from k8snetlint.source.similar import closest, distance
from k8snetlint.validation.schemas import FOREIGN_KINDS, api_versions_of, groups_by_kind, kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snetlint.model.environment import Version

_SHORT_NAMES = {
    "cj": "CronJob",
    "cm": "ConfigMap",
    "crd": "CustomResourceDefinition",
    "csr": "CertificateSigningRequest",
    "deploy": "Deployment",
    "ds": "DaemonSet",
    "ep": "Endpoints",
    "ev": "Event",
    "hpa": "HorizontalPodAutoscaler",
    "ing": "Ingress",
    "limits": "LimitRange",
    "netpol": "NetworkPolicy",
    "no": "Node",
    "ns": "Namespace",
    "pc": "PriorityClass",
    "pdb": "PodDisruptionBudget",
    "po": "Pod",
    "psp": "PodSecurityPolicy",
    "pv": "PersistentVolume",
    "pvc": "PersistentVolumeClaim",
    "quota": "ResourceQuota",
    "rc": "ReplicationController",
    "rs": "ReplicaSet",
    "sa": "ServiceAccount",
    "sc": "StorageClass",
    "sts": "StatefulSet",
    "svc": "Service",
}
_CORE = "core"
"""What the group without a name is called in conversation."""
_OF_OTHERS = {"audit.k8s.io": "Event", "metacontroller.k8s.io": "ControllerRevision"} | {
    "migration.k8s.io": "StorageVersionMigration"
}
"""Kinds that others have under a name of ours: audit logs, Metacontroller, kube-storage-version-migrator."""
_OURS = "k8s.io"
"""The domain of Kubernetes' own groups, but for those that have none."""
_SUBPROJECTS = "x-k8s.io"
"""Where subprojects of Kubernetes have their custom resources: `scheduling.x-k8s.io`."""
_LONG = 6
"""A kind with so many letters is not similar to another one by chance."""
_VERSION = r"[vV]\d+((?i:alpha|beta)\d+)?"
_CUSTOM = rf"[a-z0-9-]+(\.[a-z0-9-]+)+/{_VERSION}"
"""An apiVersion that a custom resource can have, as people write it."""


class Correction(NamedTuple):
    """What was probably meant.

    Attributes:
        api_version: the apiVersion to write; as it is written, if it is not known.
        kind: the kind to write.
        is_served: Kubernetes serves them; else it is a custom resource.
    """

    api_version: str
    kind: str
    is_served: bool = True


@functools.lru_cache(maxsize=256)
def correction_of(api_version: str, kind: str, version: Version) -> Correction | None:
    """Return what was meant by an apiVersion of a built-in group with a kind that it does not have, None if unknown."""
    known = _known_kind(kind, kinds_of(api_version, version))
    return _served_as(known, api_version, version) if known else None


@functools.lru_cache(maxsize=256)
def typo_of(api_version: str, kind: str, version: Version) -> Correction | None:
    """Return what was meant by an apiVersion of no built-in group, None if it may be that of a custom resource.

    A typo is what no server can have: more than one slash, an upper-case letter, a group without a dot; or a group that
    is nearly the kind's own.
    """
    if kind in FOREIGN_KINDS or kind.endswith("List"):
        return None
    if "/" not in api_version:
        # Kinds that are spelt right are known to be of another group; what is left is often no object at all.
        return _of_core_group(api_version, kind, version)
    group = _cleaned(api_version).rpartition("/")[0]
    if kind in groups_by_kind():
        known: str | None = kind
    else:
        # Most custom resources are of a group that is similar to none of ours, and need no search for kinds.
        known = _known_kind(kind, ()) if "." not in group or _is_near_any(group) else None
    if known is None:
        return None
    if not _is_near(group, known):
        if "." in group:
            return _custom_resource(api_version, kind) if kind == known else None
        if kind != known and not _is_typo_for_sure(kind, known):
            return None
    return _served_as(known, api_version, version) or (_unknown(api_version, kind) if kind == known else None)


def _custom_resource(api_version: str, kind: str) -> Correction | None:
    """Return what was meant by an apiVersion of another domain, None if it can be one as it is."""
    if api_version.count("/") == 1 and api_version == api_version.lower():
        return None
    cleaned = _cleaned(api_version)
    return Correction(cleaned, kind, is_served=False) if re.fullmatch(_CUSTOM, cleaned) else _unknown(api_version, kind)


def _unknown(api_version: str, kind: str) -> Correction:
    """Return that it is wrong, and nobody knows what was meant."""
    return Correction(api_version, kind, is_served=False)


def _of_core_group(api_version: str, kind: str, version: Version) -> Correction | None:
    """Return what was meant by an apiVersion without a group that is not v1: `V1`, `v2`."""
    known = _known_kind(kind, ()) if api_version != "v1" and re.fullmatch(_VERSION, api_version) else None
    return _served_as(known, api_version, version) if known and _is_typo_for_sure(kind, known) else None


def _known_kind(kind: str, candidates: Iterable[str]) -> str | None:
    """Return the kind that a word stands for: itself, in another case, in the plural, abbreviated or misspelt.

    Args:
        kind: the word.
        candidates: kinds that come first.
    """
    every = groups_by_kind()
    if kind in every:
        return kind
    return _by_name().get(kind.lower()) or closest(kind, candidates) or closest(kind, every)


def _is_typo_for_sure(kind: str, known: str) -> bool:
    """Tell whether a word cannot be the name of something else than the kind that it is similar to."""
    lower = kind.lower()
    return lower not in _SHORT_NAMES and (_by_name().get(lower) == known or len(kind) >= _LONG)


@functools.cache
def _by_name() -> dict[str, str]:
    """Return kinds by other names for them, in lower case."""
    kinds = groups_by_kind()
    return {**_SHORT_NAMES, **{_plural(kind): kind for kind in kinds}, **{kind.lower(): kind for kind in kinds}}


def _plural(kind: str) -> str:
    """Return the name of a kind's resource (`UnsafeGuessKindToResource` in apimachinery)."""
    lower = kind.lower()
    if lower.endswith("s"):
        return f"{lower}es"
    return f"{lower[:-1]}ies" if lower.endswith("y") else f"{lower}s"


def _cleaned(api_version: str) -> str:
    """Return an apiVersion in lower case, without what a URL has more: `/apis/apps/v1/` is `apps/v1`."""
    parts = [part for part in api_version.strip().lower().split("/") if part not in ("", "api", "apis")]
    return "/".join(parts[:2])


def _is_near(group: str, kind: str) -> bool:
    """Tell whether a group can only be a typo of one that has a kind."""
    if group.endswith(_SUBPROJECTS) or _OF_OTHERS.get(group) == kind:
        return False
    return any(_typo_distance(group, own) is not None for own in groups_by_kind()[kind])


@functools.lru_cache(maxsize=256)
def _is_near_any(group: str) -> bool:
    """Tell whether a group may be a typo of a built-in one."""
    every = {own for groups in groups_by_kind().values() for own in groups}
    return any(_typo_distance(group, own) is not None for own in every)


def _typo_distance(group: str, own: str) -> int | None:
    """Return how far a group is from the one that a kind has, None if it is no typo of that."""
    name = own or _CORE
    edits = distance(group, name, 2)
    if edits <= 2:
        return edits
    first, _, tail = name.partition(".")
    is_first_wrong = bool(tail) and tail in (group, group.partition(".")[2])
    return 3 if is_first_wrong or group in (_OURS, f"{first}.{_OURS}") else None


def _served_as(kind: str, api_version: str, version: Version) -> Correction | None:
    """Return the apiVersion that serves a kind and is most similar to the written one."""
    cleaned = _cleaned(api_version)
    group, _, name = cleaned.rpartition("/")

    def far(candidate: str) -> tuple[int, bool]:
        own, _, its_name = candidate.rpartition("/")
        edits = 0 if own == group else _typo_distance(group, own)
        return 4 if edits is None else edits, its_name != name

    candidates = api_versions_of(kind, version)
    return Correction(min(candidates, key=far), kind) if candidates else None
