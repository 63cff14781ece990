"""What the API server warns of in how pods choose nodes: old labels, selectors that select nothing.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/pod/warnings.go and
https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/api/node/util.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.source.paths import MapKey
from k8snetlint.validation.affinity import PREFERRED, REQUIRED
from k8snetlint.validation.causes import ApiWarning, server_field
from k8snetlint.validation.names import label_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snetlint.source.paths import FieldPath

_OLD = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
"""Labels of nodes that will be gone, and what the server says of them."""
_NO_SELECTOR = "a null labelSelector results in matching no pod"


def node_selector_warnings(value: dict[str, Any], path: FieldPath) -> Iterator[ApiWarning]:
    """Yield what the server warns of in `nodeSelector`."""
    for key in value:
        if key in _OLD:
            at = (*path, MapKey(key))
            yield ApiWarning(at, f"{server_field(at)}: {_OLD[key]}")


def affinity_warnings(value: dict[str, Any], path: FieldPath) -> Iterator[ApiWarning]:
    """Yield what the server warns of in `affinity`."""
    node = value.get("nodeAffinity") or {}
    at = (*path, "nodeAffinity", REQUIRED, "nodeSelectorTerms")
    for index, each in enumerate((node.get(REQUIRED) or {}).get("nodeSelectorTerms") or ()):
        yield from _term(each or {}, (*at, index), with_values=False)
    for index, each in enumerate(node.get(PREFERRED) or ()):
        preference = (each or {}).get("preference") or {}
        yield from _term(preference, (*path, "nodeAffinity", PREFERRED, index, "preference"), with_values=True)
    for field in ("podAffinity", "podAntiAffinity"):
        terms = value.get(field) or {}
        for index, each in enumerate(terms.get(REQUIRED) or ()):
            yield from _selector(each or {}, (*path, field, REQUIRED, index))
        for index, each in enumerate(terms.get(PREFERRED) or ()):
            term = (each or {}).get("podAffinityTerm") or {}
            yield from _selector(term, (*path, field, PREFERRED, index, "podAffinityTerm"))


def topology_warnings(value: list[Any], path: FieldPath) -> Iterator[ApiWarning]:
    """Yield what the server warns of in `topologySpreadConstraints`."""
    for index, each in enumerate(value):
        constraint = each or {}
        yield from _key(constraint.get("topologyKey"), (*path, index, "topologyKey"))
        yield from _selector(constraint, (*path, index))


def _term(value: dict[str, Any], path: FieldPath, *, with_values: bool) -> Iterator[ApiWarning]:
    for index, each in enumerate(value.get("matchExpressions") or ()):
        at = (*path, "matchExpressions", index)
        yield from _key((each or {}).get("key"), (*at, "key"))
        for number, text in enumerate((each or {}).get("values") or () if with_values else ()):
            for detail in label_value(text or ""):
                here = (*at, "values", number)
                yield ApiWarning(here, f"{server_field(here)}: {text or ''} is invalid, {detail}")


def _key(key: str | None, path: FieldPath) -> Iterator[ApiWarning]:
    if key in _OLD:
        yield ApiWarning(path, f"{server_field(path)}: {key} is {_OLD[key]}")


def _selector(value: dict[str, Any], path: FieldPath) -> Iterator[ApiWarning]:
    if value.get("labelSelector") is None:
        at = (*path, "labelSelector")
        yield ApiWarning(at, f"{server_field(at)}: {_NO_SELECTOR}")
