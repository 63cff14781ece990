"""How an object is written in another apiVersion that is served, where it can mean the same.

Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snetlint.edit.change import ChangeError, apply_changes, nest, rename, set_to
from k8snetlint.finding import Fix
from k8snetlint.source.templates import is_placeholder
from k8snetlint.validation.conformance import conforms
from k8snetlint.validation.schemas import definition_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from k8snetlint.edit.change import Change
    from k8snetlint.model.environment import Version
    from k8snetlint.source.document import Place
    from k8snetlint.source.paths import FieldPath

_SAME = frozenset(
    {
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBinding"),
        ("apiregistration.k8s.io/v1beta1", "APIService"),
        *(("apps/v1beta2", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler"),
        ("batch/v1beta1", "CronJob"),
        ("coordination.k8s.io/v1beta1", "Lease"),
        ("extensions/v1beta1", "NetworkPolicy"),
        ("networking.k8s.io/v1beta1", "IngressClass"),
        ("policy/v1beta1", "PodDisruptionBudget"),
        *(
            ("rbac.authorization.k8s.io/v1beta1", kind)
            for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
        ),
        ("scheduling.k8s.io/v1beta1", "PriorityClass"),
        *(("storage.k8s.io/v1beta1", kind) for kind in ("CSIDriver", "CSIStorageCapacity", "StorageClass")),
    }
)
"""These mean the same in the stable version, with all fields and defaults."""
_OTHER_DEFAULTS = frozenset(
    {
        *(("apps/v1beta1", kind) for kind in ("Deployment", "StatefulSet")),
        *(("extensions/v1beta1", kind) for kind in ("DaemonSet", "Deployment", "ReplicaSet")),
    }
)
"""Their strategy, history and deadline had other defaults, and the selector was that of the template's labels."""


def upgrade_fix(value: dict[str, Any], target: str, version: Version, at: Place) -> Fix | None:
    """Return the fix that writes an object for an apiVersion that is served, None if it would not mean the same.

    Args:
        value: the object.
        target: the apiVersion that serves its kind.
        version: the Kubernetes version that is to read it then.
        at: the object's place.
    """
    # An item of a typed List has no apiVersion of its own.
    known = None if at.root else _further_changes(value, at)
    if known is None or not re.fullmatch("[^/]+/v[12]", target):
        return None
    changes = (set_to(at.to("apiVersion"), target), *known)
    if not fits_after(value, changes, version):
        return None
    return Fix(f"convert it to {target}", changes, safe=(value["apiVersion"], value["kind"]) not in _OTHER_DEFAULTS)


def fits_after(value: dict[str, Any], changes: tuple[Change, ...], version: Version) -> bool:
    """Tell whether the API server can decode an object after changes, as far as the kind's schema is known."""
    try:
        changed = apply_changes(value, changes)
    except ChangeError:
        return False
    group, _, name = changed["apiVersion"].rpartition("/")
    definition = definition_of(group, name, changed["kind"])
    return definition is None or conforms(definition, version)(changed)


def beta_backend_fix(path: FieldPath, key: str, value: dict[str, Any], at: Callable[[FieldPath], Place]) -> Fix | None:
    """Return the fix for a backend that is written as in v1beta1 in an Ingress of v1.

    Args:
        path: the path of the mapping that does not know the key.
        key: its field that is unknown.
        value: the mapping.
        at: gives the place of a field path.
    """
    if key == "backend" and "defaultBackend" not in value:
        place = at((*path, key))
        changes = [*_of_backend(value[key], place), rename(place, "defaultBackend")]
    elif key == "serviceName":
        changes = _of_backend(value, at(path))
    else:
        return None
    known = tuple(change for change in changes if change is not None)
    return Fix("convert the backend to networking.k8s.io/v1", known, safe=True) if len(known) == len(changes) else None


def _further_changes(value: dict[str, Any], at: Place) -> list[Change] | None:
    """Return the changes besides that of the apiVersion, None if they are not known."""
    kind, spec = (value["apiVersion"], value["kind"]), _mapping(value.get("spec"))
    if kind in (("extensions/v1beta1", "Ingress"), ("networking.k8s.io/v1beta1", "Ingress")):
        return _of_ingress(spec, at)
    if kind in _OTHER_DEFAULTS:
        return _of_workload(spec, at)
    if kind not in _SAME:
        return None
    # An empty selector matched no pod in v1beta1, and matches every pod in v1.
    empty = kind[1] == "PodDisruptionBudget" and spec.get("selector") is not None and not any(_selector_values(spec))
    return None if empty else []


def _selector_values(spec: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(_mapping(spec.get("selector")).values())


def _of_workload(spec: dict[str, Any], at: Place) -> list[Change] | None:
    """Return the change that writes the selector which was defaulted."""
    if spec.get("selector"):
        return []
    labels = _mapping(_mapping(_mapping(spec.get("template")).get("metadata")).get("labels"))
    if not labels:
        return None
    return [set_to(at.to("spec", "selector"), {"matchLabels": labels})]


def _of_ingress(spec: dict[str, Any], at: Place) -> list[Change] | None:
    """Return the changes of an Ingress: backends name their Service in another form, and paths need a type."""
    changes: list[Change | None] = []
    if "backend" in spec:
        place = at.to("spec", "backend")
        changes += [*_of_backend(spec["backend"], place), rename(place, "defaultBackend")]
    for number, rule in enumerate(_items(spec.get("rules"))):
        for index, path in enumerate(_items(_mapping(rule.get("http")).get("paths"))):
            place = at.to("spec", "rules", number, "http", "paths", index)
            if path.get("pathType") is None:
                # What v1beta1 defaulted it to (pkg/apis/networking/v1beta1/defaults.go).
                changes.append(set_to(place.to("pathType"), "ImplementationSpecific", after="path"))
            changes += _of_backend(path.get("backend"), place.to("backend"))
    known = [change for change in changes if change is not None]
    return known if len(known) == len(changes) else None


def _of_backend(backend: Any, place: Place) -> list[Change | None]:
    """Return the changes of one backend; None is among them if one is not known."""
    port_by: dict[str, Any]
    match backend:
        case {"serviceName": str(), "servicePort": int() as number, **rest} if not rest:
            port_by = {"number": number}
        case {"serviceName": str(), "servicePort": str() as text, **rest} if not rest and not is_placeholder(text):
            # A quoted number was a name that no port can have.
            port_by = {"number": int(text)} if text.isdecimal() else {"name": text}
        case {"resource": _, **rest} | {"service": dict(), **rest} if not rest:
            return []
        case _:
            return [None]
    name, port = place.to("serviceName"), place.to("servicePort")
    # What is deeper changes first, so the two have their new names when they move.
    return [set_to(port, port_by), rename(port, "port"), rename(name, "name"), nest(place, "service", "name", "port")]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[dict[str, Any]]:
    return [_mapping(each) for each in value] if isinstance(value, list) else []
