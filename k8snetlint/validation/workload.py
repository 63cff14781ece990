"""Kinds with a pod template, as far as networks are concerned, as the API server validates them, in its order.

Sources: https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/apps/validation/validation.go and, for
templates, https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snetlint.model.selectors import Requirement
from k8snetlint.validation.causes import Causes
from k8snetlint.validation.metadata import metadata, object_annotations
from k8snetlint.validation.names import label, subdomain
from k8snetlint.validation.pod import pod_spec
from k8snetlint.validation.pod_warnings import name_warnings, pod_warnings
from k8snetlint.validation.selectors import labels, selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snetlint.source.paths import FieldPath
    from k8snetlint.validation.causes import ApiWarning
    from k8snetlint.validation.server import Server

TEMPLATE: FieldPath = ("spec", "template")
SELECTOR: FieldPath = ("spec", "selector")
NO_MATCH = "`selector` does not match template `labels`"
USE = "Pod names and hostnames"
"""What becomes of the name of a workload."""
_NOUNS = {"StatefulSet": "statefulset", "DaemonSet": "daemonset"}
_WARNED_NAMES = ("Deployment", "ReplicaSet")
_STATEFUL_SET_NAMES = (1, 27)
"""Before, the name of a StatefulSet could be a subdomain, though none of its pods can."""
_SERVICE_NAMES = (1, 33)
_STATEFUL_SET_TEMPLATES = (1, 34)
"""Before, the server looked at nothing but labels and annotations in the template of a StatefulSet."""


def validate(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add the causes for which the server rejects a Deployment, ReplicaSet, StatefulSet or DaemonSet."""
    kind, spec = value["kind"], value.get("spec") or {}
    is_set = kind == "StatefulSet"
    name = label if is_set and server.version >= _STATEFUL_SET_NAMES else subdomain
    metadata(value, causes, name=name, server=server)
    if is_set and server.version >= _SERVICE_NAMES and spec.get("serviceName"):
        causes.each_invalid(("spec", "serviceName"), spec["serviceName"], label(spec["serviceName"]))
    selected, template = spec.get("selector"), spec.get("template") or {}
    sound = selected is None or not add_selector(selected, causes)
    if selected is None:
        if kind != "DaemonSet":
            causes.required(SELECTOR)
    elif not (selected.get("matchLabels") or selected.get("matchExpressions")):
        noun = _NOUNS.get(kind, "deployment")
        causes.invalid(SELECTOR, as_selector(selected), f"empty selector is invalid for {noun}")
    elif not sound and kind != "DaemonSet":
        causes.invalid(SELECTOR, as_selector(selected), "" if is_set else "invalid label selector")
        return
    written = (template.get("metadata") or {}).get("labels")
    if sound and not fits(selected, written or {}):
        causes.invalid((*TEMPLATE, "metadata", "labels"), as_labels(written), NO_MATCH)
    _template(value, server, causes)


def validate_template(value: dict[str, Any], server: Server, causes: Causes) -> None:
    """Add what is wrong with a template that the server does not come to, because of the selector above it."""
    selected = (value.get("spec") or {}).get("selector")
    # Without causes, the selector has no fault.
    if causes and selected and value["kind"] != "DaemonSet" and add_selector(selected, Causes()):
        _template(value, server, causes)


def warnings(value: dict[str, Any], server: Server) -> Iterator[ApiWarning]:
    """Yield what the server warns of in a workload that it takes."""
    if value["kind"] in _WARNED_NAMES:
        yield from name_warnings(value, server, USE)
    template = (value.get("spec") or {}).get("template") or {}
    yield from pod_warnings(template.get("spec") or {}, (*TEMPLATE, "spec"), server)


def _template(value: dict[str, Any], server: Server, causes: Causes) -> None:
    template = (value.get("spec") or {}).get("template") or {}
    is_set = value["kind"] == "StatefulSet"
    pod_template(
        template,
        TEMPLATE,
        server,
        causes,
        field="spec.template",
        named=not is_set,
        whole=not is_set or server.version >= _STATEFUL_SET_TEMPLATES,
    )


def pod_template(
    value: dict[str, Any],
    path: FieldPath,
    server: Server,
    causes: Causes,
    *,
    field: str,
    named: bool = True,
    whole: bool = True,
) -> None:
    """Check a pod template.

    Args:
        value: the template.
        path: its path.
        server: the API server.
        causes: what is wrong is added here.
        field: how the server names its place; it leaves `metadata` out below it.
        named: its hostname and subdomain are validated.
        whole: its `spec` is validated.
    """
    meta = value.get("metadata")
    if meta:
        labels(meta.get("labels"), (*path, "metadata", "labels"), causes, field=f"{field}.labels")
        path_of_annotations = (*path, "metadata", "annotations")
        object_annotations(meta.get("annotations"), path_of_annotations, causes, field=f"{field}.annotations")
    if whole:
        pod_spec(value.get("spec") or {}, (*path, "spec"), server, causes, named=named)


def add_selector(selected: dict[str, Any], causes: Causes) -> bool:
    """Add what is wrong with a selector, and tell whether anything is; then it cannot be matched."""
    before = len(causes)
    selector(selected, SELECTOR, causes)
    return len(causes) > before


def fits(selected: Mapping[str, Any] | None, written: Mapping[str, str | None]) -> bool:
    """Tell whether a selector matches labels; a missing one matches nothing."""
    if selected is None:
        return False
    for key, text in (selected.get("matchLabels") or {}).items():
        if key not in written or (written[key] or "") != (text or ""):
            return False
    expressions = selected.get("matchExpressions")
    if not expressions:
        return True
    known = {key: text or "" for key, text in written.items()}
    return all(_requirement(each or {}).matches(known) for each in expressions)


def _requirement(value: dict[str, Any]) -> Requirement:
    values = tuple(each or "" for each in value.get("values") or ())
    return Requirement(value.get("key") or "", value.get("operator") or "", values)


def as_labels(value: Mapping[str, str | None] | None) -> dict[str, str] | None:
    """Return labels as the server prints them."""
    return None if value is None else {key: value[key] or "" for key in sorted(value)}


def as_selector(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a selector as the server prints it."""
    printed: dict[str, Any] = {}
    if value.get("matchLabels"):
        printed["matchLabels"] = as_labels(value["matchLabels"])
    if value.get("matchExpressions"):
        printed["matchExpressions"] = [_as_expression(each or {}) for each in value["matchExpressions"]]
    return printed


def _as_expression(value: dict[str, Any]) -> dict[str, Any]:
    printed: dict[str, Any] = {"key": value.get("key") or "", "operator": value.get("operator") or ""}
    if value.get("values"):
        printed["values"] = [each or "" for each in value["values"]]
    return printed
